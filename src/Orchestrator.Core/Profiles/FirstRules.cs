using System.Globalization;
using System.Text;

namespace Orchestrator.Core.Profiles;

/// <summary>Writes the first rules of a model, each with the reason of its threshold.</summary>
internal static class FirstRules
{
    private const string Refresh = "refresh-retrain";
    private const string Refit = "refit";
    private const string Relabel = "relabel-rebuild-retrain";

    public static string Of(FirstFiles files)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # When to act. Every threshold comes from the reference itself: what the metric did on parts of it.
            groups:
              - name: {files.Name}
                interval: 1h
                model: {files.Name}
                rules:

            """);
        string?[] rules = [Quality(files), Segments(files), Drift(files), Missing(files), LabelErrors(files), Silence(files)];
        return text.AppendJoin('\n', rules.OfType<string>()).ToString();
    }

    /// <summary>Those named by the rules that are written.</summary>
    public static IEnumerable<string> WorkflowsOf(FirstFiles files)
    {
        var text = Of(files);
        return new[] { Refresh, Refit, Relabel }.Where(name => text.Contains($"workflow: {name}\n", StringComparison.Ordinal));
    }

    private static string? Quality(FirstFiles files)
    {
        if (files.Thresholds.Quality is not { } threshold)
        {
            return null;
        }

        var (name, fires, holds) = files.IsLowerBetter ? ("ErrorTooHigh", ">", "<") : ("AccuracyDrop", "<", ">");
        var metric = $"{files.QualityMetric}{files.InProduction}";
        return $$"""
                  # {{threshold.Reason}}.
                  - alert: {{name}}
                    expr: {{metric}} {{fires}} {{threshold.Shown}}
                    labels: {severity: critical}
                    annotations: {summary: '{{files.QualityMetric}} is {{"{{ $value | printf \"%.3f\" }}"}}'}
                    min_rows: {{files.LeastRows}}
                    owner: ml-leads
                    then:
                      {{Cure(files)}}
                      approval: required
                      approvers: [ml-leads]
                      expires: 3d
                      cooldown: 3d
                      verify: {expr: '{{metric}} {{holds}} {{threshold.Shown}}', within: 4d, min_rows: {{files.LeastRows}}, otherwise: escalate}

            """;
    }

    /// <summary>A part of the rows can go wrong while the whole is still as usual.</summary>
    private static string? Segments(FirstFiles files)
    {
        if (files.Thresholds.Segments.IsEmpty)
        {
            return null;
        }

        var (name, fires) = files.IsLowerBetter ? ("SegmentErrorTooHigh", ">") : ("SegmentAccuracyDrop", "<");
        var width = files.Thresholds.Segments.Max(one => Selector(one.Segment).Length + one.Quality.Shown.Length);
        var lines = files.Thresholds.Segments.Select((one, i) => string.Create(CultureInfo.InvariantCulture,
            $"          {(i == 0 ? "(" : "  or")} {Selector(one.Segment)} {fires} {one.Quality.Shown}{new string(' ', width - Selector(one.Segment).Length - one.Quality.Shown.Length)}  # usually {one.Quality.Usual}"));
        var whole = files.Thresholds.Quality is { } quality ? $" unless on (dataset) {files.QualityMetric}{files.InProduction} {fires} {quality.Shown}" : "";
        return $$"""
                  # each segment by its own spread, and by what chance does to so few rows: a part can go wrong while the whole is still as usual.
                  - alert: {{name}}
                    expr: |2
            {{string.Join('\n', lines)}}
                      ){{whole}}
                    keep_firing_for: 2d
                    labels: {severity: warning}
                    annotations: {summary: '{{files.SegmentMetric}} of {{"{{ $labels.segment }} is {{ $value | printf \"%.3f\" }}"}}'}
                    min_rows: {{files.LeastRows}}
                    owner: ml-leads

            """;

        string Selector(string segment) => $"{files.SegmentMetric}{{dataset={FirstFiles.Quoted(files.ProductionSet)}, segment={FirstFiles.Quoted(segment)}}}";
    }

    /// <summary>Labels that arrive by themselves make the newest rows a training set; where people give them, they are asked for the rows worth most.</summary>
    private static string Cure(FirstFiles files) => files.AsksPeople
        ? $$"""
            workflow: {{Refresh}}
                      inputs: {model: {{files.Name}}, dataset: {{files.TrainingSet}}, from: {{files.ProductionSet}}, label_budget: {{Math.Max(files.Rows.Part, 50)}}}
            """
        : $$"""
            workflow: {{Refit}}
                      inputs: {model: {{files.Name}}, dataset: {{files.TrainingSet}}, from: {{files.ProductionSet}}, rows: {{Math.Max(files.Rows.Part * 3 / 2, 50)}}}
            """;

    private static string? Drift(FirstFiles files) => files.Thresholds.Drift is not { } threshold ? null : Plain(
        ("FeatureDrift", threshold.Reason),
        $"data_feature_drift{{dataset={FirstFiles.Quoted(files.ProductionSet)}, variant=~\"psi_.*\"}} > {threshold.Shown}",
        "{{ $labels.feature }} has moved from the reference: stability index {{ $value | printf \"%.2f\" }}");

    private static string? Missing(FirstFiles files) => files.Thresholds.Missing is not { } threshold ? null : Plain(
        ("MissingValues", threshold.Reason),
        $"data_feature_missing_ratio{files.InProduction} > {threshold.Shown}",
        "{{ $value | humanizePercentage }} of {{ $labels.feature }} are missing");

    private static string Silence(FirstFiles files) => Plain(
        ("NoRows", "without rows there is no number, and nothing else would be noticed"),
        $"max_over_time(data_rows{files.InProduction}[2d]) < 1",
        "no rows have arrived in {{ $labels.dataset }}");

    private static string? LabelErrors(FirstFiles files) => !files.AsksPeople || files.Thresholds.LabelErrors is not { } threshold ? null : $$"""
                  # {{threshold.Reason}}.
                  - alert: LabelErrors
                    expr: data_label_error_ratio{{files.InTraining}} > {{threshold.Shown}}
                    labels: {severity: warning}
                    annotations: {summary: '{{"{{ $value | humanizePercentage }} of the labels of {{ $labels.dataset }} look wrong"}}'}
                    min_rows: {{files.LeastRows}}
                    owner: ml-leads
                    then:
                      workflow: {{Relabel}}
                      inputs: {model: {{files.Name}}, dataset: {{files.TrainingSet}}, label_budget: {{Math.Max(files.Rows.Trained / 4, 50)}}}
                      approval: required
                      approvers: [ml-leads]
                      expires: 3d
                      cooldown: 3d
                      verify: {expr: 'data_label_error_ratio{{files.InTraining}} < {{threshold.Shown}}', within: 4d, otherwise: compensate}

            """;

    private static string Plain((string Name, string Reason) rule, string expression, string summary) => $$"""
                  # {{rule.Reason}}.
                  - alert: {{rule.Name}}
                    expr: '{{expression}}'
                    labels: {severity: warning}
                    annotations: {summary: '{{summary}}'}
                    owner: ml-leads

            """;
}
