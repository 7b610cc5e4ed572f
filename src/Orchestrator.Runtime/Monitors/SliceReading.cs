using System.Collections.Immutable;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Metrics.Segments;
using Orchestrator.Runtime.Datasets;

namespace Orchestrator.Runtime.Monitors;

/// <summary>Reads what the search for segments looks at: a code for each row and dimension.</summary>
internal static class SliceReading
{
    /// <param name="rows">SQL of the rows that are judged.</param>
    /// <param name="bad">SQL that holds for those that are bad.</param>
    public static SliceRows Read(DuckDBConnection connection, RelationShape shape, string rows, string bad)
    {
        var columns = shape.Segments.Select((_, i) => RelationShape.Segment(i)).Concat(shape.Slices.Select((_, i) => RelationShape.Slice(i)));
        var known = columns.Select(column => (Name: column, Parts: Parts(connection, shape, column))).Where(column => column.Parts.Count is > 0 and <= SliceDimension.MostParts).ToArray();
        var select = string.Join(", ", known.Select(column => Sql.Code(column.Name)).Prepend($"cast(coalesce({bad}, false) as usmallint)"));
        var block = ColumnReading.Read(connection, $"select {select} from {Sql.Name(shape.Table)} where {rows}");
        return new([.. known.Select((column, i) => Dimension(column.Parts, block.Codes[i + 1]))], [.. block.Codes[0].Select(code => code != 0)]);
    }

    /// <summary>The parts that occur, each with its code in the table.</summary>
    private static List<(int Code, string Predicate)> Parts(DuckDBConnection connection, RelationShape shape, string column) => connection.Query(
        $"select cast({Sql.Code(column)} as integer) as code, cast(any_value({Sql.Name(column)}) as varchar) from {Sql.Name(shape.Table)} where {Sql.Name(column)} is not null group by 1 order by 1",
        reader => (reader.GetInt32(0), reader.GetString(1)));

    /// <summary>Codes of the parts that occur follow each other.</summary>
    private static SliceDimension Dimension(List<(int Code, string Predicate)> parts, ushort[] codes)
    {
        var places = new byte[parts[^1].Code + 1];
        foreach (var (place, part) in parts.Index())
        {
            places[part.Code] = (byte)(place + 1);
        }

        return new([.. parts.Select(part => part.Predicate)], Array.ConvertAll(codes, code => places[code]));
    }
}
