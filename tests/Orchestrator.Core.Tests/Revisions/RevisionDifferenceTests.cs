using Orchestrator.Core.Revisions.Difference;

namespace Orchestrator.Core.Tests.Revisions;

public sealed class RevisionDifferenceTests
{
    [Theory]
    [InlineData("digits.rules.yaml", "data_label_error_ratio{dataset=\"digits-train\"} > 0.05", "data_label_error_ratio{dataset=\"digits-train\"} > 0.06",
        "digits.rules.yaml:8: ~ rule LabelErrors (group digits): when: threshold of data_label_error_ratio{dataset=\"digits-train\"}: 0.05 → 0.06")]
    [InlineData("digits.rules.yaml", "data_rows{dataset=\"digits-train\"} >= 200", "data_rows{dataset=\"digits-pool\"} > 300",
        "digits.rules.yaml:9: ~ rule LabelErrors (group digits): when[1]: operator: >= → >\n"
        + "digits.rules.yaml:9: ~ rule LabelErrors (group digits): when[1]: label dataset of data_rows: =\"digits-train\" → =\"digits-pool\"\n"
        + "digits.rules.yaml:9: ~ rule LabelErrors (group digits): when[1]: threshold of data_rows{dataset=\"digits-pool\"}: 200 → 300")]
    [InlineData("digits.rules.yaml", "measurements: 2", "measurements: 3", "digits.rules.yaml:11: ~ rule LabelErrors (group digits): measurements: 2 → 3")]
    [InlineData("digits.rules.yaml", "        measurements: 2\n", "        for: 1h\n",
        "digits.rules.yaml:6: ~ rule LabelErrors (group digits): measurements: 2 → 1\ndigits.rules.yaml:11: ~ rule LabelErrors (group digits): for: 0s → 1h")]
    [InlineData("digits.rules.yaml", "severity: warning", "severity: critical", "digits.rules.yaml:12: ~ rule LabelErrors (group digits): labels.severity: warning → critical")]
    [InlineData("digits.rules.yaml", "label_budget: 225", "label_budget: 300", "digits.rules.yaml:20: ~ rule LabelErrors (group digits): then.inputs.label_budget: 225 → 300")]
    [InlineData("digits.rules.yaml", "cooldown: 24h", "cooldown: 1d\n          limits: {fixes: 2/day}", "digits.rules.yaml:25: + rule LabelErrors (group digits): then.limits.fixes: 2/day")]
    [InlineData("digits.rules.yaml", "interval: 1h", "interval: 2h", "digits.rules.yaml:3: ~ group digits: interval: 1h → 2h")]
    [InlineData("digits.model.yaml", "min_gain: 0.005", "min_gain: 0.05", "digits.model.yaml:7: ~ model digits: gate.min_gain: 0.005 → 0.05")]
    [InlineData("digits.monitor.yaml", "window: 1d", "window: 7d", "digits.monitor.yaml:14: ~ monitor digits: datasets.digits-production.window: 1d → 1w")]
    [InlineData("digits.monitor.yaml", "every: 6h", "every: 12h", "digits.monitor.yaml:3: ~ monitor digits: every: 6h → 12h")]
    public void A_change_is_told_by_what_it_means(string path, string text, string replacement, string expected)
    {
        var after = Demo.Files();
        Assert.Contains(text, after[path], StringComparison.Ordinal);
        after[path] = after[path].Replace(text, replacement, StringComparison.Ordinal);

        var difference = RevisionDifference.Between(Demo.Files(), after);

        Assert.Equal(expected.Split('\n'), difference.Changes.Select(change => change.ToString()));
        Assert.Empty(difference.FormattingOnly);
    }

