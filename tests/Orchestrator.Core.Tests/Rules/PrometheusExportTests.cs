using Orchestrator.Core.Rules;

namespace Orchestrator.Core.Tests.Rules;

public sealed class PrometheusExportTests
{
    [Fact]
    public void A_rule_file_becomes_a_plain_one_and_what_is_lost_is_said_where_it_stands()
    {
        const string Authored = """
            groups:
              - name: digits
                model: digits
                lookback: 10m
                labels: {team: vision}
                rules:
                  - alert: LabelErrors
                    when:
                      - data_label_error_ratio{dataset="digits-train"} > 0.02
                      - data_rows > 200
                    measurements: 2
                    for: 5m
                    keep_firing_for: 30m
                    labels: {severity: warning, team: labels}
                    annotations: {summary: "{{ $value }} of \"{{ $labels.dataset }}\""}
                    clear: data_label_error_ratio{dataset="digits-train"} < 0.01
                    no_data: keep
                    min_rows: 200
                    mode: shadow
                  - record: model:f1:drop
                    expr: 1 - model_f1
            """;
        const string Plain = """
            groups:
              - name: "digits"
                interval: 1m
                rules:
                  - alert: "LabelErrors"
                    expr: "data_label_error_ratio{dataset=\"digits-train\",model=\"digits\"} > 0.02 and on (model) data_rows{model=\"digits\"} > 200"
                    for: 5m
                    keep_firing_for: 30m
                    labels:
                      model: "{{ if $labels.model }}{{ $labels.model }}{{ else }}digits{{ end }}"
                      orchestrator_rule: "digits/LabelErrors"
                      severity: "warning"
                      team: "labels"
                    annotations:
                      summary: "{{ $value }} of \"{{ $labels.dataset }}\""
                  - record: "model:f1:drop"
                    expr: "1 - model_f1"
                    labels:
                      team: "vision"

            """;
        var read = RuleFile.Read("digits.rules.yaml", Authored);
        Assert.Empty(read.Diagnostics);
        var (text, warnings) = PrometheusExport.Write(read.Value!);

        Assert.Equal(Plain, text);
        Assert.Equal(
            ["4:15 lookback", "16:16 clear", "17:18 no_data", "11:23 measurements", "18:19 min_rows", "19:15 mode"],
            warnings.OrderBy(warning => Array.IndexOf(["lookback", "clear", "no_data", "measurements", "min_rows", "mode"], Field(warning.Text))).Select(warning => $"{warning.Line}:{warning.Column} {Field(warning.Text)}"));
        Assert.All(warnings, warning => Assert.Equal("EXPO001", warning.Code));
    }

    [Fact]
    public void What_Prometheus_itself_wrote_loses_nothing()
    {
        const string Authored = """
            groups:
              - name: "a: \"b\""
                interval: 90s
                limit: 10
                rules:
                  - {alert: Down, expr: 'up{job="ü\\n"} == 0', labels: {text: "{{ $labels.job }}"}}
            """;
        var (text, warnings) = PrometheusExport.Write(RuleFile.Read("x.rules.yaml", Authored).Value!);

        Assert.Empty(warnings);
        Assert.Contains("  - name: \"a: \\\"b\\\"\"\n    interval: 1m30s\n    limit: 10\n", text, StringComparison.Ordinal);
        Assert.Contains("expr: \"up{job=\\\"ü\\\\\\\\n\\\"} == 0\"\n", text, StringComparison.Ordinal);
        var again = RuleFile.Read("y.rules.yaml", text).Value!;
        Assert.Equal("up{job=\"ü\\\\n\"} == 0", again.Groups[0].Rules[0].Expression.Text);
        Assert.Equal("a: \"b\"", again.Groups[0].Name);
    }

    private static string Field(string text) => text.Split('"')[1];
}
