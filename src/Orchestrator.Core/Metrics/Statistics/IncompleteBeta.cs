namespace Orchestrator.Core.Metrics.Statistics;

/// <summary>The regularised incomplete beta function, by Lentz's continued fraction.</summary>
internal static class IncompleteBeta
{
    private const int MostTerms = 100_000;

    public static double Regularized(double a, double b, double x)
    {
        if (x <= 0 || x >= 1)
        {
            return x <= 0 ? 0 : 1;
        }

        var front = Math.Exp(GammaFunction.Log(a + b) - GammaFunction.Log(a) - GammaFunction.Log(b) + (a * Math.Log(x)) + (b * Math.Log(1 - x)));
        return x < (a + 1) / (a + b + 2) ? front * Fraction(a, b, x) / a : 1 - (front * Fraction(b, a, 1 - x) / b);
    }

    private static double Fraction(double a, double b, double x)
    {
        var (c, d) = (1.0, 1 / Solid(1 - ((a + b) * x / (a + 1))));
        var fraction = d;
        for (var m = 1; m < MostTerms; m++)
        {
            var before = fraction;
            foreach (var numerator in new[] { m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m))), -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1)) })
            {
                d = 1 / Solid(1 + (numerator * d));
                c = Solid(1 + (numerator / c));
                fraction *= c * d;
            }

            if (Math.Abs(fraction - before) <= 1e-16 * Math.Abs(fraction))
            {
                break;
            }
        }

        return fraction;
    }

    /// <summary>Lentz: a denominator of zero becomes the least one that still divides.</summary>
    private static double Solid(double value) => Math.Abs(value) < 1e-300 ? 1e-300 : value;
}
