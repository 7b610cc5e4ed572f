using System.Text.Json;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Rules;

public sealed class RuleGroupTests
{
    [Fact]
    public void A_recorded_series_is_seen_by_later_rules_of_the_same_evaluation()
    {
        var timeline = Timeline.Of("- {record: 'y:sum', expr: sum(x), labels: {unit: rows}}\n- {alert: A, expr: 'y:sum > 2'}").Run(1, ("x{a=\"1\"}", "1 1"), ("x{a=\"2\"}", "1 2"));
        Assert.Equal(".F", timeline.States);
        Assert.Equal([(Labels.Of("y:sum", ("unit", "rows")), 2.0), (Labels.Of("y:sum", ("unit", "rows")), 3.0)], Written(timeline, "y:sum"));
    }

    [Fact]
    public void A_recorded_series_is_seen_by_a_selector_that_names_no_series() =>
        Assert.Equal("F", Timeline.Of("- {record: 'y:sum', expr: sum(x)}\n- {alert: A, expr: '{__name__=~\"y:.*\"} > 2'}").Run(0, ("x", "3")).States);

    [Fact]
    public void A_rule_sees_what_later_rules_recorded_only_in_the_next_evaluation() =>
        Assert.Equal(".F", Timeline.Of("- {alert: A, expr: 'y:one > 0'}\n- {record: 'y:one', expr: x}").Run(1, ("x", "1 1")).States);

    [Fact]
    public void A_series_that_is_not_recorded_again_gets_a_stale_marker()
    {
        var timeline = Timeline.Of("- {record: 'y:big', expr: x > 1}").Run(2, ("x", "2 0 0"));
        var samples = timeline.Evaluations.Select(evaluation => evaluation.Samples.Length).ToList();
        Assert.Equal([1, 1, 0], samples);
        Assert.True(timeline.Evaluations[1].Samples[0].Sample.IsStale);
    }

    [Fact]
    public void Alerts_can_be_read_as_series_by_later_rules()
    {
        var timeline = Timeline.Of("- {alert: A, expr: x > 1, for: 1m}\n- {record: 'y:firing', expr: 'ALERTS{alertstate=\"firing\"}'}\n- {record: 'y:since', expr: ALERTS_FOR_STATE}")
            .Run(2, ("x{a=\"b\"}", "0 2 2"));
        Assert.Equal([(Labels.Of("y:firing", ("alertname", "A"), ("alertstate", "firing"), ("a", "b")), 1.0)], Written(timeline, "y:firing"));
        Assert.Equal([60.0, 60.0], Written(timeline, "y:since").Select(sample => sample.Item2));
        var pending = Labels.Of("ALERTS", ("alertname", "A"), ("alertstate", "pending"), ("a", "b"));
        Assert.True(timeline.Evaluations[2].Samples.Single(sample => sample.Labels == pending).Sample.IsStale);
    }

    [Fact]
    public void A_rule_that_cannot_be_evaluated_neither_fires_nor_resolves()
    {
        var timeline = Timeline.Of("- {alert: A, expr: x > on(a) y}").Run(2, ("x{a=\"1\"}", "2 2 2"), ("y{a=\"1\", b=\"1\"}", "1 1 1"), ("y{a=\"1\", b=\"2\"}", "_ 1 stale"));
        Assert.Equal("FFF", timeline.States);
        Assert.Equal([false, true, false], timeline.Evaluations.Select(evaluation => evaluation.State.Rules["A#0"].Health.IsError));
        Assert.Single(timeline.Transitions);
        Assert.Contains(timeline.Evaluations[1].Samples, sample => sample.Labels.Name == "ALERTS");
    }

    [Fact]
    public void An_error_of_one_rule_leaves_the_others_alone() =>
        Assert.Equal("F", Timeline.Of("- {record: 'y:bad', expr: x + on() x}\n- {alert: A, expr: vector(1)}").Run(0, ("x{a=\"1\"}", "1"), ("x{a=\"2\"}", "1")).States);

    [Fact]
    public void Two_results_that_the_rules_labels_make_one_are_an_error()
    {
        var timeline = Timeline.Of("- {alert: A, expr: x > 0, labels: {a: same}}").Run(0, ("x{a=\"1\"}", "1"), ("x{a=\"2\"}", "1"));
        Assert.Equal(".", timeline.States);
        Assert.Equal("two results have the labels {a=\"same\", alertname=\"A\"} after the rule's labels are applied", timeline.Evaluations[0].State.Rules["A#0"].Health.Error);
    }

