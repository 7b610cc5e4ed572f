using Orchestrator.Core.Fixes;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Fixes;

public sealed class BacktestFixesTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    [Fact]
    public void A_finding_has_one_fix_and_the_labels_of_its_budget() =>
        Assert.Equal([(1, 40)], Opened("", "0 2 2 2 0 0"));

    [Fact]
    public void After_a_fix_the_next_one_waits_for_the_cooldown() =>
        // The first ends at 2; the alert of 3 to 6 gets its fix at 5, three minutes after.
        Assert.Equal([(1, 40), (5, 40)], Opened("cooldown: 3m", "0 2 0 2 2 2 2 0"));

    [Fact]
    public void No_more_fixes_than_the_limit_in_a_sliding_period() =>
        Assert.Equal([(1, 40), (3, 40)], Opened("limits: {fixes: 2/hour}", "0 2 0 2 0 2 0"));

    [Fact]
    public void No_more_labels_than_the_limit_in_a_sliding_period() =>
        Assert.Equal([(1, 40)], Opened("limits: {labels: 60/hour}", "0 2 0 2 0 2 0"));

    [Fact]
    public void An_alert_of_the_same_model_that_inhibits_holds_it_back_while_it_fires() =>
        Assert.Equal([(3, 40)], Opened("inhibited_by: [Worse]", "0 2 2 2 0", ("y{model=\"m\"}", "0 2 2 0 0")));

    [Fact]
    public void An_alert_of_another_model_does_not() =>
        Assert.Equal([(1, 40)], Opened("inhibited_by: [Worse]", "0 2 2 2 0", ("y{model=\"n\"}", "0 2 2 0 0")));

    [Fact]
    public void A_rule_in_shadow_opens_nothing() =>
        Assert.Empty(Opened("", "0 2 2", mode: "shadow"));

    [Fact]
    public void Two_backtests_differ_by_alerts_fixes_and_labels()
    {
        var difference = BacktestDifference.Of(Report("", "0 2 2 0 2 0"), Report("cooldown: 1h", "0 2 2 0 2 0"));
        Assert.Equal((0, 0, 0, 1, -40, false), (difference.AlertsAdded.Length, difference.AlertsRemoved.Length, difference.FixesAdded.Length, difference.FixesRemoved.Length, difference.LabelCost, difference.IsNone));
        Assert.True(BacktestDifference.Of(Report("", "0 2 0"), Report("", "0 2 0")).IsNone);
    }

    private static List<(int Minute, int Labels)> Opened(string then, string values, (string Series, string Values)? other = null, string mode = "active") =>
        [.. Report(then, values, other, mode).Fixes.Select(fix => ((int)(fix.At - Start).TotalMinutes, fix.LabelBudget))];

    private static BacktestReport Report(string then, string values, (string Series, string Values)? other = null, string mode = "active")
    {
        var groups = RuleFile.Read("t", $$"""
            groups:
              - name: g
                interval: 1m
                rules:
                  - {alert: Worse, expr: y > 1}
                  - alert: A
                    expr: x > 1
                    mode: {{mode}}
                    then: {workflow: w, dedup: [model], inputs: {label_budget: 40}{{(then.Length > 0 ? ", " + then : "")}}}
            """).Value!.Groups;
        var samples = Samples("x{model=\"m\"}", values).Concat(other is { } one ? Samples(one.Series, one.Values) : []);
        var to = Start.AddMinutes(values.Count(c => c == ' '));
        var tally = new BacktestTally();
        foreach (var evaluated in new Backtest(groups, Start, to).Over(samples))
        {
            tally.Add(evaluated);
        }

        return tally.Report(Start, to);
    }

    private static IEnumerable<LabelledSample> Samples(string series, string values) =>
        new InputSeries(SeriesNotation.Labels(series)!, SeriesNotation.Values(values).Values).Samples(Start, TimeSpan.FromMinutes(1));
}
