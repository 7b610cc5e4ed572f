using System.Collections.Immutable;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Metrics.Segments;
using Orchestrator.Runtime.Datasets;

namespace Orchestrator.Runtime.Monitors;

/// <summary>Reads what the search for segments looks at: a code for each row and dimension, made by the database.</summary>
internal static class SliceReading
{
    /// <param name="rows">SQL of the rows that are judged.</param>
    /// <param name="bad">SQL that holds for those that are bad.</param>
    public static SliceRows Read(DuckDBConnection connection, RelationShape shape, string rows, string bad)
    {
        var columns = shape.Segments.Select((_, i) => RelationShape.Segment(i)).Concat(shape.Slices.Select((_, i) => RelationShape.Slice(i))).ToImmutableArray();
        var parts = columns.Select(column => Parts(connection, shape, column)).ToArray();
        var known = Enumerable.Range(0, columns.Length).Where(i => parts[i].Length is > 0 and <= SliceDimension.MostParts).ToArray();
        var codes = known.Select(i => Code(connection, columns[i], parts[i])).ToArray();
        var lists = known.Select(_ => new List<byte>()).ToArray();
        var bads = new List<bool>();
        var select = string.Join(", ", codes.Prepend($"coalesce({bad}, false)"));
        connection.Query($"select {select} from {Sql.Name(shape.Table)} where {rows}", reader =>
        {
            bads.Add(reader.GetBoolean(0));
            for (var i = 0; i < lists.Length; i++)
            {
                lists[i].Add(reader.GetByte(i + 1));
            }

            return true;
        });
        return new([.. known.Select((at, i) => new SliceDimension(parts[at], [.. lists[i]]))], [.. bads]);
    }

    private static ImmutableArray<string> Parts(DuckDBConnection connection, RelationShape shape, string column) =>
        [.. connection.Query($"select distinct {Sql.Name(column)} from {Sql.Name(shape.Table)} where {Sql.Name(column)} is not null order by 1", reader => reader.GetString(0))];

    /// <summary>An enumeration gives each text its place without a join.</summary>
    private static string Code(DuckDBConnection connection, string column, ImmutableArray<string> parts)
    {
        var type = Sql.Name($"parts of {column}");
        connection.Run($"drop type if exists {type}");
        connection.Run($"create type {type} as enum ({string.Join(", ", parts.Select(Sql.Text))})");
        return $"cast(coalesce(enum_code(cast({Sql.Name(column)} as {type})) + 1, 0) as utinyint)";
    }
}
