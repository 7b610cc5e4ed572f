namespace Orchestrator.Core.Metrics.Statistics;

/// <summary>Benjamini and Hochberg's (1995) adjustment of p values for many tests.</summary>
public static class FalseDiscoveryRate
{
    /// <summary>Adjusted p (q) values in the order of the input.</summary>
    public static double[] Adjust(ReadOnlySpan<double> pValues)
    {
        var order = Enumerable.Range(0, pValues.Length).ToArray();
        Array.Sort(pValues.ToArray(), order);
        var adjusted = new double[pValues.Length];
        var least = 1.0;
        for (var rank = pValues.Length; rank >= 1; rank--)
        {
            var i = order[rank - 1];
            least = Math.Min(least, pValues[i] * pValues.Length / rank);
            adjusted[i] = least;
        }

        return adjusted;
    }
}
