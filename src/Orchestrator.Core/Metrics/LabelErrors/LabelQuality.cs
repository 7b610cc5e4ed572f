using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Metrics.LabelErrors;

/// <summary>How far the probabilities of a row support its given label; low means suspect.</summary>
public static class LabelQuality
{
    /// <summary>The probability of the given label.</summary>
    public static double[] SelfConfidence(ClassProbabilities probabilities, ReadOnlySpan<int> labels)
    {
        var scores = new double[labels.Length];
        for (var row = 0; row < scores.Length; row++)
        {
            scores[row] = probabilities[row, labels[row]];
        }

        return scores;
    }

    /// <summary>(p of the given label − highest other p + 1) / 2, between 0 and 1.</summary>
    public static double[] NormalizedMargin(ClassProbabilities probabilities, ReadOnlySpan<int> labels)
    {
        var scores = new double[labels.Length];
        for (var row = 0; row < scores.Length; row++)
        {
            scores[row] = (probabilities[row, labels[row]] - HighestOther(probabilities.Row(row), labels[row]) + 1) / 2;
        }

        return scores;
    }

    /// <summary>Row numbers from the lowest score to the highest; equals in row order.</summary>
    public static int[] Ranking(double[] scores) => [.. Enumerable.Range(0, scores.Length).OrderBy(row => scores[row])];

    private static double HighestOther(ReadOnlySpan<double> probabilities, int label)
    {
        var highest = 0.0;
        for (var k = 0; k < probabilities.Length; k++)
        {
            highest = k == label ? highest : Math.Max(highest, probabilities[k]);
        }

        return highest;
    }
}
