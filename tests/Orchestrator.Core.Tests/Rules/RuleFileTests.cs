using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Rules;

public sealed class RuleFileTests
{
    private const string Full = """
        groups:
          - name: digits
            interval: 30s
            model: digits
            lookback: 1h
            on_data: false
            rules:
              - alert: LabelErrors
                when:
                  - data_label_error_ratio{dataset="digits-train"} > 0.02
                  - data_rows{dataset="digits-train"} >= 200
                for: 1h30m
                measurements: 2
                keep_firing_for: 30m
                labels: {severity: warning}
                annotations: {summary: "{{ $value | humanizePercentage }} wrong"}
                clear: data_label_error_ratio{dataset="digits-train"} < 0.01
                no_data: keep
                min_rows: 200
                owner: vision-team
                mode: shadow
                then:
                  workflow: relabel-rebuild-retrain
                  inputs: {dataset: "{{ $labels.dataset }}", label_budget: 180, deep: {list: ["{{ $value }}", true]}}
                  approval: required
                  patch_approval: auto
                  approvers: [ml-leads]
                  expires: 3d
                  dedup: [model]
                  cooldown: 24h
                  limits: {fixes: 2/day, labels: 500/week, max_rows_per_fix: 10%}
                  inhibited_by: [BadDeployment]
                  verify: {expr: model_accuracy > 0.93, within: 2h, min_rows: 100, otherwise: compensate}
              - record: model:f1:drop_7d
                expr: max_over_time(model_f1[7d]) - model_f1
        """;

    [Fact]
    public void An_alerting_rule_is_read_with_all_its_fields()
    {
        var read = RuleFile.Read("x", Full);
        Assert.Empty(read.Diagnostics);
        var group = read.Value!.Groups.Single();
        Assert.Equal((TimeSpan.FromSeconds(30), "digits", TimeSpan.FromHours(1), false), (group.Interval, group.Model, group.Lookback, group.OnData));
        var rule = Assert.IsType<Rule.Alerting>(group.Rules[0]);
        Assert.Equal((TimeSpan.FromMinutes(90), 2, TimeSpan.FromMinutes(30), NoData.Keep, 200, "vision-team", RuleMode.Shadow), (rule.For, rule.Measurements, rule.KeepFiringFor, rule.NoData, rule.MinRows, rule.Owner, rule.Mode));
        Assert.Equal("{{ $value | humanizePercentage }} wrong", rule.Annotations["summary"].Text);
        Assert.Equal("data_label_error_ratio{dataset=\"digits-train\"} < 0.01", rule.Clear!.Text);
        var recording = Assert.IsType<Rule.Recording>(group.Rules[1]);
        Assert.Equal(("model:f1:drop_7d", "max_over_time(model_f1[1w]) - model_f1"), (recording.Name, recording.Expression.Root.ToString()));
    }

    [Fact]
    public void When_stands_for_and_on_model_narrowed_to_the_groups_model() => Assert.Equal(
        "data_label_error_ratio{dataset=\"digits-train\",model=\"digits\"} > 0.02 and on (model) data_rows{dataset=\"digits-train\",model=\"digits\"} >= 200",
        RuleFile.Read("x", Full).Value!.Groups[0].Rules[0].Expression.Text);

    [Theory]
    [InlineData("[a > 1, b > 1]", "a > 1 and on (model) b > 1")]
    [InlineData("[a > 1 or b > 1, c > 1, d > 1]", "(a > 1 or b > 1) and on (model) c > 1 and on (model) d > 1")]
    [InlineData("[a > 1, b unless c]", "a > 1 and on (model) (b unless c)")]
    [InlineData("a > 1", "a > 1")]
    [InlineData("[a > 1]", "a > 1")]
    public void Conditions_are_joined_in_their_order(string when, string promql) =>
        Assert.Equal(promql, RuleFile.Read("x", $"groups: [{{name: g, rules: [{{alert: A, when: {when}}}]}}]").Value!.Groups[0].Rules[0].Expression.Text);

    [Fact]
    public void Then_is_read_with_all_its_fields()
    {
        var then = ((Rule.Alerting)RuleFile.Read("x", Full).Value!.Groups[0].Rules[0]).Then!;
        Assert.Equal(("relabel-rebuild-retrain", FixApproval.Required, TimeSpan.FromDays(3), TimeSpan.FromHours(24)), (then.Workflow, then.Approval, then.Expires, then.Cooldown));
        Assert.Equal(new FixBounds(new Budget(2, TimeSpan.FromDays(1)), new Budget(500, TimeSpan.FromDays(7)), 0.1, null), then.Limits);
        Assert.Equal(["ml-leads", "model", "BadDeployment"], [.. then.Approvers, .. then.Dedup, .. then.InhibitedBy]);
        var verify = then.Verify!;
        Assert.Equal(("model_accuracy > 0.93", TimeSpan.FromHours(2), 100, WhenNotVerified.Compensate), (verify.Expression.Text, verify.Within, verify.MinRows, verify.Otherwise));
    }

