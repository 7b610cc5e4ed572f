using System.Collections.Immutable;
using Orchestrator.Core.Metrics.Reductions;

namespace Orchestrator.Core.Metrics.Drift;

/// <summary>SQL that reduces both sides of a comparison to the numbers that drift is made of.</summary>
/// <remarks>
/// Sums of real terms run over whole numbers of 2⁻⁵⁸ or 2⁻⁴⁰ of the range, and everything else is counted: neither the order of the rows nor the number of threads changes a bit.
/// </remarks>
internal static class DriftQueries
{
    /// <summary>A category with more values than this looks like an identifier or free text.</summary>
    public const int MostCategories = 1000;

    /// <summary>Cells that are taken up together: few enough for their distinct values to stay in memory, enough for small data to take one query.</summary>
    private const long CellsAtOnce = 4_000_000;

    public static IEnumerable<string> Counts(RelationShape shape, ImmutableArray<ComparedColumn> columns)
    {
        if (columns.IsEmpty || shape.Reference is null)
        {
            yield break;
        }

        yield return Present(shape, columns);
        foreach (var block in columns.Where(column => !column.IsNumeric).Chunk(AtOnce(shape, columns)))
        {
            yield return Categories(shape, block);
        }
    }

    /// <summary>key is the column, a the reference's rows that have a value, b those of the data; the empty key counts all rows.</summary>
    private static string Present(RelationShape shape, ImmutableArray<ComparedColumn> columns)
    {
        string Side(string name, string table, Func<ComparedColumn, string> value) =>
            $"(select [count(*), {string.Join(", ", columns.Select(column => $"count({value(column)})"))}] as {name} from {Sql.Name(table)})";
        var names = Sql.List(columns.Select(column => Sql.Text(column.Name)).Prepend("''"));
        return $"""
            select '' as scope, unnest({names}) as key, '{DriftNumbers.Present}' as other, cast(0 as bigint) as rows, cast(unnest(r) as double) as a, cast(unnest(c) as double) as b
            from {Side("r", shape.Reference!.Shape.Table, column => column.Reference)}, {Side("c", shape.Table, column => column.Current)}
            """;
    }

    /// <summary>One row a category in the order of their names: a counts the reference's rows, b those of the data; a row that counts too many categories stands alone.</summary>
    private static string Categories(RelationShape shape, ComparedColumn[] block) => $"""
        with cells as ({Cells(shape, block)}),
        grouped as (select key, x, count(*) filter (side = 0) as r, count(*) filter (side = 1) as c from cells where x is not null group by key, x),
        counted as (select *, count(*) over (partition by key) as n, row_number() over (partition by key order by x) as i from grouped)
        select '' as scope, key, '{DriftNumbers.Category}' as other, n as rows, cast(r as double) as a, cast(c as double) as b
        from counted where n <= {MostCategories} or i = 1 order by key, i
        """;

    /// <summary>Both sides of a few columns at once, sorted in memory.</summary>
    public static IEnumerable<ColumnPlan> Numbers(RelationShape shape, ImmutableArray<ComparedColumn> columns, int bins) =>
        columns.Where(column => column.IsNumeric).Chunk(AtOnce(shape, columns)).Select(block => new ColumnPlan(
            [Side(shape.Reference!.Shape.Table, block.Select(column => column.Reference)), Side(shape.Table, block.Select(column => column.Current))],
            sides => block.SelectMany((column, i) => DriftWalk.Rows(column.Name, sides[0].Numbers[i], sides[1].Numbers[i], bins))));

    private static string Side(string table, IEnumerable<string> values) =>
        $"select {string.Join(", ", values.Select(value => $"coalesce({value}, cast('nan' as double))"))} from {Sql.Name(table)}";

    private static int AtOnce(RelationShape shape, ImmutableArray<ComparedColumn> columns) =>
        (int)Math.Clamp(CellsAtOnce / Math.Max(1, shape.Rows + shape.Reference!.Shape.Rows), 1, columns.Length);

    /// <summary>One row a cell of both sides: its column as key, its value as x, and 0 for the reference as side.</summary>
    public static string Cells(RelationShape shape, ComparedColumn[] block)
    {
        var names = Sql.List(block.Select(column => Sql.Text(column.Name)));
        return $"""
            select unnest({names}) as key, unnest({Sql.List(block.Select(column => column.Reference))}) as x, 0 as side from {Sql.Name(shape.Reference!.Shape.Table)}
            union all select unnest({names}), unnest({Sql.List(block.Select(column => column.Current))}), 1 from {Sql.Name(shape.Table)}
            """;
    }
}
