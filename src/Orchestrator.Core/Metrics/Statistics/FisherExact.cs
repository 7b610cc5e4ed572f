namespace Orchestrator.Core.Metrics.Statistics;

/// <summary>Fisher's exact test of a 2×2 table of counts.</summary>
public static class FisherExact
{
    /// <summary>Tables at most this much more probable than the observed one count as equally probable, as R's <c>fisher.test</c> does.</summary>
    private const double Tolerance = 1 + 1e-7;

    /// <summary>Two-sided p: the probability of all tables with the same margins that are no more probable than the one seen.</summary>
    public static double TwoSided(long a, long b, long c, long d)
    {
        var lowest = Math.Max(0, a - d);
        var highest = Math.Min(a + b, a + c);
        var weights = Weights(lowest, highest, new Margins(a + b, a + c, a + b + c + d));
        var limit = weights[a - lowest] * Tolerance;
        double extreme = 0, all = 0;
        foreach (var weight in weights)
        {
            all += weight;
            extreme += weight <= limit ? weight : 0;
        }

        return Math.Min(1, extreme / all);
    }

    /// <summary>Hypergeometric weights relative to the mode, by the ratio of neighbours: no factorial is needed and nothing overflows.</summary>
    private static double[] Weights(long lowest, long highest, Margins margins)
    {
        var weights = new double[highest - lowest + 1];
        var mode = Math.Clamp((margins.Row + 1) * (margins.Column + 1) / (margins.All + 2), lowest, highest);
        weights[mode - lowest] = 1;
        for (var x = mode; x < highest && weights[x - lowest] > 0; x++)
        {
            weights[x + 1 - lowest] = weights[x - lowest] * margins.Step(x);
        }

        for (var x = mode; x > lowest && weights[x - lowest] > 0; x--)
        {
            weights[x - 1 - lowest] = weights[x - lowest] / margins.Step(x - 1);
        }

        return weights;
    }

    private readonly record struct Margins(long Row, long Column, long All)
    {
        /// <summary>P(x + 1) / P(x).</summary>
        public double Step(long x) => (double)(Row - x) * (Column - x) / ((double)(x + 1) * (All - Row - Column + x + 1));
    }
}
