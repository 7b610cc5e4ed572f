using System.Collections.Immutable;
using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Metrics.Reductions;

/// <summary>Missing and distinct values of the features.</summary>
public sealed class FeatureCells : Reduction
{
    public const string Missing = "data_missing_ratio";
    public const string FeatureMissing = "data_feature_missing_ratio";
    public const string FeatureDistinct = "data_feature_distinct";

    private const long CellsAtOnce = 4_000_000;

    public override ImmutableArray<Metric> Metrics =>
    [
        new(Missing, MetricKind.Data, "ratio", "Missing cells among all cells of the features; NaN is missing.", [], ["features"]),
        new(FeatureMissing, MetricKind.Data, "ratio", "Rows in which the feature is missing.", ["feature"], ["features"]),
        new(FeatureDistinct, MetricKind.Data, "values", "Different values of the feature, missing ones aside.", ["feature"], ["features"]),
    ];

    public override bool NeedsLabels => false;

    /// <summary>key is the feature, a the missing cells, b the distinct values; features of one kind are counted together as far as their values fit into memory.</summary>
    public override IEnumerable<string> Plan(RelationShape shape)
    {
        var size = AtOnce(shape);
        foreach (var block in shape.Features.Where(feature => feature.Type != FeatureType.FloatingPoint)
            .GroupBy(feature => feature.IsNumeric ? feature.Type : FeatureType.Category).SelectMany(kind => kind.Chunk(size)))
        {
            var names = Sql.List(block.Select(feature => Sql.Text(feature.Name)));
            yield return $"""
                select '' as scope, key, '' as other, count(*) as rows, cast(count(*) - count(x) as double) as a, cast(count(distinct x) as double) as b
                from (select unnest({names}) as key, unnest({Sql.List(block.Select(feature => Sql.Name(feature.Name)))}) as x from {Sql.Name(shape.Table)}) group by key order by key
                """;
        }
    }

    /// <summary>Floating point numbers are mostly different ones: sorting counts them in less than grouping.</summary>
    public override IEnumerable<ColumnPlan> Columns(RelationShape shape) =>
        shape.Features.Where(feature => feature.Type == FeatureType.FloatingPoint).Chunk(AtOnce(shape)).Select(block => Sorted(shape, block));

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

    private static int AtOnce(RelationShape shape) => (int)Math.Clamp(CellsAtOnce / Math.Max(1, shape.Rows), 1, Math.Max(1, shape.Features.Length));

    private static ColumnPlan Sorted(RelationShape shape, FeatureShape[] block)
    {
        var values = block.Select(feature => $"coalesce({Sql.Name(feature.Name)}, cast('nan' as double))");
        return new([$"select {string.Join(", ", values)} from {Sql.Name(shape.Table)}"], columns => block.Select((feature, i) => Cells(feature.Name, columns[0].Numbers[i])));
    }

    private static ReducedRow Cells(string feature, double[] column)
    {
        var values = SortedNumbers.Of(column);
        return new("", feature, "", column.Length, column.Length - values.Count, values.Distinct());
    }
}
