namespace Orchestrator.Core.Metrics.Statistics;

/// <summary>Rows of the reference and of the current data in one bin or category.</summary>
public readonly record struct CountPair(long Reference, long Current)
{
    public double Sum => (double)Reference + Current;
}

/// <summary>How far two distributions over the same bins or categories are apart.</summary>
public static class Divergence
{
    /// <summary>A share of zero counts as this much, so that one empty bin does not make the index infinite.</summary>
    private const double LeastShare = 1e-4;

    /// <summary>Population stability index: Σ (c − r)·ln(c / r).</summary>
    public static double StabilityIndex(CountPair[] counts) => Shares(counts).Sum(share =>
    {
        var (r, c) = (share.R > 0 ? share.R : LeastShare, share.C > 0 ? share.C : LeastShare);
        return (c - r) * Math.Log(c / r);
    });

    /// <summary>Jensen–Shannon distance: the root of the divergence in base 2, 0 to 1.</summary>
    public static double JensenShannon(CountPair[] counts)
    {
        var divergence = Shares(counts).Sum(share =>
        {
            var middle = (share.R + share.C) / 2;
            return (Information(share.R, middle) + Information(share.C, middle)) / 2;
        });
        return Math.Sqrt(Math.Max(0, divergence));
    }

    public static double Hellinger(CountPair[] counts) =>
        Math.Sqrt(Shares(counts).Sum(share => (Math.Sqrt(share.R) - Math.Sqrt(share.C)) * (Math.Sqrt(share.R) - Math.Sqrt(share.C))) / 2);

    /// <summary>Total variation: half the sum of the differences of the shares.</summary>
    public static double TotalVariation(CountPair[] counts) => Shares(counts).Sum(share => Math.Abs(share.R - share.C)) / 2;

    /// <summary>L∞: the largest difference of a share.</summary>
    public static double LargestDifference(CountPair[] counts) => Shares(counts).Max(share => Math.Abs(share.R - share.C));

    private static double Information(double share, double middle) => share > 0 ? share * Math.Log2(share / middle) : 0;

    private static (double R, double C)[] Shares(CountPair[] counts)
    {
        double reference = counts.Sum(count => count.Reference), current = counts.Sum(count => count.Current);
        return [.. counts.Select(count => (count.Reference / reference, count.Current / current))];
    }
}
