using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Rules;

/// <summary>Timelines worked out by hand, a letter for each minute: <c>.</c> none, <c>p</c> pending, <c>F</c> firing.</summary>
public sealed class AlertTimelineTests
{
    [Fact]
    public void Without_for_an_alert_fires_at_once_and_resolves_at_once() => Assert.Equal(
        ".FF.F",
        Timeline.Of("- {alert: A, expr: x > 1}").Run(4, ("x", "0 2 2 0 2")).States);

    [Fact]
    public void For_counts_from_the_first_evaluation_that_holds() => Assert.Equal(
        ".ppFF.",
        Timeline.Of("- {alert: A, expr: x > 1, for: 2m}").Run(5, ("x", "0 2 2 2 2 0")).States);

    [Fact]
    public void A_break_starts_for_anew() => Assert.Equal(
        "pp.ppF",
        Timeline.Of("- {alert: A, expr: x > 1, for: 2m}").Run(5, ("x", "2 2 0 2 2 2")).States);

    [Fact]
    public void Keep_firing_for_bridges_breaks_and_starts_anew_after_each() => Assert.Equal(
        "FFFFFFF.",
        Timeline.Of("- {alert: A, expr: x > 1, keep_firing_for: 2m}").Run(7, ("x", "2 0 0 2 2 0 0 0")).States);

    [Fact]
    public void Keep_firing_for_does_not_keep_what_is_only_pending() => Assert.Equal(
        "p.p.",
        Timeline.Of("- {alert: A, expr: x > 1, for: 5m, keep_firing_for: 5m}").Run(3, ("x", "2 0 2 0")).States);

    // Values arrive every third minute and are seen until the look-back ends: only a new sample is a new measurement.
    [Fact]
    public void Measurements_count_samples_and_not_evaluations() => Assert.Equal(
        "pppFFFFF",
        Timeline.Of("- {alert: A, expr: x > 1, measurements: 2}").Run(7, ("x", "2 _ _ 2 _ _ _ _")).States);

    [Fact]
    public void A_measurement_that_does_not_hold_starts_the_count_anew() => Assert.Equal(
        "p.ppF",
        Timeline.Of("- {alert: A, expr: x > 1, measurements: 2}").Run(4, ("x", "2 0 2 _ 2")).States);

    [Fact]
    public void Measurements_and_for_must_both_be_met() => Assert.Equal(
        "ppppF",
        Timeline.Of("- {alert: A, expr: x > 1, measurements: 2, for: 4m}").Run(4, ("x", "2 2 2 2 2")).States);

    [Fact]
    public void Measurements_of_when_are_those_of_its_first_condition() => Assert.Equal(
        "ppppF",
        Timeline.Of("- {alert: A, when: [x > 1, y > 1], measurements: 2}").Run(4, ("x{model=\"m\"}", "2 _ _ _ 2"), ("y{model=\"m\"}", "2 2 2 2 2")).States);

    [Fact]
    public void Clear_keeps_firing_until_it_holds() => Assert.Equal(
        ".FFFF.",
        Timeline.Of("- {alert: A, expr: x > 5, clear: x < 2}").Run(5, ("x", "4 6 4 3 2 1")).States);

    [Fact]
    public void The_condition_wins_over_clear() => Assert.Equal(
        "FF",
        Timeline.Of("- {alert: A, expr: x > 5, clear: x > 0}").Run(1, ("x", "6 6")).States);

    [Fact]
    public void Clear_matches_the_alert_by_its_labels()
    {
        var timeline = Timeline.Of("- {alert: A, expr: x > 5, clear: x < 2}").Run(2, ("x{a=\"1\"}", "6 4 4"), ("x{a=\"2\"}", "6 1 1"));
        Assert.Equal("FFFF", timeline.States);
        var ended = Assert.Single(timeline.Transitions, transition => transition.To == AlertState.Inactive);
        Assert.Equal(("2", TransitionReason.Cleared, Timeline.Minute(1)), (ended.Alert.Labels["a"], ended.Reason, ended.At));
    }

    [Fact]
    public void Clear_then_keep_firing_for() => Assert.Equal(
        "FFFFF.",
        Timeline.Of("- {alert: A, expr: x > 5, clear: x < 2, keep_firing_for: 3m}").Run(5, ("x", "6 3 1 3 3 3")).States);

