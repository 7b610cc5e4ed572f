using System.Collections.Immutable;
using Orchestrator.Core.Metrics.Reductions;
using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Metrics.Drift;

/// <summary>How far each feature has moved from the reference.</summary>
public sealed class FeatureDrift : Reduction
{
    public const string Drift = "data_feature_drift";
    public const string PValue = "data_feature_drift_pvalue";
    public const string Ratio = "data_drifted_feature_ratio";

    private static readonly ImmutableArray<string> Needs = ["features", "reference"];

    public int Bins { get; init; } = 10;

    public override ImmutableArray<Metric> Metrics =>
    [
        new(Drift, MetricKind.Drift, "score",
            "Distance of the feature's values from the reference's. Numbers: psi, js and hellinger over the quantiles of the reference, ks, wasserstein_normed (in standard deviations of the "
            + "reference); categories: psi, js, hellinger, tvd, linf, cramers_v; both: missing_difference of the shares of missing values.",
            ["feature", "variant", "reference"], Needs),
        new(PValue, MetricKind.Drift, "ratio",
            "Probability of such a distance or a larger one without drift: ks (asymptotic, two-sided), chi2, missing_chi2.", ["feature", "variant", "reference"], Needs),
        new(Ratio, MetricKind.Drift, "ratio",
            "Compared features that drifted: p below 0.01 divided by their number, and an effect (ks, cramers_v or missing_difference) of 0.1 or a stability index of 0.2.", ["reference"], Needs),
    ];

    public override bool NeedsLabels => false;

    public override IEnumerable<string> Plan(RelationShape shape) => DriftQueries.All(shape, ComparedColumn.Features(shape), Bins);

    public override IEnumerable<MeasuredValue> Close(RelationShape shape, IReadOnlyList<ReducedRow> rows)
    {
        var numbers = DriftNumbers.ByColumn(rows);
        if (!numbers.TryGetValue("", out var all) || all.Values is not { Reference: > 0, Current: > 0 } whole)
        {
            yield break;
        }

        var drifts = ComparedColumn.Features(shape).Select(column => ColumnDrift.Of(column, numbers[column.Name], whole, Bins)).ToArray();
        foreach (var value in drifts.SelectMany(drift => Values(shape, drift)))
        {
            yield return value;
        }

        var drifted = drifts.Count(drift => drift.IsDrifted(drifts.Length));
        yield return new(Ratio, [Reference(shape)], (double)drifted / drifts.Length, whole.Current, Least(whole));
    }

    public override IEnumerable<(string Text, string Allowed)> Silences(RelationShape shape, IReadOnlyList<ReducedRow> rows)
    {
        var compared = ComparedColumn.Features(shape).Select(column => column.Name).ToHashSet();
        foreach (var feature in shape.Features.Where(feature => !compared.Contains(feature.Name)))
        {
            var other = shape.Reference!.Shape.Features.FirstOrDefault(other => other.Name == feature.Name);
            yield return other is null
                ? ($"the reference {shape.Reference.Name} has no feature \"{feature.Name}\"", "its drift has no number")
                : ($"feature \"{feature.Name}\" holds {Kind(feature)}, in the reference {shape.Reference.Name} {Kind(other)}", "its drift has no number");
        }

        foreach (var row in rows.Where(row => row.Other == DriftNumbers.Category && row.Rows > DriftQueries.MostCategories))
        {
            yield return ($"feature \"{row.Key}\" has {row.Rows} different values", $"its drift has no number beyond {DriftQueries.MostCategories}");
        }
    }

    private static IEnumerable<MeasuredValue> Values(RelationShape shape, ColumnDrift drift)
    {
        MeasuredValue Of(string metric, string variant, double value) =>
            new(metric, [("feature", drift.Column.Name), ("variant", variant), Reference(shape)], value, drift.Values.Current, Least(drift.Values));
        return [.. drift.Distances.Select(distance => Of(Drift, distance.Variant, distance.Value)), .. drift.Tests.Select(test => Of(PValue, test.Test, test.P))];
    }

    private static (string, string) Reference(RelationShape shape) => ("reference", shape.Reference!.Name);

    private static long Least(CountPair values) => Math.Min(values.Reference, values.Current);

    private static string Kind(FeatureShape feature) => feature.IsNumeric ? "numbers" : "text";
}
