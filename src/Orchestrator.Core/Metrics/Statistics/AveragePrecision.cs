namespace Orchestrator.Core.Metrics.Statistics;

/// <summary>Area under the precision–recall curve as a step sum over distinct thresholds: Σ (Rₙ − Rₙ₋₁)·Pₙ.</summary>
public static class AveragePrecision
{
    /// <summary>None where no row is positive.</summary>
    public static double? Binary(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positives)
    {
        long all = 0;
        foreach (var positive in positives)
        {
            all += positive ? 1 : 0;
        }

        return all == 0 ? null : StepSum(scores, positives) / all;
    }

    private static double StepSum(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positives)
    {
        double sum = 0;
        long hits = 0, seen = 0;
        foreach (var tie in ScoreTies.Ascending(scores, positives).Reverse())
        {
            hits += tie.Positives;
            seen += tie.Positives + tie.Negatives;
            sum += tie.Positives * ((double)hits / seen);
        }

        return sum;
    }
}
