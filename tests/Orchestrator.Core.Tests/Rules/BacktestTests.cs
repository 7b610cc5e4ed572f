using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Rules;

public sealed class BacktestTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    // What happens minute by minute in production, on the same samples.
    [Theory]
    [InlineData("- {alert: A, expr: x > 1, for: 2m}", "0 2 2 2 2 0")]
    [InlineData("- {alert: A, expr: x > 5, clear: x < 2, keep_firing_for: 3m}", "6 3 1 3 3 3 7 0")]
    [InlineData("- {record: 'y:x', expr: x * 2}\n- {alert: A, expr: 'y:x > 3 and ALERTS_FOR_STATE or y:x > 3', measurements: 2}", "2 _ 2 0 2 2")]
    public void A_backtest_gives_the_transitions_of_production(string rules, string values)
    {
        var timeline = Timeline.Of(rules).Run(8, ("x", values));
        var backtest = new Backtest([Timeline.Of(rules).Group], Start, Start.AddMinutes(8)).Over(Timeline.Samples("x", values)).ToList();
        Assert.Equal(9, backtest.Count);
        Assert.Equal(timeline.Transitions.Select(Text), backtest.SelectMany(evaluated => evaluated.Evaluation.Transitions).Select(Text));
    }

    // The sample of 2m30s arrives between the instants of the grid: the evaluation of 2m must not see it, whatever looks forward.
    [Fact]
    public void A_sample_is_seen_from_its_own_time_on()
    {
        var group = Timeline.Of("- {alert: A, expr: x offset -1m > 1}").Group;
        var samples = new[] { new LabelledSample(Labels.Of("x"), new Sample(Timeline.Minute(2.5), 2)) };
        var fired = new Backtest([group], Start, Start.AddMinutes(5)).Over(samples).SelectMany(evaluated => evaluated.Evaluation.Transitions).First();
        Assert.Equal(Timeline.Minute(3), fired.At);
    }

    [Fact]
    public void Groups_have_grids_of_their_own_and_keep_the_order_of_the_files()
    {
        var groups = RuleFile.Read("t", "groups: [{name: slow, interval: 2m, rules: [{record: a, expr: 1}]}, {name: fast, interval: 1m, rules: [{record: b, expr: a}]}]").Value!.Groups;
        var backtest = new Backtest(groups, Start.AddSeconds(1), Start.AddMinutes(4));
        Assert.Equal([("fast", 1), ("slow", 2), ("fast", 2), ("fast", 3), ("slow", 4), ("fast", 4)], backtest.Over([]).Select(one => (one.Group.Name, (int)(one.AsOf / Timeline.Minute(1)))));
        Assert.Equal(6, backtest.Evaluations);
    }

    [Fact]
    public void Alerts_are_stretches_and_one_that_still_fires_has_no_end()
    {
        var transitions = Timeline.Of("- {alert: A, expr: x > 1}").Run(4, ("x", "0 2 0 2 2")).Transitions;
        Assert.Equal(
            [(Start.AddMinutes(1), (DateTimeOffset?)Start.AddMinutes(2)), (Start.AddMinutes(3), null)], BacktestAlert.Of(transitions).Select(alert => (alert.FiredAt, alert.ResolvedAt)));
    }

    // Of a span that begins in the middle of a stretch only its end is seen.
    [Fact]
    public void A_stretch_that_began_before_the_first_transition_is_left_out()
    {
        var transitions = Timeline.Of("- {alert: A, expr: x > 1}").Run(4, ("x", "0 2 0 2 2")).Transitions.Where(transition => transition.At > Timeline.Minute(1));
        Assert.Equal(Start.AddMinutes(3), Assert.Single(BacktestAlert.Of(transitions)).FiredAt);
    }

    [Fact]
    public void A_trace_has_value_threshold_and_state_at_every_instant()
    {
        var group = Timeline.Of("- {alert: A, expr: x > 1, for: 1m}").Group;
        var trace = new RuleTrace(group, group.Rules[0]);
        foreach (var evaluated in new Backtest([group], Start, Start.AddMinutes(3)).Over(Timeline.Samples("x{a=\"b\"}", "0 2 3 0")))
        {
            trace.Add(evaluated);
        }

        var line = Assert.Single(trace.ToTraced().Lines);
        Assert.Equal(Labels.Of([new("a", "b")]), line.Labels);
        Assert.Equal(
            [(0.0, 1.0, AlertState.Inactive), (2.0, 1.0, AlertState.Pending), (3.0, 1.0, AlertState.Firing), (0.0, 1.0, AlertState.Inactive)],
            line.Points.Select(point => (point.Value!.Value, point.Threshold!.Value, point.State)));
    }

    private static string Text(AlertTransition transition) => System.Text.Json.JsonSerializer.Serialize(transition);
}
