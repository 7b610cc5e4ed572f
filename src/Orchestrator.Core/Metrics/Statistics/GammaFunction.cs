namespace Orchestrator.Core.Metrics.Statistics;

/// <summary>The logarithm of Γ and the incomplete Γ that tail probabilities are made of.</summary>
internal static class GammaFunction
{
    private const double HalfLogTwoPi = 0.91893853320467274178;
    private const int Shifted = 15;
    private const int MostTerms = 100_000;

    /// <summary>ln Γ(x) for x &gt; 0, by Stirling's series; small arguments are shifted up to where it holds.</summary>
    public static double Log(double x)
    {
        var shift = 0.0;
        for (; x < Shifted; x++)
        {
            shift += Math.Log(x);
        }

        return ((x - 0.5) * Math.Log(x)) - x + HalfLogTwoPi + StirlingError(x) - shift;
    }

    /// <summary>ln k! less Stirling's formula, as by Loader (2000): what remains stays small, so that binomial terms keep their digits.</summary>
    public static double FactorialError(double k) =>
        k >= Shifted ? StirlingError(k) : Log(k + 1) - (((k + 0.5) * Math.Log(k)) - k + HalfLogTwoPi);

    /// <summary>Q(a, x) = Γ(a, x) / Γ(a): the series below its mean, Lentz's continued fraction above it.</summary>
    public static double UpperRegularized(double a, double x)
    {
        if (x <= 0)
        {
            return 1;
        }

        var front = Math.Exp((a * Math.Log(x)) - x - Log(a));
        return x < a + 1 ? 1 - (front * Series(a, x)) : front * Fraction(a, x);
    }

    private static double StirlingError(double x)
    {
        var y = 1 / (x * x);
        return ((1 / 12.0) - ((1 / 360.0) - ((1 / 1260.0) - ((1 / 1680.0) - (y / 1188)) * y) * y) * y) / x;
    }

    private static double Series(double a, double x)
    {
        var term = 1 / a;
        var sum = term;
        for (var k = 1; k < MostTerms && term > sum * 1e-17; k++)
        {
            term *= x / (a + k);
            sum += term;
        }

        return sum;
    }

    private static double Fraction(double a, double x)
    {
        var b = x + 1 - a;
        var c = 1e300;
        var d = 1 / b;
        var fraction = d;
        for (var k = 1; k < MostTerms; k++)
        {
            var numerator = -k * (k - a);
            b += 2;
            d = 1 / ((numerator * d) + b);
            c = b + (numerator / c);
            fraction *= d * c;
            if (Math.Abs((d * c) - 1) < 1e-16)
            {
                break;
            }
        }

        return fraction;
    }
}