    [Fact]
    public void Inputs_are_rendered_for_an_alert()
    {
        var then = ((Rule.Alerting)RuleFile.Read("x", Full).Value!.Groups[0].Rules[0]).Then!;
        var labels = Labels.Of([new("dataset", "digits-train"), new("model", "digits")]);
        var inputs = then.InputsFor(new(labels, 0.16));
        Assert.Equal(["\"digits-train\"", "{\"list\":[\"0.16\",true]}", "180"], [inputs["dataset"].GetRawText(), inputs["deep"].GetRawText(), inputs["label_budget"].GetRawText()]);
        Assert.Equal("model=digits", then.DedupKey(labels));
    }

    [Theory]
    [InlineData("alert: LabelErrors", "alert: LabelErrors\n        record: x", "x:9:9: RULE002 the rule has both \"alert\" and \"record\"; allowed: one of alert, record")]
    [InlineData("record: model:f1:drop_7d", "record: 'model{f1}'", "x:34:17: RULE003 \"model{f1}\" is no name of a series; allowed: any text without braces")]
    [InlineData("{severity: warning}", "{alertname: warning}", "x:15:18: RULE004 \"alertname\" is no label that a rule may set; allowed: any name but __name__ and alertname")]
    [InlineData("{{ $labels.dataset }}\", label_budget", "{{ query \\\"up\\\" }}\", label_budget", "x:24:29: RULE014 an input of a fix queries series; allowed: $value, $labels; a query belongs into a label of the rule")]
    [InlineData("record: model:f1:drop_7d", "record: model:f1:drop_7d\n        for: 1h", "x:35:9: RULE006 \"for\" goes with \"alert\"; allowed with record: expr, labels")]
    [InlineData("max_over_time(model_f1[7d]) - model_f1", "model_f1[7d]", "x:35:15: RULE007 the expression gives a range vector; allowed: an instant vector or a scalar")]
    [InlineData("| humanizePercentage", "| humanisePercentage", "did you mean humanizePercentage?")]
    [InlineData("train\"} < 0.01", "trian\"} < 0.01", "x:17:16: RULE012 \"clear\" can never match the alert: it asks for dataset=\"digits-trian\", the alert has dataset=\"digits-train\"; allowed: an expression with the alert's labels")]
    [InlineData("no_data: keep", "no_data: ignore", "x:18:18: YAML023 \"ignore\" is no value of \"no_data\"; allowed: resolve, keep, fire")]
    [InlineData("approval: required", "approval: auto", "x:27:11: RULE013 \"approvers\" goes with \"approval: required\" or \"patch_approval: required\"; allowed with approval: auto: none")]
    [InlineData("within: 2h, ", "", "YAML021 field \"within\" is missing")]
    [InlineData("2/day", "2/days", "x:31:27: YAML023 \"2/days\" is no value of \"fixes\"; allowed: a number a time, such as 5/hour, 2/day, 500/week")]
    [InlineData("{{ $labels.dataset }}", "{{ $label.dataset }}", "x:24:33: RULE008 \"$label.dataset\" is not known; allowed: $value, $labels, $labels.NAME; did you mean $labels.dataset?")]
    public void A_wrong_field_is_located_with_what_is_allowed(string old, string changed, string expected)
    {
        var read = RuleFile.Read("x", Full.Replace(old, changed, StringComparison.Ordinal));
        Assert.Null(read.Value);
        Assert.Contains(read.Diagnostics, diagnostic => diagnostic.ToString().EndsWith(expected, StringComparison.Ordinal) || diagnostic.ToString().Contains(expected, StringComparison.Ordinal));
    }

    // Prometheus 3 takes any UTF-8 text as a name; it has to be quoted in expressions.
    [Theory]
    [InlineData("record: model:f1:drop_7d", "record: model.f1-drop", "x:34:17: RULE003 the name \"model.f1-drop\" has to be quoted wherever it is read; allowed: {\"model.f1-drop\"}; without quotes letters, digits, \"_\" and \":\", not starting with a digit")]
    [InlineData("{severity: warning}", "{sev.erity: warning}", "x:15:18: RULE004 the label \"sev.erity\" has to be quoted wherever it is read; allowed without quotes: letters, digits and \"_\", not starting with a digit")]
    public void A_name_that_has_to_be_quoted_is_a_warning(string old, string changed, string expected)
    {
        var read = RuleFile.Read("x", Full.Replace(old, changed, StringComparison.Ordinal));
        Assert.NotNull(read.Value);
        Assert.Equal(expected, Assert.Single(read.Diagnostics).ToString());
    }

