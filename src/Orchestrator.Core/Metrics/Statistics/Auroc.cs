namespace Orchestrator.Core.Metrics.Statistics;

/// <summary>Area under the ROC curve: the probability that a positive row scores higher than a negative one, ties counting half (Mann–Whitney).</summary>
public static class Auroc
{
    /// <summary>None where only one class is present.</summary>
    public static double? Binary(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positives)
    {
        long doubledWins = 0, negativesBelow = 0, positivesSeen = 0;
        foreach (var (positive, negative) in ScoreTies.Ascending(scores, positives))
        {
            doubledWins += positive * ((2 * negativesBelow) + negative);
            negativesBelow += negative;
            positivesSeen += positive;
        }

        return FromWins(doubledWins, positivesSeen, negativesBelow);
    }

    /// <summary>Unweighted mean of each class against the rest; none where a class has no rows or all of them.</summary>
    public static double? MacroOneVsRest(ClassProbabilities probabilities, ReadOnlySpan<int> labels)
    {
        double sum = 0;
        for (var k = 0; k < probabilities.Classes; k++)
        {
            var positives = new bool[labels.Length];
            for (var i = 0; i < labels.Length; i++)
            {
                positives[i] = labels[i] == k;
            }

            if (Binary(probabilities.Column(k), positives) is not { } area)
            {
                return null;
            }

            sum += area;
        }

        return sum / probabilities.Classes;
    }

    /// <param name="doubledWins">Twice the pairs in which the positive row scores higher, plus the pairs that tie.</param>
    public static double? FromWins(double doubledWins, long positives, long negatives) =>
        positives == 0 || negatives == 0 ? null : doubledWins / (2.0 * positives * negatives);
}
