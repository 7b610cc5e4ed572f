using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Core.Profiles;

/// <summary>The first authored files of somebody's own model: what to measure, when to act, and a scenario that can be rehearsed at once.</summary>
/// <param name="Name">Of the model and the monitor.</param>
/// <param name="Trained">Rows of the training file.</param>
/// <param name="Part">Rows of each file that arrives in production.</param>
/// <param name="Parts">How many of those there are.</param>
public sealed record FirstFiles(string Name, GuessedRoles Roles, Thresholds Thresholds, (long Trained, long Part, int Parts) Rows)
{
    public const string AddedId = "row_id";

    public string Id => Roles.Id ?? AddedId;

    private string Train => $"{Name}-train";

    private string Production => $"{Name}-production";

    private bool IsRegression => Roles.Task is ModelTask.Regression;

    private string Quality => IsRegression ? "model_mae" : "model_accuracy";

    private long MinRows => Math.Max(Math.Min(30, Rows.Part / 2), 1);

    /// <summary>All files by path.</summary>
    public ImmutableSortedDictionary<string, string> All => new Dictionary<string, string>
    {
        ["orchestrator.yaml"] = Operator,
        [$"{Name}.model.yaml"] = Model,
        [$"{Name}.monitor.yaml"] = Monitor,
        [$"{Name}.rules.yaml"] = FirstRules.Of(this),
        [$"{Name}.scenario.yaml"] = Scenario,
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>The workflows that the rules name.</summary>
    public ImmutableArray<string> Workflows => [.. FirstRules.WorkflowsOf(this)];

    /// <summary>A text as YAML and PromQL both read it.</summary>
    internal static string Quoted(string text) => JsonSerializer.Serialize(text, _plain);

    internal string InTraining => $"{{dataset={Quoted(Train)}}}";

    internal string InProduction => $"{{dataset={Quoted(Production)}}}";

    internal string TrainingSet => Train;

    internal string ProductionSet => Production;

    internal string QualityMetric => Quality;

    internal string SegmentMetric => Quality.Replace("model_", "model_segment_", StringComparison.Ordinal);

    internal bool IsLowerBetter => IsRegression;

    internal bool AsksPeople => Roles.Origin == LabelOrigin.Human;

    internal long LeastRows => MinRows;

    private static readonly JsonSerializerOptions _plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private string Operator => $$$"""
        # The operator's file: where data and people are. It never stands in the rules repository of a team; here both start in one folder.
        environment: {{{Name}}}
        folder: .
        storage: {sqlite: workspace/orchestrator.db}
        connections: {data: {folder: data}}
        groups: {ml-leads: [you@example.org]}
        four_eyes: false
        """ + "\n";

    private string Model => $$$"""
        # What the model predicts, how it is trained, and what a new version has to prove before it serves.
        model: {{{Name}}}
        task: {{{Task}}}
        labels: {{{Labels}}}
        train: {runner: mlnet, dataset: {{{Train}}}, parameters: {trainer: {{{Trainer}}}}}
        score: {runner: mlnet}
        evaluate: {dataset: {{{Production}}}, window: 30d, holdout: {{{Holdout}}}}      # a fifth of what is asked is never learnt from
        gate: {metric: {{{Quality}}}, min_gain: {{{LeastGain}}}{{{SegmentCondition}}}}
        """ + "\n";

    private string Labels => AsksPeople ? "human                        # people say what a row is" : "observed                     # the outcome arrives by itself, later";

    private string Holdout => $"{{by: {Quoted(Id)}, share: 20%}}";

    private string LeastGain => IsRegression ? "0" : "0.005";

    private string SegmentCondition => Roles.Segments.IsEmpty || IsRegression ? "" : ", max_segment_loss: 0.1";

    private string Task => Roles.Task switch
    {
        ModelTask.Binary binary => $"{{type: binary, positive: {Quoted(binary.Positive)}, threshold: {binary.Threshold.ToString(CultureInfo.InvariantCulture)}}}",
        ModelTask.Multiclass => "multiclass",
        _ => "regression",
    };

    /// <summary>Trees find what tables hold; few rows and sparse text are better served by a linear model.</summary>
    private string Trainer => Roles.Text is not null || Rows.Trained < 1000 ? "linear" : "boosted";

    private string Monitor => $$$"""
        # What is measured, on which rows, how often.
        monitor: {{{Name}}}
        model: {{{Name}}}
        every: 1d
        datasets:
          {{{Train}}}:                 # what the model learns from, and what everything else is compared with
            connection: data
            path: train.csv
            split: train
            roles: {{{{TrainRoles}}}}
          {{{Production}}}:            # what it is asked, with its answers: a file of rows each day
            connection: data
            path: production/batch-*.csv
            split: production
            window: 1d
            reference: {{{Train}}}
            roles: {{{{ServedRoles}}}}
            labels: {path: "production/labels-*.csv", join: {{{Quoted(Id)}}}, label: {{{Quoted(Roles.Label)}}}, time: labelled_at, delay: 1d}
        segments: [{{{string.Join(", ", Roles.Segments.Select(Quoted))}}}]
        metrics: [{{{string.Join(", ", Metrics)}}}]
        min_rows: {{{MinRows}}}
        """ + "\n";

    private string TrainRoles => $"{Named(("id", Id), ("label", Roles.Label), ("text", Roles.Text))}{Ignore}";

    private string ServedRoles =>
        $"{Named(("id", Id), ("text", Roles.Text), ("time", "served_at"), ("prediction", "prediction"), ("model_version", "model_version"))}{Scores}, latency: {{column: latency_ms, unit: ms}}{Ignore}";

    private string Scores => IsRegression ? "" : ", scores: \"p_*\"";

    /// <summary>The file's own time orders its rows; as a feature it would only name them.</summary>
    private string Ignore => Ignored.IsEmpty ? "" : $", ignore: [{string.Join(", ", Ignored.Select(Quoted))}]";

    private ImmutableArray<string> Ignored => [.. new[] { Roles.Time }.OfType<string>(), .. Roles.Ignored.Select(one => one.Column)];

    /// <summary>Labels that arrive by themselves are facts: no search for wrong ones.</summary>
    private IEnumerable<string> Metrics => AsksPeople
        ? ["data", "model", "system", .. Roles.Segments.IsEmpty ? [] : (string[])["segments"]]
        : ["data_rows", "data_missing_ratio", "data_feature_missing_ratio", "data_duplicate_ratio", "drift", "model", "system", .. Roles.Segments.IsEmpty ? [] : (string[])["segments"]];

    private string Scenario => $$$"""
        # The file's own rows, played as if they came day by day: the first half is the reference, the rest is asked of the model that it trains.
        scenario: {{{Name}}}
        config: orchestrator.yaml
        rules: .
        start: 2026-01-05T00:00:00Z
        until: {{{((Rows.Parts + 1) * 24) + 6}}}h
        arrivals:
          - {dataset: {{{Train}}}, at: 0h, file: data/train.csv}
          - {dataset: {{{Production}}}, every: 1d, files: "data/rehearsal/batch-*.csv", serve: true, labels: data/rehearsal/labels.csv, labels_after: 1d}
        approvals: [{by: you@example.org, fixes: all, after: 1h}]
        events: [{at: 0h, train: {{{Name}}}}]
        """ + "\n";

    private static string Named(params (string Role, string? Column)[] roles) =>
        string.Join(", ", roles.Where(role => role.Column is not null).Select(role => $"{role.Role}: {Quoted(role.Column!)}"));
}