    [Fact]
    public void An_error_in_a_folded_expression_has_its_line()
    {
        var read = RuleFile.Read("x", "groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: >-\n          up == 0\n          and raate(x[5m]) > 1\n");
        var error = Assert.Single(read.Diagnostics);
        Assert.Equal((7, 15, "EXPR003", "rate"), (error.Line, error.Column, error.Code, error.Nearest));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(", preview: true", true)]
    [InlineData(", preview: false", false)]
    public void Effects_are_predicted_unless_a_rule_does_without(string field, bool preview)
    {
        var read = RuleFile.Read("x", $"groups: [{{name: g, rules: [{{alert: A, expr: x > 1, then: {{workflow: w{field}}}}}]}}]");
        Assert.Empty(read.Diagnostics);
        Assert.Equal(preview, Assert.IsType<Rule.Alerting>(read.Value!.Groups[0].Rules[0]).Then!.Preview);
    }

    [Fact]
    public void Missing_data_can_only_be_told_where_something_is_compared() =>
        Assert.Equal("RULE011", Assert.Single(RuleFile.Read("x", "groups: [{name: g, rules: [{alert: A, expr: absent(x), no_data: keep}]}]").Diagnostics).Code);

    [Theory]
    [InlineData("Mon-Fri 08:00-18:00 Europe/Berlin", "2026-01-05T07:00:00Z", true)]
    [InlineData("Mon-Fri 08:00-18:00 Europe/Berlin", "2026-01-05T17:00:00Z", false)]
    [InlineData("Mon-Fri 08:00-18:00 Europe/Berlin", "2026-01-10T09:00:00Z", false)]
    [InlineData("Sat,Sun 00:00-24:00", "2026-01-10T23:59:59Z", true)]
    [InlineData("Fri-Mon 10:00-11:00", "2026-01-04T10:30:00Z", true)]
    [InlineData("Mon 22:00-06:00", "2026-01-06T05:59:00Z", true)]
    [InlineData("Mon 22:00-06:00", "2026-01-05T05:59:00Z", false)]
    public void Active_hours_are_those_of_their_zone(string text, string instant, bool expected) =>
        Assert.Equal(expected, ActiveHours.Parse(text)!.Contains(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("Mon-Fri 08:00-18:00 Europe/Berlin", "2026-01-05T07:00:00Z", "2026-01-06T07:00:00Z")] // it begins at that very instant: the next one is tomorrow's
    [InlineData("Mon-Fri 08:00-18:00 Europe/Berlin", "2026-01-05T06:59:00Z", "2026-01-05T07:00:00Z")]
    [InlineData("Mon-Fri 08:00-18:00 Europe/Berlin", "2026-01-09T12:00:00Z", "2026-01-12T07:00:00Z")]
    [InlineData("Sun 08:00-18:00 Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T06:00:00Z")] // the clocks went forward that night
    [InlineData("Mon 22:00-06:00", "2026-01-05T23:00:00Z", "2026-01-12T22:00:00Z")]
    [InlineData("10:00-11:00", "2026-01-05T10:30:00Z", "2026-01-06T10:00:00Z")]
    public void Active_hours_begin_again_at_an_instant(string text, string after, string expected)
    {
        var hours = ActiveHours.Parse(text)!;
        Assert.Equal(Instant(expected), hours.NextBeginning(Instant(after)));
        Assert.Equal(hours.ToString(), ActiveHours.Parse(hours.ToString())!.ToString());

        static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Active_hours_are_told_as_authors_write_them()
    {
        Assert.Equal("Mon,Tue,Wed,Thu,Fri 08:00-18:00 Europe/Berlin", ActiveHours.Parse("Mon-Fri 08:00-18:00 Europe/Berlin")!.ToString());
        Assert.Equal("00:30-24:00 UTC", ActiveHours.Parse("00:30-24:00")!.ToString());
    }

    [Theory]
    [InlineData("Mon-Fri")]
    [InlineData("Mon-Fri 8-18")]
    [InlineData("Mon-Fry 08:00-18:00")]
    [InlineData("Mon 25:00-26:00")]
    [InlineData("Mon 08:00-08:00")]
    [InlineData("Mon 08:00-18:00 Europe/Berln")]
    public void Other_texts_are_no_hours(string text) => Assert.Null(ActiveHours.Parse(text));
}