    [Theory]
    [InlineData("digits.rules.yaml", "expires: 3d", "expires:   72h  # three days")]
    [InlineData("digits.rules.yaml", "        owner: vision-team\n", "        mode: active\n        owner: \"vision-team\"\n")]
    [InlineData("digits.rules.yaml", "model_accuracy{dataset=\"digits-production\"} > 0.93", "(model_accuracy{ dataset='digits-production' }) > 0.930")]
    [InlineData("digits.rules.yaml", "{model: digits, dataset: \"{{ $labels.dataset }}\", label_budget: 225}", "{label_budget: 225, model: digits, dataset: '{{ $labels.dataset }}'}")]
    [InlineData("digits.model.yaml", "{runner: mlnet, dataset: digits-train, parameters: {trainer: linear}}", "\n  dataset: digits-train\n  runner: mlnet\n  parameters:\n    trainer: linear")]
    [InlineData("workflows/notify.json", "\"displayName\": \"Message\"", "\"displayName\": \"What is said\"")]
    public void What_only_looks_otherwise_is_called_formatting(string path, string text, string replacement)
    {
        var after = Demo.Files();
        Assert.Contains(text, after[path], StringComparison.Ordinal);
        after[path] = after[path].Replace(text, replacement, StringComparison.Ordinal);

        var difference = RevisionDifference.Between(Demo.Files(), after);

        Assert.Empty(difference.Changes.Select(change => change.ToString()));
        Assert.Equal([path], difference.FormattingOnly);
    }

    [Fact]
    public void Windows_groupings_and_whole_expressions_are_told_apart()
    {
        static Dictionary<string, string> Of(string expr) => new() { ["a.rules.yaml"] = $"groups: [{{name: g, rules: [{{record: r, expr: '{expr}'}}]}}]" };
        static string Told(string before, string after) => string.Join('|', RevisionDifference.Between(Of(before), Of(after)).Changes.Select(change => $"{change.Aspect}: {change.Before} → {change.After}"));

        Assert.Equal("window of x: 1d → 1w", Told("avg_over_time(x[1d]) - x", "avg_over_time(x[7d]) - x"));
        Assert.Equal("grouping of sum: by (a) → by (a, b)", Told("sum by (a) (x)", "sum by (b, a) (x)"));
        Assert.Equal("", Told("sum by (a, b) (x)", "sum by (b, a) (x)"));
        Assert.Equal("aggregation: sum → max", Told("sum(x)", "max(x)"));
        Assert.Equal("series: x → y", Told("x > 1", "y > 1"));
        Assert.Equal("time of x: now → offset 1d", Told("x > 1", "x offset 1d > 1"));
        Assert.Equal("how and matches: all labels → on (a)", Told("x and y", "x and on (a) y"));
        Assert.Equal(": x > 1 → rate(x[5m]) > 1", Told("x > 1", "rate(x[5m]) > 1"));
        Assert.Equal("number: 2 → 3", Told("x * 2", "x * 3"));
    }

    [Fact]
    public void What_comes_and_goes_is_told_as_a_whole_and_moving_a_rule_to_another_file_is_no_change()
    {
        var before = new Dictionary<string, string>
        {
            ["a.rules.yaml"] = "groups:\n  - name: g\n    rules:\n      - {alert: One, expr: a > 1}\n      - {alert: Two, expr: a > 2}\n",
            ["m.model.yaml"] = "model: m\ntask: regression\n",
        };
        var after = new Dictionary<string, string>
        {
            ["b.rules.yaml"] = "groups:\n  - name: g\n    rules:\n      - {alert: Two, expr: a > 2}\n      - {alert: Three, expr: a > 3}\n",
        };

        Assert.Equal(
            ["a.rules.yaml:4: - rule One (group g)", "b.rules.yaml:5: + rule Three (group g)", "m.model.yaml:1: - model m"],
            RevisionDifference.Between(before, after).Changes.Select(change => change.ToString()));
    }

    [Fact]
    public void Changes_of_a_workflow_are_told_by_activity()
    {
        static Dictionary<string, string> Of(string dataset) => new()
        {
            ["workflows/w.json"] = $$$$"""
                {"definitionId": "w", "name": "w", "version": 1, "root": {"id": "root", "type": "Elsa.Sequence", "version": 1, "activities": [
                  {"id": "rebuild", "type": "Orchestrator.RebuildDataset", "version": 1,
                   "dataset": {"typeName": "String", "expression": {"type": "Literal", "value": "{{{{dataset}}}}"}}}]}}
                """,
        };
        var change = Assert.Single(RevisionDifference.Between(Of("a"), Of("b")).Changes);
        Assert.Equal(("workflow w", "\"a\"", "\"b\""), (change.Subject, change.Before, change.After));
        Assert.Contains("[rebuild]", change.Field, StringComparison.Ordinal);
    }
}
