using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Rules;

namespace Orchestrator.Core.Tests.Rules;

public sealed class RuleTestFileTests
{
    [Theory]
    [InlineData("digits", 4)]
    [InlineData("forms", 3)]
    [InlineData("cheques", 4)]
    public void The_demos_tests_pass(string name, int count)
    {
        var tests = Read($"{name}.test.yaml", Repository.Text($"rules/{name}.test.yaml"));
        var rules = RuleFile.Read($"{name}.rules.yaml", Repository.Text($"rules/{name}.rules.yaml"));
        Assert.Empty(rules.Diagnostics);
        Assert.Equal([$"{name}.rules.yaml"], tests.ResolvedRuleFiles);
        var verdict = tests.Run([rules.Value!]);
        Assert.Equal(count, verdict.Tests);
        Assert.Empty(verdict.Failures);
    }

    [Theory]
    [InlineData("no-test-group-interval.yml", "", 0)]
    [InlineData("failing.yml", "rules.yml", 4)]
    [InlineData("bad-rules-error-test.yml", "bad-rules-error.yml", 1)]
    public void Promtools_own_tests_get_promtools_verdict(string file, string ruleFile, int failures)
    {
        var tests = Read(file, Promtool(file));
        IEnumerable<RuleFile> rules = ruleFile.Length == 0 ? [] : [RuleFile.Read(ruleFile, Promtool(ruleFile)).Value!];
        Assert.Equal(failures, tests.Run(rules).Failures.Length);
    }

    [Fact]
    public void Promtools_unit_tests_pass_but_for_native_histograms()
    {
        var text = Promtool("unittest.yml");
        var lines = text.Split('\n').ToList();
        var read = RuleTestFile.Read("unittest.yml", text);
        Assert.Equal(6, read.Diagnostics.Length);
        Assert.All(read.Diagnostics, diagnostic => Assert.Equal("TEST009", diagnostic.Code));

        Remove(lines, "      - series: test_histogram");
        Remove(lines, "      - expr: test_histogram");
        var tests = Read("unittest.yml", string.Join('\n', lines));
        var verdict = tests.Run([RuleFile.Read("rules.yml", Promtool("rules.yml")).Value!]);
        Assert.Empty(verdict.Failures);
        Assert.True(verdict.Tests >= 5);
    }

    [Fact]
    public void A_failure_says_what_was_expected_and_what_came()
    {
        var rules = RuleFile.Read("r", "groups: [{name: g, rules: [{alert: A, expr: x > 1, labels: {severity: page}, then: {workflow: w, inputs: {n: '{{ $value }}'}}}]}]").Value!;
        var tests = Read("t", """
            rule_files: [r]
            tests:
              - input_series: [{series: x, values: 2 2}]
                alert_rule_test: [{eval_time: 1m, alertname: A, exp_alerts: [{exp_labels: {severity: mail}}]}]
                promql_expr_test: [{expr: x * 2, eval_time: 1m, exp_samples: [{labels: x, value: 4}]}]
                fix_test: [{eval_time: 1m, alertname: A, exp_fixes: [{workflow: w, inputs: {n: 3}}]}]
            """);
        Assert.Equal(
            [
                "t:4:23: TEST001 test 1: alert A at 1m; expected: {severity=\"mail\"} {}; got: {severity=\"page\"} {}",
                "t:6:16: TEST001 test 1: fixes of A at 1m; expected: w{n=3}; got: w{n=\"2\"}",
                "t:5:24: TEST001 test 1: expr x * 2 at 1m; expected: x 4; got: {} 4",
            ],
            tests.Run([rules]).Failures.Select(failure => failure.ToString()));
    }

    [Theory]
    [InlineData("0+1x2", new double[] { 0, 1, 2 })]
    [InlineData("10-2x3", new double[] { 10, 8, 6, 4 })]
    [InlineData("1x2 3", new double[] { 1, 1, 1, 3 })]
    [InlineData("-1 1e2 .5", new double[] { -1, 100, 0.5 })]
    public void Series_notation_expands(string text, double[] values) => Assert.Equal(values, SeriesNotation.Values(text).Values.Select(value => value!.Value));

    [Fact]
    public void Gaps_are_as_many_as_written()
    {
        Assert.Equal([1, null, null, null, 2, null], SeriesNotation.Values("1 _x3 2 _").Values);
        Assert.Equal("1y2", SeriesNotation.Values("1 1y2").Problem);
    }

    private static RuleTestFile Read(string path, string text)
    {
        var read = RuleTestFile.Read(path, text);
        Assert.Equal([], read.Diagnostics.Where(diagnostic => diagnostic.Severity == Severity.Error).Select(diagnostic => diagnostic.ToString()));
        return read.Value!;
    }

    private static string Promtool(string name) => File.ReadAllText(SharedData.File("..", "conformance", "promtool", name));

    /// <summary>Removes the items that start so, up to the blank line behind each.</summary>
    private static void Remove(List<string> lines, string start)
    {
        while (lines.FindIndex(line => line.StartsWith(start, StringComparison.Ordinal)) is var first and >= 0)
        {
            lines.RemoveRange(first, lines.FindIndex(first, line => line.Length == 0) - first);
        }
    }
}
