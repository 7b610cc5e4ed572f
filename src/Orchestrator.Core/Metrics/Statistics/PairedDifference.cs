namespace Orchestrator.Core.Metrics.Statistics;

/// <summary>By how much two models differ on the same rows, and how sure that is.</summary>
/// <param name="StandardError">Of the difference; 0 where the rows say nothing of how it varies.</param>
/// <param name="Freedom">Degrees of freedom of the standard error.</param>
/// <param name="Changed">Rows on which the two models do not say the same.</param>
public sealed record PairedDifference(double Value, double StandardError, double Freedom, int Changed)
{
    /// <summary>Two-sided p by Student's t, of which the normal is the limit of many rows.</summary>
    /// <remarks>
    /// It is never below 2 / 2^changed: were the two the same, each of those rows could as well have been the other way round, and no exact test of exchanged rows gives less
    /// (Fisher 1935). So a handful of rows that all moved alike, which do not vary at all, prove no more than they would by McNemar's test.
    /// </remarks>
    public double PValue => Value == 0 ? 1 : Math.Min(1, Math.Max(2 * Math.Pow(2, -Changed), ByStudent));

    private double ByStudent => StandardError > 0
        ? IncompleteBeta.Regularized(Freedom / 2, 0.5, Freedom / (Freedom + (Value / StandardError * (Value / StandardError))))
        : 0;
}
