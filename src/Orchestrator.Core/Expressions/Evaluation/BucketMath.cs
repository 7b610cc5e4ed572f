namespace Orchestrator.Core.Expressions.Evaluation;

/// <summary>The count of observations up to an upper bound.</summary>
internal readonly record struct Bucket(double UpperBound, double Count);

/// <summary>What was done to make the counts of a histogram rise: the bounds of the first and the last count that fell, and the deepest fall.</summary>
internal readonly record struct Correction(double From, double To, double Deepest)
{
    /// <summary>Both corrections as one.</summary>
    public Correction And(Correction other) => new(Math.Min(From, other.From), Math.Max(To, other.To), Math.Max(Deepest, other.Deepest));
}

/// <summary>Quantiles and fractions of classic histograms, interpolated linearly inside of buckets, as in Prometheus.</summary>
internal static class BucketMath
{
    private const double Tolerance = 1e-12;
    private const double SmallestNormal = 2.2250738585072014e-308;

    public static (double Quantile, Correction? Correction) Quantile(double q, List<Bucket> unsorted)
    {
        if (!(q is >= 0 and <= 1))
        {
            return (double.IsNaN(q) ? q : q < 0 ? double.NegativeInfinity : double.PositiveInfinity, null);
        }

        var buckets = Merged(unsorted);
        if (!double.IsPositiveInfinity(buckets[^1].UpperBound))
        {
            return (double.NaN, null);
        }

        var correction = MakeMonotonic(buckets);
        var enough = buckets.Length >= 2 && buckets[^1].Count != 0;
        return (enough ? Interpolated(q * buckets[^1].Count, buckets) : double.NaN, correction);
    }

    public static double Fraction(double lower, double upper, List<Bucket> unsorted)
    {
        var buckets = Merged(unsorted);
        var count = buckets[^1].Count;
        if (!double.IsPositiveInfinity(buckets[^1].UpperBound) || count == 0 || double.IsNaN(lower) || double.IsNaN(upper))
        {
            return double.NaN;
        }

        return lower >= upper ? 0 : (Rank(upper, buckets) - Rank(lower, buckets)) / count;
    }

    private static double Interpolated(double rank, Bucket[] buckets)
    {
        var at = Array.FindIndex(buckets, 0, buckets.Length - 1, bucket => bucket.Count >= rank);
        if (at < 0)
        {
            return buckets[^2].UpperBound;
        }

        if (at == 0)
        {
            return buckets[0].UpperBound <= 0 ? buckets[0].UpperBound : buckets[0].UpperBound * (rank / buckets[0].Count);
        }

        var (start, below) = buckets[at - 1];
        return start + ((buckets[at].UpperBound - start) * ((rank - below) / (buckets[at].Count - below)));
    }

    /// <summary>Observations up to a value; a bucket of infinite width holds none that can be told apart.</summary>
    private static double Rank(double value, Bucket[] buckets)
    {
        var rank = 0d;
        var lowerBound = buckets[0].UpperBound <= 0 ? double.NegativeInfinity : 0;
        foreach (var (upperBound, count) in buckets)
        {
            if (lowerBound >= value)
            {
                return Math.Min(rank, buckets[^1].Count);
            }

            if (upperBound > value)
            {
                var inside = double.IsNegativeInfinity(lowerBound) ? count : rank + ((count - rank) * (value - lowerBound) / (upperBound - lowerBound));
                return Math.Min(inside, buckets[^1].Count);
            }

            rank = count;
            lowerBound = upperBound;
        }

        return buckets[^1].Count;
    }

    private static Bucket[] Merged(List<Bucket> unsorted) =>
        [.. unsorted.GroupBy(bucket => bucket.UpperBound).Select(group => new Bucket(group.Key, group.Sum(bucket => bucket.Count))).OrderBy(bucket => bucket.UpperBound)];

    /// <summary>Counts never fall; none where no more than rounding had to be corrected.</summary>
    private static Correction? MakeMonotonic(Bucket[] buckets)
    {
        Correction? correction = null;
        var previous = buckets[0].Count;
        for (var i = 1; i < buckets.Length; i++)
        {
            var (bound, count) = buckets[i];
            if (AlmostEqual(previous, count))
            {
                buckets[i] = new Bucket(bound, previous);
            }
            else if (count < previous)
            {
                var fall = new Correction(bound, bound, previous - count);
                correction = correction is { } before ? before.And(fall) : fall;
                buckets[i] = new Bucket(bound, previous);
            }
            else
            {
                previous = count;
            }
        }

        return correction;
    }

    private static bool AlmostEqual(double a, double b)
    {
        if (a == b)
        {
            return true;
        }

        var sum = Math.Abs(a) + Math.Abs(b);
        var difference = Math.Abs(a - b);
        return a == 0 || b == 0 || sum < SmallestNormal
            ? difference < Tolerance * SmallestNormal
            : difference / Math.Min(sum, double.MaxValue) < Tolerance;
    }
}
