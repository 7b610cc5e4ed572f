using System.Collections.Immutable;
using System.Globalization;

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

    public static IEnumerable<string> All(RelationShape shape, ImmutableArray<ComparedColumn> columns, int bins)
    {
        if (columns.IsEmpty || shape.Reference is null)
        {
            yield break;
        }

        yield return Present(shape, columns);
        var size = (int)Math.Clamp(CellsAtOnce / Math.Max(1, shape.Rows + shape.Reference.Shape.Rows), 1, columns.Length);
        foreach (var block in columns.Where(column => column.IsNumeric).Chunk(size))
        {
            yield return Numbers(shape, block, bins);
        }

        foreach (var block in columns.Where(column => !column.IsNumeric).Chunk(size))
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

    /// <summary>The distinct values in order with the rows below them give quantiles of the reference, counts between these, the largest distance and the area between the distributions.</summary>
    private static string Numbers(RelationShape shape, ComparedColumn[] block, int bins)
    {
        var partition = block.Length == 1 ? "" : "partition by key";
        var cuts = Enumerable.Range(1, bins - 1).ToArray();
        return $"""
            with cells as ({Cells(shape, block)}),
            grouped as (select key, x, count(*) filter (side = 0) as r, count(*) filter (side = 1) as c from cells where x is not null group by key, x),
            sizes as (select key, cast(sum(r) as bigint) as n, cast(sum(c) as bigint) as m, min(x) as low, max(x) as high,
                min(x) filter (r > 0) as first, max(x) filter (r > 0) as last from grouped group by key having n > 0 and m > 0),
            ranked as (select key, x, r, cast(sum(r) over earlier as bigint) as below, cast(sum(c) over earlier as bigint) as current_below, lead(x) over earlier as next
                from grouped window earlier as ({partition} order by x rows unbounded preceding)),
            sized as (select * from ranked join sizes using (key)),
            neighbours as (select key, n, {Sql.List(cuts.Select(i => Element(i, bins, 0)))} as a, {Sql.List(cuts.Select(i => Element(i, bins, 1)))} as b from sized group by key, n),
            edges as (select key, list_sort(list_distinct({Sql.List(cuts.Select(i => Quantile(i, bins)))})) as e from neighbours),
            binned as (select key, len(e) as k, {Sql.List(cuts.Select(i => $"max(below) filter (x <= e[{i}])"))} as r,
                {Sql.List(cuts.Select(i => $"max(current_below) filter (x <= e[{i}])"))} as c from ranked join edges using (key) group by key, e),
            whole as (select key, n, m, low, high, first, last, max(abs(below * m - current_below * n)) as furthest,
                {Sql.UnitSum("abs(below * m - current_below * n) / (cast(n as double) * m) * ((next / 2 - x / 2) / nullif(high / 2 - low / 2, 0))")} as area,
                {Sql.WeightedSum("r", "case when r > 0 then (x / 2 - first / 2) / nullif(last / 2 - first / 2, 0) end")} as mean,
                {Sql.WeightedSum("r", "case when r > 0 then ((x / 2 - first / 2) / nullif(last / 2 - first / 2, 0)) ** 2 end")} as square
                from sized group by key, n, m, low, high, first, last)
            select '' as scope, key, unnest(['{DriftNumbers.Size}', '{DriftNumbers.Distance}', '{DriftNumbers.Spread}', '{DriftNumbers.Range}', '{DriftNumbers.ReferenceRange}']) as other,
                cast(0 as bigint) as rows, unnest([cast(n as double), furthest, mean, low, first]) as a, unnest([cast(m as double), area, square, high, last]) as b from whole
            union all select '', key, '{DriftNumbers.Bin}', unnest(range(1, k + 1)), cast(unnest(r[1:k]) as double), cast(unnest(c[1:k]) as double) from binned
            order by key, other, rows
            """;
    }

    private static string Cells(RelationShape shape, ComparedColumn[] block)
    {
        var names = Sql.List(block.Select(column => Sql.Text(column.Name)));
        return $"""
            select unnest({names}) as key, unnest({Sql.List(block.Select(column => column.Reference))}) as x, 0 as side from {Sql.Name(shape.Reference!.Shape.Table)}
            union all select unnest({names}), unnest({Sql.List(block.Select(column => column.Current))}), 1 from {Sql.Name(shape.Table)}
            """;
    }

    private static string Position(int cut, int bins) => string.Create(CultureInfo.InvariantCulture, $"((n - 1) * cast({(double)cut / bins:R} as double))");

    /// <summary>The reference's value at the whole position below the quantile, or one further; the last one has none behind it.</summary>
    private static string Element(int cut, int bins, int further) =>
        $"min(x) filter (below > least(floor({Position(cut, bins)}) + {further}, n - 1))";

    /// <summary>Linear interpolation as numpy does it, from the nearer neighbour, to the same bit.</summary>
    private static string Quantile(int cut, int bins)
    {
        var (a, b, t) = ($"a[{cut}]", $"b[{cut}]", $"({Position(cut, bins)} - floor({Position(cut, bins)}))");
        return $"case when {t} >= 0.5 then {b} - ({b} - {a}) * (1 - {t}) else {a} + ({b} - {a}) * {t} end";
    }
}
