namespace Orchestrator.Core.Metrics.Statistics;

/// <summary>A two-sided 95 % confidence interval.</summary>
public readonly record struct Interval(double Low, double High)
{
    private const double Z = 1.959963984540054;

    /// <summary>Of a share of rows (Wilson 1927): stays inside [0, 1] and behaves at its ends.</summary>
    public static Interval Wilson(long successes, long rows)
    {
        if (rows == 0)
        {
            return new(0, 1);
        }

        var share = (double)successes / rows;
        var z2 = Z * Z / rows;
        var centre = (share + (z2 / 2)) / (1 + z2);
        var half = Z / (1 + z2) * Math.Sqrt(((share * (1 - share)) + (z2 / 4)) / rows);
        return new(successes == 0 ? 0 : centre - half, successes == rows ? 1 : centre + half);
    }

    /// <summary>Of a mean whose standard error is known, by the normal approximation.</summary>
    public static Interval Normal(double mean, double standardError) => new(mean - (Z * standardError), mean + (Z * standardError));

    /// <summary>Of an area under the ROC curve (Hanley and McNeil 1982), cut to [0, 1].</summary>
    public static Interval HanleyMcNeil(double area, long positives, long negatives)
    {
        var q1 = area / (2 - area);
        var q2 = 2 * area * area / (1 + area);
        var variance = ((area * (1 - area)) + ((positives - 1) * (q1 - (area * area))) + ((negatives - 1) * (q2 - (area * area))))
            / ((double)positives * negatives);
        var interval = Normal(area, Math.Sqrt(Math.Max(0, variance)));
        return new(Math.Max(0, interval.Low), Math.Min(1, interval.High));
    }
}
