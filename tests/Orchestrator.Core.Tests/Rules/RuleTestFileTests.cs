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
        IReadOnlyCollection<RuleFile> rules = ruleFile.Length == 0 ? [] : [RuleFile.Read(ruleFile, Promtool(ruleFile)).Value!];
        Assert.Equal(failures, tests.Run(rules).Failures.Length);
    }

    [Fact]
    public void Promtools_unit_tests_pass()
    {
        var verdict = Read("unittest.yml", Promtool("unittest.yml")).Run([RuleFile.Read("rules.yml", Promtool("rules.yml")).Value!]);
        Assert.Empty(verdict.Failures);
        Assert.Equal(5, verdict.Tests);
    }

    // 1 + 1 a step: at 2m the sum is 3 and the first bucket 2 + 2 * 1; a step back is a reset.
    [Theory]
    [InlineData("{{sum:1 count:2 buckets:[2]}}+{{sum:1 count:1 buckets:[1]}}x2", "2m", "{{sum:3 count:4 buckets:[4] counter_reset_hint:not_reset}}", true)]
    [InlineData("{{sum:1 count:2 buckets:[2]}}+{{sum:1 count:1 buckets:[1]}}x2", "2m", "{{sum:3 count:4 buckets:[5] counter_reset_hint:not_reset}}", false)]
    [InlineData("{{count:5 buckets:[0 5 0]}} {{count:1 offset:1 buckets:[1]}}", "1m", "{{count:1 buckets:[0 1] counter_reset_hint:reset}}", true)]
    [InlineData("{{count:5 buckets:[5]}} _ _ _ _", "4m59s", "{{count:5 buckets:[5]}}", true)]
    [InlineData("{{count:5 buckets:[5]}} stale", "1m", "{{count:5 buckets:[5]}}", false)]
    public void A_native_histogram_can_be_selected_and_compared(string values, string at, string expected, bool passes)
    {
        var tests = Read("t", $$$"""
            tests:
              - input_series: [{series: h, values: '{{{values}}}'}]
                promql_expr_test: [{expr: h, eval_time: {{{at}}}, exp_samples: [{labels: h, histogram: '{{{expected}}}'}]}]
            """);
        Assert.Equal(passes, tests.Run([]).Passed);
    }

    [Fact]
    public void What_computes_with_native_histograms_fails_instead_of_giving_nothing()
    {
        var rules = RuleFile.Read("r", "groups: [{name: g, rules: [{record: y, expr: sum(h)}]}]").Value!;
        const string input = "input_series: [{series: h, values: '{{count:5 buckets:[5]}}'}]";
        var tests = Read("t", $"tests: [{{{input}, promql_expr_test: [{{expr: sum(h), exp_samples: []}}]}}]");
        Assert.Equal("t:1:93: TEST001 test 1: expr sum(h) at 0s; expected: it can be evaluated; got: it computes with native histograms (h), which can only be selected", Assert.Single(tests.Run([]).Failures).ToString());
        Assert.Contains("rule y", Assert.Single(Read("t", $"tests: [{{{input}}}]").Run([rules]).Failures).Text, StringComparison.Ordinal);
    }

    // promtool compares floats with ==, and fuzzily with their neighbours only.
    [Theory]
    [InlineData("NaN", ".nan", false, false)]
    [InlineData("2.9999999999999996", "3", false, false)]
    [InlineData("2.9999999999999996", "3", true, true)]
    [InlineData("2.9999999999999987", "3", true, false)]
    public void Values_are_compared_as_promtool_does(string value, string expected, bool fuzzy, bool passes)
    {
        var text = $"fuzzy_compare: {(fuzzy ? "true" : "false")}\ntests: [{{input_series: [{{series: x, values: '{value}'}}], promql_expr_test: [{{expr: x, exp_samples: [{{labels: x, value: {expected}}}]}}]}}]";
        Assert.Equal(passes, RuleTestFile.Read("t", text).Value?.Run([]).Passed ?? false);
    }

    // Two minutes at steps of 30 s, as the test says, are four; at the default of a minute they would be two.
    [Fact]
    public void A_subquery_without_a_step_takes_the_tests_interval()
    {
        var rules = RuleFile.Read("r", "groups: [{name: g, rules: [{record: y, expr: 'count_over_time(x[2m:])'}]}]").Value!;
        const string text = """
            evaluation_interval: 30s
            tests:
              - input_series: [{series: x, values: 1x10}]
                promql_expr_test:
                  - {expr: 'count_over_time(x[2m:])', eval_time: 3m, exp_samples: [{labels: '{}', value: 4}]}
                  - {expr: y, eval_time: 3m, exp_samples: [{labels: y, value: 4}]}
            """;
        Assert.Empty(Read("t", text).Run([rules]).Failures);
    }

    [Fact]
    public void Templates_see_what_the_test_says_of_the_outside()
    {
        var rules = RuleFile.Read("r", "groups: [{name: g, rules: [{alert: A, expr: x > 1, annotations: {s: '{{ $externalLabels.region }} {{ $externalURL }}{{ pathPrefix }}'}}]}]").Value!;
        const string text = """
            tests:
              - input_series: [{series: x, values: 2}]
                external_labels: {region: eu}
                external_url: https://prometheus.example.org/sub
                alert_rule_test: [{alertname: A, exp_alerts: [{exp_annotations: {s: eu https://prometheus.example.org/sub/sub}}]}]
            """;
        Assert.Empty(Read("t", text).Run([rules]).Failures);
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
}
