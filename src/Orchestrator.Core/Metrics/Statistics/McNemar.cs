namespace Orchestrator.Core.Metrics.Statistics;

/// <summary>McNemar's test (1947) of two classifiers on the same rows, in its exact form.</summary>
public static class McNemar
{
    /// <summary>Two-sided p of so many rows that only one and so many that only the other got right; 1 where there is none of either.</summary>
    public static double Exact(long onlyFirst, long onlySecond)
    {
        var rows = onlyFirst + onlySecond;
        var fewer = Math.Min(onlyFirst, onlySecond);

        // Of the binomial terms C(n, i) / 2^n in logarithms: 2^-n would vanish beyond 1,074 rows.
        var term = -rows * Math.Log(2);
        var tail = Math.Exp(term);
        for (long i = 0; i < fewer; i++)
        {
            term += Math.Log((double)(rows - i) / (i + 1));
            tail += Math.Exp(term);
        }

        return Math.Min(1, 2 * tail);
    }
}
