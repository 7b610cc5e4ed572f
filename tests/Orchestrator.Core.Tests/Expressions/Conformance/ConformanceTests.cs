namespace Orchestrator.Core.Tests.Expressions.Conformance;

/// <summary>
/// Prometheus's own scripts, from <c>PROMQL_TESTDATA</c> or the shared data. What passed and what is excluded, and why, is printed by
/// running the test assembly with <c>--filter-class "*Conformance*" --output Detailed --show-stdout All</c>.
/// </summary>
public sealed class ConformanceTests(ITestOutputHelper output)
{
    /// <summary>Cases of Prometheus's own scripts that must at least be answered, by file.</summary>
    private static readonly Dictionary<string, int> Least = new(StringComparer.Ordinal)
    {
        ["aggregators.test"] = 124,
        ["at_modifier.test"] = 77,
        ["collision.test"] = 2,
        ["functions.test"] = 251,
        ["histograms.test"] = 83,
        ["literals.test"] = 25,
        ["operators.test"] = 142,
        ["range_queries.test"] = 14,
        ["selectors.test"] = 31,
        ["staleness.test"] = 17,
        ["subquery.test"] = 32,
        ["name_label_dropping.test"] = 30,
        ["trig_functions.test"] = 19,
        ["type_and_unit.test"] = 58,
    };

    [Fact]
    public void Every_case_of_Prometheus_that_is_not_excluded_has_Prometheus_s_answer()
    {
        var wrong = new List<string>();
        var named = Environment.GetEnvironmentVariable("PROMQL_TESTDATA");
        var folder = named is { Length: > 0 } ? named : SharedData.Folder("conformance", "promql");
        var runs = Directory.EnumerateFiles(folder, "*.test").Order(StringComparer.Ordinal).Select(path => (File: Path.GetFileName(path), Run: ScriptRun.Of(path))).ToList();
        foreach (var (file, run) in runs)
        {
            Print(file, run);
            wrong.AddRange(run.Wrong.Select(text => $"{file} {text}"));

            // How many cases a file has is known of the shared files only.
            var least = named is { Length: > 0 } ? 0 : Least.GetValueOrDefault(file);
            wrong.AddRange(run.Passed < least ? [$"{file}: {run.Passed} cases passed, fewer than {least}"] : []);
        }

        output.WriteLine($"all files: {runs.Sum(one => one.Run.Passed)} passed, {runs.Sum(one => one.Run.Wrong.Count)} wrong, {runs.Sum(one => one.Run.Excluded.Count)} excluded");
        Assert.NotEqual(0, runs.Sum(one => one.Run.Passed));
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private void Print(string file, ScriptRun run)
    {
        output.WriteLine($"{file}: {run.Passed} passed, {run.Wrong.Count} wrong, {run.Excluded.Count} excluded");
        foreach (var reason in run.Excluded.GroupBy(excluded => excluded.Reason).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"  {reason.Count()} excluded, {reason.Key}: lines {string.Join(' ', reason.Select(excluded => excluded.Line))}");
        }
    }
}
