namespace Orchestrator.Core.Metrics.Statistics;

/// <summary>The two-sided distribution of Kolmogorov's statistic, by the methods that Simard and L'Ecuyer (2011) choose for each part of its range.</summary>
public static class KolmogorovSmirnov
{
    /// <summary>Up to here the exact methods are cheap.</summary>
    private const int Few = 140;

    /// <summary>p of the two-sample statistic: the one-sample distribution at n·m / (n + m) rows.</summary>
    public static double TwoSample(double statistic, long n, long m) =>
        Survival((long)Math.Round((double)n * m / (n + m), MidpointRounding.ToEven), statistic);

    /// <summary>The probability that n rows differ from their distribution by more than x.</summary>
    public static double Survival(long n, double x)
    {
        if (x >= 1 || x <= 0 || n * x <= 0.5)
        {
            return x >= 1 ? 0 : 1;
        }

        return Math.Clamp(n * x <= 1 ? 1 - Smallest(n, x) : Inside(n, x), 0, 1);
    }

    private static double Inside(long n, double x)
    {
        var square = n * x * x;
        if (x >= 0.5 || (n <= Few ? square > 4 : square >= 2.2))
        {
            return square >= 370 && n > Few ? 0 : 2 * OneSided(n, x);
        }

        var isExact = n <= Few || (n <= 100_000 && n * Math.Pow(x, 1.5) <= 1.4);
        return 1 - (isExact ? DurbinMatrix.Probability((int)n, x) : PelzGood.Probability(n, x));
    }

    /// <summary>P(Dₙ ≤ x) for 1/2n &lt; x ≤ 1/n: n!·(2x − 1/n)ⁿ.</summary>
    private static double Smallest(long n, double x) => Math.Exp(GammaFunction.Log(n + 1.0) + (n * Math.Log((2 * x) - (1.0 / n))));

    /// <summary>Smirnov's one-sided tail; its binomial terms relative to their mode, where nothing cancels.</summary>
    private static double OneSided(long n, double x)
    {
        var shift = n * x;
        var last = (long)Math.Floor(n - shift);
        var sum = Math.Exp(n * Math.Log(1 - x));
        var error = GammaFunction.FactorialError(n);
        for (long j = 1; j <= Math.Min(last, n - 1); j++)
        {
            var rest = n - j;
            var exponent = error - GammaFunction.FactorialError(j) - GammaFunction.FactorialError(rest) + (0.5 * Math.Log(n / (2 * Math.PI * j * rest)))
                + (j * Math.Log(1 + (shift / j))) + (rest * Math.Log(1 - Math.Min(1, shift / rest)));
            sum += shift / (shift + j) * Math.Exp(exponent);
        }

        return sum;
    }
}
