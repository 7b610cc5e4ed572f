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
        foreach (var path in Directory.EnumerateFiles(Folder(), "*.test").Order(StringComparer.Ordinal))
        {
            var file = Path.GetFileName(path);
            var run = ScriptRun.Of(path);
            output.WriteLine($"{file}: {run.Passed} passed, {run.Wrong.Count} wrong, {run.Excluded.Count} excluded");
            foreach (var reason in run.Excluded.GroupBy(excluded => excluded.Reason))
            {
                output.WriteLine($"  excluded, {reason.Key}: lines {string.Join(' ', reason.Select(excluded => excluded.Line))}");
            }

            wrong.AddRange(run.Wrong.Select(text => $"{file} {text}"));
            Assert.True(run.Passed >= Least.GetValueOrDefault(file), $"{file}: {run.Passed} cases passed, fewer than {Least.GetValueOrDefault(file)}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static string Folder()
    {
        var named = Environment.GetEnvironmentVariable("PROMQL_TESTDATA");
        return named is { Length: > 0 } ? named : SharedData.Folder("conformance", "promql");
    }
}
