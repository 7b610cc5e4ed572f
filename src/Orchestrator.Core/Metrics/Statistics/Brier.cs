namespace Orchestrator.Core.Metrics.Statistics;

/// <summary>Brier's score: mean squared difference between probability and outcome.</summary>
public static class Brier
{
    /// <summary>Over the positive class only: between 0 and 1, half of <see cref="Multiclass"/> on the same two classes.</summary>
    public static double Binary(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> positives)
    {
        double sum = 0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            sum += Square(probabilities[i] - (positives[i] ? 1 : 0));
        }

        return sum / probabilities.Length;
    }

    /// <summary>Summed over all classes, as Brier (1950) defined it: between 0 and 2.</summary>
    public static double Multiclass(ClassProbabilities probabilities, ReadOnlySpan<int> labels)
    {
        double sum = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            for (var k = 0; k < probabilities.Classes; k++)
            {
                sum += Square(probabilities[i, k] - (k == labels[i] ? 1 : 0));
            }
        }

        return sum / labels.Length;
    }

    private static double Square(double x) => x * x;
}