    [Fact]
    public void More_results_than_the_groups_limit_are_an_error()
    {
        var timeline = Timeline.Of("- {alert: A, expr: x > 0}", "    limit: 1\n").Run(1, ("x{a=\"1\"}", "1 1"), ("x{a=\"2\"}", "0 1"));
        Assert.Equal("FF", timeline.States);
        Assert.Equal("exceeded limit of 1 with 2 results", timeline.Evaluations[1].State.Rules["A#0"].Health.Error);
    }

    [Fact]
    public void The_groups_model_is_a_default_and_its_labels_are_not()
    {
        var timeline = Timeline.Of("- {alert: A, expr: x > 0, labels: {team: b}}", "    model: m\n    labels: {team: a, tier: gold}\n").Run(0, ("x{a=\"1\"}", "1"), ("x{model=\"n\", tier=\"tin\"}", "1"));
        Assert.Equal(
            [Labels.Of([new("a", "1"), new("alertname", "A"), new("model", "m"), new("team", "b"), new("tier", "gold")]), Labels.Of([new("alertname", "A"), new("model", "n"), new("team", "b"), new("tier", "gold")])],
            timeline.Evaluations[0].State.Alerts.Select(alert => alert.Labels));
    }

    [Fact]
    public void Alerts_of_a_rule_that_is_gone_resolve_and_their_series_end()
    {
        var before = Timeline.Of("- {alert: A, expr: x > 0}").Run(0, ("x", "1"));
        var after = Timeline.Of("- {alert: B, expr: x > 5}").Group.Evaluate(before.Evaluations[0].State, SeriesSnapshot.Empty, Timeline.Minute(1));
        Assert.Empty(after.State.Alerts);
        Assert.Equal(("A", TransitionReason.RuleRemoved), (after.Transitions.Single().Rule, after.Transitions.Single().Reason));
        Assert.Equal(2, after.Samples.Count(sample => sample.Sample.IsStale));
    }

    [Fact]
    public void A_new_revision_goes_on_with_the_alerts_of_the_rule_of_the_same_name()
    {
        var before = Timeline.Of("- {alert: A, expr: x > 0, for: 2m}").Run(1, ("x", "3 3"));
        var snapshot = SeriesSnapshot.Of(Timeline.Samples("x", "3 3 3"));
        var after = Timeline.Of("- {record: 'y:x', expr: x}\n- {alert: A, expr: x > 2, for: 2m}").Group.Evaluate(before.Evaluations[1].State, snapshot, Timeline.Minute(2));
        Assert.Equal(AlertState.Firing, after.State.Alerts.Single().State);
    }

    [Fact]
    public void Query_offset_reads_the_past_and_writes_the_present()
    {
        var timeline = Timeline.Of("- {record: 'y:x', expr: x}", "    query_offset: 1m\n").Run(2, ("x", "1 2 3"));
        Assert.Equal([1.0, 2.0], Written(timeline, "y:x").Select(sample => sample.Item2));
        Assert.Equal(Timeline.Minute(1), timeline.Evaluations[1].Samples[0].Sample.Time);
    }

    [Fact]
    public void What_a_slow_group_writes_counts_until_after_its_next_evaluation()
    {
        var group = RuleFile.Read("t", "groups: [{name: g, interval: 6h, rules: [{record: 'y:x', expr: x}]}]").Value!.Groups[0];
        var evaluation = group.Evaluate(RuleGroupState.Empty, SeriesSnapshot.Of(Timeline.Samples("x", "1")), 0);
        Assert.Equal(TimeSpan.FromHours(12).ToMicros(), evaluation.Samples[0].Sample.ValidUntil);
    }

    [Fact]
    public void The_state_has_this_shape()
    {
        var timeline = Timeline.Of("- {alert: A, expr: x > 0, annotations: {summary: s}, measurements: 2}").Run(0, ("x{a=\"b\"}", "1"));
        const string expected = """
            {"Rules":{"A#0":{"Alerts":[{"Labels":{"a":"b","alertname":"A"},"Source":{"a":"b"},"State":"Pending","ActiveAt":0,"Value":1,"Rows":0,"Annotations":{"summary":"s"},"FiredAt":null,"ReleasedAt":null,"Measurements":1,"LastMeasured":0,"IsAbsent":false}],"Written":[{"__name__":"ALERTS","a":"b","alertname":"A","alertstate":"pending"},{"__name__":"ALERTS_FOR_STATE","a":"b","alertname":"A"}],"Health":{"At":0,"Error":null}}}}
            """;
        Assert.Equal(expected, JsonSerializer.Serialize(timeline.Evaluations[0].State));
    }

    private static List<(Labels, double)> Written(Timeline timeline, string name) =>
        [.. timeline.Evaluations.SelectMany(evaluation => evaluation.Samples).Where(sample => sample.Labels.Name == name && !sample.Sample.IsStale).Select(sample => (sample.Labels, sample.Sample.Value))];
}
