using System.Collections.Immutable;
using System.Globalization;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Core.Metrics.NearDuplicates;
using Orchestrator.Core.Metrics.Reductions;
using Orchestrator.Runtime.Datasets;

namespace Orchestrator.Runtime.Monitors;

/// <summary>Brings rows into memory of which some may nearly repeat others.</summary>
internal static class NearReading
{
    /// <param name="near">The least likeness of two rows, up to 1.</param>
    public static MeasuredValue? Measure(DuckDBConnection connection, RelationShape shape, double near)
    {
        var groups = shape.EmbeddingWidth > 0
            ? NearVectors.Find(Vectors(connection, shape), near)
            : shape.Features.FirstOrDefault(feature => feature.Type == FeatureType.Text) is { } text
            ? NearTexts.Find(connection.Query($"select coalesce({Sql.Name(text.Name)}, '') from {Rows(shape)}", reader => reader.GetString(0)), near)
            : NearRows.Find(Categories(connection, shape), Numbers(connection, shape), 1 - near);
        return groups.Rows == 0 ? null : MeasuredValue.Share(Duplicates.Ratio, [("variant", "near")], (groups.Beyond, groups.Rows), groups.Rows);
    }

    private static FeatureMatrix Vectors(DuckDBConnection connection, RelationShape shape)
    {
        var vector = Sql.Name(RelationShape.Embedding);
        var most = Duplicates.MostNear(shape).ToString(CultureInfo.InvariantCulture);
        var rows = connection.Query($"select {vector} from {Sql.Name(shape.Table)} where {vector} is not null order by hash({vector}), {vector} limit {most}", reader => reader.GetFieldValue<List<float>>(0));
        return new(shape.EmbeddingWidth, [.. rows.SelectMany(row => row).Select(number => (double)number)]);
    }

    /// <summary>Of more rows than are looked at those whose content hashes lowest: rows that are equal come along together.</summary>
    private static string Rows(RelationShape shape)
    {
        var content = $"hash({string.Join(", ", shape.Features.Select(feature => Sql.Name(feature.Name)))})";
        var most = Duplicates.MostNear(shape);
        return shape.Rows <= most
            ? Sql.Name(shape.Table)
            : $"(select * from {Sql.Name(shape.Table)} order by {content}, {string.Join(", ", shape.Features.Select(feature => Sql.Name(feature.Name)))} limit {most})";
    }

    private static List<string> Categories(DuckDBConnection connection, RelationShape shape)
    {
        var categories = shape.Features.Where(feature => !feature.IsNumeric).Select(feature => Sql.Name(feature.Name));
        return connection.Query($"select cast({Sql.List(categories.Prepend("''"))} as varchar) from {Rows(shape)} {InOrder(shape)}", reader => reader.GetString(0));
    }

    private static ImmutableArray<double[]> Numbers(DuckDBConnection connection, RelationShape shape)
    {
        var numbers = shape.Features.Where(feature => feature.IsNumeric).Select(feature => $"coalesce(cast({Sql.Name(feature.Name)} as double), cast('nan' as double))").ToArray();
        return numbers.Length == 0 ? [] : ColumnReading.Read(connection, $"select {string.Join(", ", numbers)} from {Rows(shape)} {InOrder(shape)}").Numbers;
    }

    /// <summary>Both queries see rows that differ in the same order.</summary>
    private static string InOrder(RelationShape shape) => $"order by {string.Join(", ", shape.Features.Select(feature => Sql.Name(feature.Name)))}";
}
