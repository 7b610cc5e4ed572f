using System.Collections.Immutable;
using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Metrics.Drift;

/// <summary>How far each feature has moved from the reference, and how many have.</summary>
public sealed class FeatureDrift : DriftReduction
{
    public const string Name = "data_feature_drift";
    public const string Ratio = "data_drifted_feature_ratio";

    private static readonly ImmutableArray<string> Needs = ["features", "reference"];

    public override ImmutableArray<Metric> Metrics =>
    [
        new(Name, MetricKind.Drift, "score", $"Distance of the feature's values from the reference's. {Measures}", ["feature", "variant", "reference"], Needs) { Parameters = DriftOptions.OfDistance },
        new($"{Name}_pvalue", MetricKind.Drift, "ratio", Tests, ["feature", "variant", "reference"], Needs),
        new(Ratio, MetricKind.Drift, "ratio",
            "Compared features that drifted: p below 0.01 divided by their number, and an effect (ks, cramers_v or missing_difference) of 0.1 or a stability index of 0.2, if the monitor gives no others.", ["reference"], Needs) { Parameters = DriftOptions.OfRatio },
    ];

    public override bool NeedsLabels => false;

    protected override string Distance => Name;

    internal override ImmutableArray<ComparedColumn> Compared(RelationShape shape) => ComparedColumn.Features(shape);

    internal override ImmutableArray<(string, string)> LabelsOf(ComparedColumn column) => [("feature", column.Name)];

    internal override IEnumerable<MeasuredValue> Summary(RelationShape shape, ColumnDrift[] drifts, CountPair rows) =>
        [new(Ratio, [Reference(shape)], (double)drifts.Count(drift => drift.IsDrifted(drifts.Length, Options)) / drifts.Length, rows.Current, Least(rows))];

    public override IEnumerable<(string Text, string Allowed)> Silences(RelationShape shape, IReadOnlyList<ReducedRow> rows)
    {
        var compared = Compared(shape).Select(column => column.Name).ToHashSet();
        return [.. shape.Features.Where(feature => feature.Type is not FeatureType.Text && !compared.Contains(feature.Name)).Select(feature => Alone(shape.Reference!, feature)), .. base.Silences(shape, rows)];
    }

    private static (string, string) Alone(ReferenceShape reference, FeatureShape feature)
    {
        var other = reference.Shape.Features.FirstOrDefault(other => other.Name == feature.Name);
        return other is null
            ? ($"the reference {reference.Name} has no feature \"{feature.Name}\"", "its drift has no number")
            : ($"feature \"{feature.Name}\" holds {Kind(feature)}, in the reference {reference.Name} {Kind(other)}", "its drift has no number");
    }

    private static string Kind(FeatureShape feature) => feature.IsNumeric ? "numbers" : "text";
}
