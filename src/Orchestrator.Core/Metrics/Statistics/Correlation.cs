namespace Orchestrator.Core.Metrics.Statistics;

/// <summary>A correlation of so many rows.</summary>
public readonly record struct Correlation(double Coefficient, long Rows)
{
    /// <summary>Two-sided p under independence: Student's t with n − 2 degrees of freedom, as scipy has it for Pearson's and Spearman's coefficients.</summary>
    public double PValue => Rows < 3 ? 1 : IncompleteBeta.Regularized((Rows - 2) / 2.0, 0.5, Math.Max(0, 1 - (Coefficient * Coefficient)));

    /// <summary>What is common to the correlations within strata: Fisher's z weighted by n − 3; p is that of a standard normal (Hedges and Olkin 1985).</summary>
    /// <returns>Null where no stratum has more rows than the least.</returns>
    public static (Correlation Pooled, double PValue)? Within(IEnumerable<Correlation> strata, int leastRows)
    {
        var known = strata.Where(stratum => stratum.Rows >= leastRows && double.IsFinite(stratum.Coefficient)).ToArray();
        if (known.Length == 0)
        {
            return null;
        }

        var weight = known.Sum(stratum => stratum.Rows - 3.0);
        var z = known.Sum(stratum => (stratum.Rows - 3.0) * Math.Atanh(Math.Clamp(stratum.Coefficient, -Nearly1, Nearly1))) / weight;
        return (new(Math.Tanh(z), known.Sum(stratum => stratum.Rows)), GammaFunction.UpperRegularized(0.5, z * z * weight / 2));
    }

    private const double Nearly1 = 1 - 1e-12;
}
