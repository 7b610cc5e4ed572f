using System.Collections.Immutable;
using System.Globalization;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Metrics.Maps;
using Orchestrator.Core.Metrics.Segments;

namespace Orchestrator.Runtime.Datasets.Maps;

/// <summary>The rows of a map as a table of their own, in one order, from which columns are brought into memory.</summary>
/// <param name="Shape">The relation whose rows they are.</param>
internal sealed record MapTable(DuckDBConnection Connection, RelationShape Shape)
{
    /// <summary>Columns of numbers that are kept.</summary>
    private const int MostNumbers = 2048;

    /// <summary>What is kept of a value that is no number.</summary>
    private const int LongestText = 10_000;

    private const string Missing = "cast('nan' as double)";

    private const string Number = "\"@n\"";

    private string Rows => $"from {Sql.Name(Shape.Table)} order by {Number}";

    /// <summary>Of more rows than these only those whose ids hash lowest, the same ones whatever their order.</summary>
    public static MapTable Of(DuckDBConnection connection, RelationShape shape, int most)
    {
        const string table = "rows of the map";
        var key = shape.Roles.Contains("id") ? Sql.Name(RelationShape.Id) : "cast(r as varchar)";
        var chosen = shape.Rows <= most ? "" : Lowest(key, most);
        connection.Run($"create temp table {Sql.Name(table)} as select row_number() over () as {Number}, * from (select * from (select * from {Sql.Name(shape.Table)} r {chosen}) order by all)");
        return new(connection, shape with { Table = table, AllRows = table, Rows = connection.Count($"select count(*) from {Sql.Name(table)}") });
    }

    /// <summary>SQL that keeps the rows whose keys hash lowest.</summary>
    public static string Lowest(string key, int most) => string.Create(CultureInfo.InvariantCulture, $"order by md5({key}), {key} limit {most}");

    /// <summary>A column of texts; of long ones the beginning, but ids are whole, as they tell rows apart.</summary>
    public string?[] Texts(string column) => [.. Connection.Query(
        string.Create(CultureInfo.InvariantCulture, $"select left(cast({Sql.Name(column)} as varchar), {(column == RelationShape.Id ? int.MaxValue : LongestText)}) {Rows}"), reader => reader.IsDBNull(0) ? null : reader.GetString(0))];

    /// <summary>The features; numbers of few values have their texts beside them where these are as the source spells them.</summary>
    /// <param name="few">Values that are few.</param>
    public ImmutableArray<MapColumn> Features(SourceTable source, int few)
    {
        FeatureShape[] numeric = [.. Shape.Features.Where(feature => feature.IsNumeric).Take(MostNumbers)];
        var numbers = Numbers([.. numeric.Select(feature => $"cast({Sql.Name(feature.Name)} as double)")]);
        var byName = numeric.Zip(numbers).ToDictionary(pair => pair.First.Name, pair => pair.Second, StringComparer.Ordinal);
        return [.. Shape.Features.Where(feature => !feature.IsNumeric || byName.ContainsKey(feature.Name)).Select(feature => byName.TryGetValue(feature.Name, out var values)
            ? new MapColumn(feature.Name, feature.Type, values, IsSpelt(source, feature.Name) && AreFew(values, few) ? Texts(feature.Name) : [])
            : new MapColumn(feature.Name, feature.Type, [], Texts(feature.Name)))];
    }

    /// <summary>The numbers of the embedding, a column each; none where there is none.</summary>
    public double[][] Embedding() =>
        Numbers([.. Enumerable.Range(1, Shape.EmbeddingWidth).Take(MostNumbers).Select(i => string.Create(CultureInfo.InvariantCulture, $"cast(list_extract({Sql.Name(RelationShape.Embedding)}, {i}) as double)"))]);

    /// <summary>The declared segments in which the rows lie, in the order of the relation; null for one that has no parts, or too many.</summary>
    public ImmutableArray<SliceDimension?> Segments() => [.. Shape.SegmentParts.Select((parts, i) => parts.Length is 0 or > SliceDimension.MostParts
        ? null
        : new SliceDimension(parts, Array.ConvertAll(ColumnReading.Read(Connection, $"select {Sql.Code(RelationShape.Segment(i))} {Rows}").Codes[0], code => (byte)code)))];

    private double[][] Numbers(string[] columns) =>
        columns.Length == 0 ? [] : [.. ColumnReading.Read(Connection, $"select {string.Join(", ", columns.Select(column => $"coalesce({column}, {Missing})"))} {Rows}").Numbers];

    /// <summary>Whether a value cast to text is what the same value of the source is: of other types the prepared column holds a wider one.</summary>
    private static bool IsSpelt(SourceTable source, string column) => source.Find(column) is { } stored && (stored.IsWhole || stored.Type == "DOUBLE");

    private static bool AreFew(double[] values, int few) => values.Where(double.IsFinite).Distinct().Take(few + 1).Count() <= few;
}
