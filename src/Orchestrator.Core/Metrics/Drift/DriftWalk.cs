using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Metrics.Drift;

/// <summary>Reduces a column of both sides to the numbers that drift is made of, by one walk over its sorted values.</summary>
internal static class DriftWalk
{
    /// <summary>a is of the reference and b of the data where rows are counted; nothing where one side has no value.</summary>
    public static IEnumerable<ReducedRow> Rows(string key, double[] reference, double[] current, int bins)
    {
        var (r, c) = (SortedNumbers.Of(reference), SortedNumbers.Of(current));
        return r.Count == 0 || c.Count == 0 ? [] : [.. Whole(key, r, c), .. Binned(key, r, c, bins)];
    }

    /// <summary>Rows up to each quantile of the reference.</summary>
    private static IEnumerable<ReducedRow> Binned(string key, SortedNumbers r, SortedNumbers c, int bins) => Enumerable.Range(1, bins - 1)
        .Select(i => r.Quantile((double)i / bins)).Distinct().Order().Select((edge, i) => new ReducedRow("", key, DriftNumbers.Bin, i + 1, r.UpTo(edge), c.UpTo(edge)));

    private static ReducedRow[] Whole(string key, SortedNumbers r, SortedNumbers c)
    {
        var (first, last) = (r.Values[0], r.Values[^1]);
        var (low, high) = (Math.Min(first, c.Values[0]), Math.Max(last, c.Values[^1]));
        var (distance, area) = Distance(r.Values, c.Values, (high / 2) - (low / 2));
        var (mean, square) = Spread(r.Values);
        ReducedRow Of(string kind, double a, double b) => new("", key, kind, 0, a, b);
        return
        [
            Of(DriftNumbers.Size, r.Count, c.Count), Of(DriftNumbers.Distance, distance, area), Of(DriftNumbers.Spread, mean, square),
            Of(DriftNumbers.Range, low, high), Of(DriftNumbers.ReferenceRange, first, last),
        ];
    }

    /// <summary>The largest distance of the distribution functions in units of one over both counts, and the area between them over half the range.</summary>
    private static (double Furthest, double Area) Distance(ReadOnlySpan<double> r, ReadOnlySpan<double> c, double range)
    {
        var (i, j, furthest, area, all) = (0, 0, 0L, new FixedSum(FixedSum.Fine), (double)r.Length * c.Length);
        while (i < r.Length || j < c.Length)
        {
            var x = i < r.Length && (j == c.Length || r[i] <= c[j]) ? r[i] : c[j];
            i = Past(r, i, x);
            j = Past(c, j, x);
            var apart = Math.Abs(((long)i * c.Length) - ((long)j * r.Length));
            furthest = Math.Max(furthest, apart);
            if (range > 0 && (i < r.Length || j < c.Length))
            {
                var next = Math.Min(i < r.Length ? r[i] : double.PositiveInfinity, j < c.Length ? c[j] : double.PositiveInfinity);
                area.Add(apart / all * (((next / 2) - (x / 2)) / range));
            }
        }

        return (furthest, area.Value);
    }

    /// <summary>Sums of the reference's values and of their squares, in halves of its range above the least one.</summary>
    private static (double Mean, double Square) Spread(ReadOnlySpan<double> r)
    {
        var (first, range) = (r[0] / 2, (r[^1] / 2) - (r[0] / 2));
        var (mean, square) = (new FixedSum(FixedSum.Unit), new FixedSum(FixedSum.Unit));
        for (var i = 0; i < r.Length && range > 0; i++)
        {
            var x = ((r[i] / 2) - first) / range;
            mean.Add(x);
            square.Add(x * x);
        }

        return (mean.Value, square.Value);
    }

    private static int Past(ReadOnlySpan<double> values, int place, double x)
    {
        while (place < values.Length && values[place] <= x)
        {
            place++;
        }

        return place;
    }
}
