using System.Collections.Immutable;

namespace Orchestrator.Core.Metrics.Drift;

/// <summary>How often a feature takes which values in the rows and in those of the reference.</summary>
/// <param name="ReferenceMissing">Rows of the reference without a value.</param>
/// <param name="Missing">Rows without a value.</param>
/// <param name="Bins">Of numbers bins of one width, from the least on; of categories the most frequent ones.</param>
public sealed record FeatureHistogram(string Feature, bool IsNumeric, long ReferenceMissing, long Missing, ImmutableArray<HistogramBin> Bins)
{
    /// <summary>Features of one query.</summary>
    public const int Most = 12;

    private const int Widths = 20;
    private const int WholeNumbers = 40;
    private const int Categories = 20;
    private const int LongestCategory = 60;
    private const string Range = "range";
    private const string Numbers = "bin";
    private const string None = "missing";
    private const string Others = "others";
    private const string Named = "=";

    /// <summary>Names of the features that both sides have.</summary>
    public static ImmutableArray<string> Compared(RelationShape shape) => [.. ComparedColumn.Features(shape).Select(column => column.Name)];

    /// <summary>Queries that reduce both sides of at most <see cref="Most"/> features to counts; none where none of the names is a feature of both.</summary>
    public static IEnumerable<string> Plan(RelationShape shape, IReadOnlyCollection<string> features)
    {
        var columns = Wanted(shape, features);
        foreach (var block in new[] { columns.Where(column => column.IsNumeric).ToArray(), columns.Where(column => !column.IsNumeric).ToArray() }.Where(block => block.Length > 0))
        {
            yield return $"with cells as ({DriftQueries.Cells(shape, block)}), {(block[0].IsNumeric ? Binned : Counted)} union all {Missed} order by 2, 3, 4";
        }
    }

    /// <summary>The histograms in the order of the names.</summary>
    public static IEnumerable<FeatureHistogram> Close(RelationShape shape, IReadOnlyCollection<string> features, IEnumerable<ReducedRow> rows)
    {
        var known = rows.ToLookup(row => row.Key);
        return Wanted(shape, features).Select(column => Of(column, [.. known[column.Name]]));
    }

    private static FeatureHistogram Of(ComparedColumn column, ReducedRow[] rows)
    {
        var missing = rows.Single(row => row.Other == None);
        return new(column.Name, column.IsNumeric, (long)missing.A, (long)missing.B, column.IsNumeric ? OfNumbers(rows) : OfCategories(rows));
    }

    private static ComparedColumn[] Wanted(RelationShape shape, IReadOnlyCollection<string> features) =>
        shape.Reference is null ? [] : [.. from name in features.Distinct().Take(Most) join column in ComparedColumn.Features(shape) on name equals column.Name select column];

    private const string Missed = $"""
        select '' as scope, key, '{None}' as other, cast(0 as bigint) as rows, cast(count(*) filter (side = 0 and x is null) as double) as a, cast(count(*) filter (side = 1 and x is null) as double) as b
        from cells group by key
        """;

    /// <summary>
    /// Few whole numbers have a bin each. Others are spread over the range of both sides, which ends four standard deviations from the mean at the latest (to a 1,024th of the range): what lies beyond falls into the last bins.
    /// </summary>
    private static readonly string Binned = $"""
        extremes as materialized (select key, min(x) as lo, max(x) as hi, bool_and(x = floor(x)) and max(x) / 2 - min(x) / 2 < {WholeNumbers} / 2 as whole from cells where x is not null group by key),
        units as (select c.key, side, x, lo, hi, whole, case when hi > lo then (x / 2 - lo / 2) / (hi / 2 - lo / 2) else 0 end as u from cells c join extremes e on c.key = e.key where x is not null),
        spreads as (
          select key, any_value(lo) as lo, any_value(hi) as hi, any_value(whole) as whole,
            greatest(0, floor(1024 * (avg(u) - 4 * stddev_pop(u))) / 1024) as first, least(1, ceil(1024 * (avg(u) + 4 * stddev_pop(u))) / 1024) as last
          from units group by key),
        ranges as materialized (
          select key, case when whole then lo else lo + first * (hi / 2 - lo / 2) * 2 end as low, first, last, whole, lo,
            case when hi = lo then 1 when whole then hi - lo + 1 else {Widths} end as bins, case when whole then 1 when hi = lo then 0 else (last - first) / {Widths} * (hi / 2 - lo / 2) * 2 end as width
          from spreads),
        placed as (
          select u.key, side, bins, case when bins = 1 then 0 when r.whole then x - r.lo else greatest(0, least(bins - 1, floor((u - first) / (last - first) * bins))) end as bin
          from units u join ranges r on u.key = r.key)
        select '' as scope, key, '{Range}' as other, cast(bins as bigint) as rows, low as a, width as b from ranges
        union all select '', key, '{Numbers}', cast(bin as bigint), cast(count(*) filter (side = 0) as double), cast(count(*) filter (side = 1) as double) from placed group by key, bin
        """;

    private static readonly string Counted = $"""
        grouped as (select key, x, count(*) filter (side = 0) as r, count(*) filter (side = 1) as c from cells where x is not null group by key, x),
        ranked as (select *, row_number() over (partition by key order by r + c desc, x) as place from grouped)
        select '' as scope, key, case when place > {Categories} then '{Others}' else '{Named}' || x end as other, cast(min(place) as bigint) as rows, cast(sum(r) as double) as a, cast(sum(c) as double) as b
        from ranked group by 2, 3
        """;

    private static ImmutableArray<HistogramBin> OfNumbers(IEnumerable<ReducedRow> rows)
    {
        var kinds = rows.ToLookup(row => row.Other);
        if (kinds[Range].SingleOrDefault() is not { } range)
        {
            return [];
        }

        var counts = kinds[Numbers].ToDictionary(row => row.Rows, row => ((long)row.A, (long)row.B));
        return [.. Enumerable.Range(0, (int)range.Rows).Select(bin => Bin(range.A + (bin * range.B), range.A + ((bin + 1) * range.B), counts.GetValueOrDefault(bin)))];
    }

    private static ImmutableArray<HistogramBin> OfCategories(IEnumerable<ReducedRow> rows) =>
        [.. rows.Where(row => row.Other != None).OrderBy(row => row.Rows).Select(row => new HistogramBin(row.Other == Others ? null : Short(row.Other[Named.Length..]), null, null, (long)row.A, (long)row.B))];

    private static string Short(string category) => category.Length > LongestCategory ? $"{category[..LongestCategory]}…" : category;

    private static HistogramBin Bin(double from, double to, (long Reference, long Current) rows) => new(null, from, to, rows.Reference, rows.Current);
}

/// <summary>Rows whose value lies in one place.</summary>
/// <param name="Category">Absent of numbers, and of the categories that are not shown one by one.</param>
/// <param name="From">Of numbers; the value itself where the next bin begins at 1 more and values are whole.</param>
/// <param name="To">Of numbers: where the next bin begins.</param>
/// <param name="Reference">Rows of the reference.</param>
/// <param name="Current">Rows of the dataset.</param>
public sealed record HistogramBin(string? Category, double? From, double? To, long Reference, long Current);
