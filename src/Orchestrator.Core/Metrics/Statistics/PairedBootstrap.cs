namespace Orchestrator.Core.Metrics.Statistics;

/// <summary>How sure a difference between two models on the same rows is, whatever is computed from the rows: the rows are drawn anew, both models on the same ones (Efron and Tibshirani 1993, chapter 6).</summary>
/// <remarks>The draws follow SplitMix64 (Steele, Lea and Flood 2014) from one seed: the same rows always give the same number.</remarks>
public static class PairedBootstrap
{
    /// <summary>Draws of the rows: the error of the standard error is 3 % then.</summary>
    private const int Resamples = 499;

    /// <summary>The difference with its bootstrapped standard error; null where it has no value on the rows or on most draws of them.</summary>
    /// <param name="rows">Rows of both models, at least two.</param>
    /// <param name="changed">Rows on which the two do not say the same.</param>
    /// <param name="difference">Of rows by number, some of which come more than once; null where there is no value.</param>
    public static PairedDifference? Compare(int rows, int changed, Func<int[], double?> difference)
    {
        if (rows < 2 || difference([.. Enumerable.Range(0, rows)]) is not { } observed || !double.IsFinite(observed))
        {
            return null;
        }

        if (changed == 0)
        {
            return new(observed, 0, 0, 0);
        }

        var drawn = Drawn(rows).Select(difference).OfType<double>().Where(double.IsFinite).ToArray();
        return 2 * drawn.Length < Resamples ? null : new(observed, Math.Sqrt(Variance(drawn) * rows / (rows - 1)), rows - 1, changed);
    }

    private static double Variance(double[] drawn)
    {
        var mean = drawn.Average();
        return drawn.Sum(value => (value - mean) * (value - mean)) / (drawn.Length - 1);
    }

    private static IEnumerable<int[]> Drawn(int rows)
    {
        var state = 0UL;
        for (var i = 0; i < Resamples; i++)
        {
            var sample = new int[rows];
            for (var k = 0; k < rows; k++)
            {
                sample[k] = (int)(((UInt128)Next(ref state) * (uint)rows) >> 64);
            }

            yield return sample;
        }
    }

    private static ulong Next(ref ulong state)
    {
        state = unchecked(state + 0x9E3779B97F4A7C15);
        var mixed = unchecked((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB);
        return mixed ^ (mixed >> 31);
    }
}
