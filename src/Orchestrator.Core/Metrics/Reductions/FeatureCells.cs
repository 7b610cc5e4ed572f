using System.Collections.Immutable;

namespace Orchestrator.Core.Metrics.Reductions;

/// <summary>Missing and distinct values of the features, in one scan of all columns.</summary>
public sealed class FeatureCells : Reduction
{
    public const string Missing = "data_missing_ratio";
    public const string FeatureMissing = "data_feature_missing_ratio";
    public const string FeatureDistinct = "data_feature_distinct";

    public override ImmutableArray<Metric> Metrics =>
    [
        new(Missing, MetricKind.Data, "ratio", "Missing cells among all cells of the features; NaN is missing.", [], ["features"]),
        new(FeatureMissing, MetricKind.Data, "ratio", "Rows in which the feature is missing.", ["feature"], ["features"]),
        new(FeatureDistinct, MetricKind.Data, "values", "Different values of the feature, missing ones aside.", ["feature"], ["features"]),
    ];

    public override bool NeedsLabels => false;

    /// <summary>key is the feature, a the missing cells, b the distinct values.</summary>
    public override IEnumerable<string> Plan(RelationShape shape)
    {
        var missing = shape.Features.Select((feature, i) => $"count(*) - count({Value(feature)}) as m{i}");
        var distinct = shape.Features.Select((feature, i) => $"count(distinct {Value(feature)}) as d{i}");
        var names = Sql.List(shape.Features.Select(feature => Sql.Text(feature.Name)));
        var m = Sql.List(shape.Features.Select((_, i) => $"m{i}"));
        var d = Sql.List(shape.Features.Select((_, i) => $"d{i}"));
        yield return $"""
            select '' as scope, unnest({names}) as key, '' as other, n as rows, cast(unnest({m}) as double) as a, cast(unnest({d}) as double) as b
            from (select count(*) as n, {string.Join(", ", missing.Concat(distinct))} from {Sql.Name(shape.Table)})
            """;
    }

    public override IEnumerable<MeasuredValue> Close(RelationShape shape, IReadOnlyList<ReducedRow> rows)
    {
        var n = rows.Count == 0 ? 0 : rows[0].Rows;
        var cells = n * rows.Count;
        if (cells == 0)
        {
            yield break;
        }

        yield return new(Missing, [], rows.Sum(row => row.A) / cells, n, n);
        foreach (var row in rows)
        {
            yield return MeasuredValue.Share(FeatureMissing, [("feature", row.Key)], ((long)row.A, n), n);
            yield return new(FeatureDistinct, [("feature", row.Key)], row.B, n, n);
        }
    }

    private static string Value(FeatureShape feature)
    {
        var name = Sql.Name(feature.Name);
        return feature.Type == FeatureType.FloatingPoint ? $"case when isnan({name}) then null else {name} end" : name;
    }
}