    // The stale marker at minute 2 hides the series.
    [Theory]
    [InlineData("resolve", "FF...F.")]
    [InlineData("keep", "FFFFFF.")]
    [InlineData("fire", "FFFFFF.")]
    public void Missing_data_does_what_the_rule_says(string noData, string states) => Assert.Equal(
        states,
        Timeline.Of($"- {{alert: A, expr: x > 1, no_data: {noData}}}").Run(6, ("x", "2 2 stale _ _ 2 0")).States);

    [Fact]
    public void Keep_holds_a_pending_alert_where_it_is() => Assert.Equal(
        "pppF",
        Timeline.Of("- {alert: A, expr: x > 1, for: 3m, no_data: keep}").Run(3, ("x", "2 2 stale 2")).States);

    [Fact]
    public void Fire_lets_a_pending_alert_ripen_without_data() => Assert.Equal(
        "pppFF.",
        Timeline.Of("- {alert: A, expr: x > 1, for: 3m, no_data: fire}").Run(5, ("x", "2 2 stale _ _ 0")).States);

    [Fact]
    public void Fire_raises_an_alert_where_there_are_no_series_at_all()
    {
        var timeline = Timeline.Of("- {alert: A, expr: 'x{dataset=\"d\"} > 1', no_data: fire}").Run(3, ("x{dataset=\"d\", model=\"m\"}", "_ _ 0 0"));
        Assert.Equal("FF..", timeline.States);
        Assert.Equal([TransitionReason.NoData, TransitionReason.NoLongerHolds], timeline.Transitions.Select(transition => transition.Reason));
        Assert.Equal(Labels.Of([new("alertname", "A"), new("dataset", "d")]), timeline.Transitions[0].Alert.Labels);
    }

    [Fact]
    public void A_condition_that_is_false_resolves_also_where_missing_data_would_be_kept() => Assert.Equal(
        "F.",
        Timeline.Of("- {alert: A, when: [x > 1, y > 1], no_data: keep}").Run(1, ("x{model=\"m\"}", "2 2"), ("y{model=\"m\"}", "2 0")).States);

    [Fact]
    public void Data_missing_on_the_right_of_and_is_missing_data() => Assert.Equal(
        "FF",
        Timeline.Of("- {alert: A, when: [x > 1, y > 1], no_data: keep}").Run(1, ("x{model=\"m\"}", "2 2"), ("y{model=\"m\"}", "2 stale")).States);

    [Fact]
    public void Samples_measured_on_too_few_rows_do_not_count()
    {
        var few = Timeline.Samples("x{a=\"1\"}", "2 2", rows: 99);
        var enough = Timeline.Samples("x{a=\"2\"}", "2 2", rows: 100);
        var unknown = Timeline.Samples("x{a=\"3\"}", "2 2");
        var timeline = Timeline.Of("- {alert: A, expr: x > 1, min_rows: 100}").Run(1, few.Concat(enough).Concat(unknown));
        Assert.Equal(["2", "3"], timeline.Evaluations[^1].State.Alerts.Select(alert => alert.Labels["a"]));
    }

    [Fact]
    public void A_scalar_that_is_always_there_always_fires() => Assert.Equal("FF", Timeline.Of("- {alert: A, expr: 1}").Run(1).States);

    [Fact]
    public void Transitions_say_why_and_since_when()
    {
        var timeline = Timeline.Of("- {alert: A, expr: x > 1, for: 1m, labels: {severity: 'of {{ $labels.a }}'}, annotations: {summary: '{{ $labels.a }} is {{ $value }}'}}")
            .Run(3, ("x{a=\"b\"}", "2 3 4 0"));
        Assert.Equal("pFF.", timeline.States);
        var labels = Labels.Of([new("alertname", "A"), new("a", "b"), new("severity", "of b")]);
        Assert.Equal(
            [
                ("g", "A", labels, AlertState.Inactive, AlertState.Pending, Timeline.Minute(0), TransitionReason.Holds, 2.0, "b is 2"),
                ("g", "A", labels, AlertState.Pending, AlertState.Firing, Timeline.Minute(1), TransitionReason.Holds, 3.0, "b is 3"),
                ("g", "A", labels, AlertState.Firing, AlertState.Inactive, Timeline.Minute(3), TransitionReason.NoLongerHolds, 4.0, "b is 4"),
            ],
            timeline.Transitions.Select(t => (t.Group, t.Rule, t.Alert.Labels, t.From, t.To, t.At, t.Reason, t.Alert.Value, t.Alert.Annotations["summary"])));
        Assert.All(timeline.Transitions, transition => Assert.Equal(0, transition.Alert.ActiveAt));
    }
}
