using System.Collections.Immutable;

namespace Orchestrator.Core.Metrics.Drift;

/// <summary>How far the predictions have moved from those of the reference: classes as categories, numbers of a regression as numbers.</summary>
public sealed class PredictionDrift : DriftReduction
{
    public const string Name = "model_prediction_drift";

    private static readonly ImmutableArray<string> Needs = [RelationShape.AnyPrediction, RelationShape.OfReference(RelationShape.AnyPrediction)];

    public override ImmutableArray<Metric> Metrics =>
    [
        new(Name, MetricKind.Drift, "score", $"Distance of the predictions from the reference's. {Measures}", ["variant", "reference"], Needs) { Parameters = DriftOptions.OfDistance },
        new($"{Name}_pvalue", MetricKind.Drift, "ratio", Tests, ["variant", "reference"], Needs),
    ];

    public override bool NeedsLabels => false;

    protected override string Distance => Name;

    internal override ImmutableArray<ComparedColumn> Compared(RelationShape shape) =>
        [ComparedColumn.Of("prediction", Sql.Name(RelationShape.Prediction), shape.Roles.Contains(RelationShape.NumericPrediction))];
}

/// <summary>How far the labels have moved from those of the reference.</summary>
public sealed class LabelDrift : DriftReduction
{
    public const string Name = "data_label_drift";

    private static readonly ImmutableArray<string> Needs = [RelationShape.AnyLabel, RelationShape.OfReference(RelationShape.AnyLabel)];

    public override ImmutableArray<Metric> Metrics =>
    [
        new(Name, MetricKind.Drift, "score", $"Distance of the labels from the reference's; rows without a label count as missing. {Measures}", ["variant", "reference"], Needs) { Parameters = DriftOptions.OfDistance },
        new($"{Name}_pvalue", MetricKind.Drift, "ratio", Tests, ["variant", "reference"], Needs),
    ];

    protected override string Distance => Name;

    internal override ImmutableArray<ComparedColumn> Compared(RelationShape shape) =>
        [ComparedColumn.Of("label", Sql.Name(RelationShape.Label), shape.Roles.Contains(RelationShape.NumericLabel))];
}

/// <summary>How far the stated probabilities have moved from those of the reference: of the positive class, with more than two classes of each.</summary>
public sealed class ScoreDrift : DriftReduction
{
    public const string Name = "model_score_drift";

    private static readonly ImmutableArray<string> Needs = ["scores", RelationShape.OfReference("scores")];

    public override ImmutableArray<Metric> Metrics =>
    [
        new(Name, MetricKind.Drift, "score", $"Distance of the class's probabilities from the reference's. {Measures}", ["class", "variant", "reference"], Needs) { Parameters = DriftOptions.OfDistance },
        new($"{Name}_pvalue", MetricKind.Drift, "ratio", Tests, ["class", "variant", "reference"], Needs),
    ];

    public override bool NeedsLabels => false;

    protected override string Distance => Name;

    internal override ImmutableArray<ComparedColumn> Compared(RelationShape shape) =>
        [.. from name in shape.ScoredClasses
            join other in shape.Reference?.Shape.ScoredClasses ?? [] on name equals other
            select Score(name, shape, shape.Reference!.Shape)];

    internal override ImmutableArray<(string, string)> LabelsOf(ComparedColumn column) => [("class", column.Name)];

    private static ComparedColumn Score(string name, RelationShape shape, RelationShape reference) =>
        new(name, Sql.Name(RelationShape.Score(shape.Classes.IndexOf(name))), Sql.Name(RelationShape.Score(reference.Classes.IndexOf(name))), true);
}
