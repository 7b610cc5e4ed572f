namespace Orchestrator.Core.Metrics.Statistics;

/// <summary>Kolmogorov's distribution for many rows: the expansion of Pelz and Good (1976) in powers of 1/√n, in the form that converges for small z.</summary>
internal static class PelzGood
{
    private static readonly double _rootTwoPi = Math.Sqrt(2 * Math.PI);

    public static double Probability(long n, double x)
    {
        var z = Math.Sqrt(n) * x;
        var root = Math.Sqrt(n);
        var (odd, all) = (Odd(z), All(z));
        return odd[0] + (odd[1] / root) + ((odd[2] + all.Second) / n) + ((odd[3] + all.Third) / (n * root));
    }

    /// <summary>The sums over odd integers.</summary>
    private static double[] Odd(double z)
    {
        var (z2, pi2) = (z * z, Math.PI * Math.PI);
        var (z4, z6, pi4, pi6) = (z2 * z2, z2 * z2 * z2, pi2 * pi2, pi2 * pi2 * pi2);
        var sums = new double[4];
        for (var k = Terms(z); k > 0; k--)
        {
            double m = (2 * k) - 1, m2 = m * m, m4 = m2 * m2, m6 = m4 * m2;
            var weight = Math.Exp(-pi2 * m2 / (8 * z2)) * _rootTwoPi;
            sums[0] += weight;
            sums[1] += weight * (-z2 + (pi2 / 4 * m2));
            sums[2] += weight * ((6 * z6) + (2 * z4) + (((2 * z4) - (5 * z2)) * pi2 / 4 * m2) + (pi4 * (1 - (2 * z2)) / 16 * m4));
            sums[3] += weight * ((-30 * z6) - (90 * z4 * z4) + (pi2 * ((135 * z4) - (96 * z6)) / 4 * m2) + (pi4 * ((-60 * z2) + (212 * z4)) / 16 * m4)
                + (pi6 * (5 - (30 * z2)) / 64 * m6));
        }

        return [sums[0] / z, sums[1] / (6 * z4), sums[2] / (72 * z6 * z), sums[3] / (6480 * z6 * z4)];
    }

    /// <summary>The further sums over all integers of the terms in 1/n and 1/n√n.</summary>
    private static (double Second, double Third) All(double z)
    {
        var (z2, pi2) = (z * z, Math.PI * Math.PI);
        double second = 0, third = 0;
        for (var k = Terms(z); k > 0; k--)
        {
            double k2 = (double)k * k, weight = k2 * Math.Exp(-pi2 * k2 / (2 * z2));
            second += weight;
            third += weight * ((3 * z2) - (pi2 * k2));
        }

        return (second * pi2 * _rootTwoPi / (-36 * z2 * z), third * pi2 * _rootTwoPi / (216 * z2 * z2 * z2));
    }

    private static int Terms(double z) => (int)Math.Ceiling(16 * z / Math.PI);
}
