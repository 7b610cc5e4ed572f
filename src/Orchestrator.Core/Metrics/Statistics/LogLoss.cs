namespace Orchestrator.Core.Metrics.Statistics;

/// <summary>Mean negative logarithm of the probability given to what was true, in nats; that probability is clipped to [1e-15, 1 − 1e-15].</summary>
public static class LogLoss
{
    public const double Clip = 1e-15;

    /// <param name="probabilities">Probability of the positive class.</param>
    public static double Binary(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> positives)
    {
        double sum = 0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            sum += Of(positives[i] ? probabilities[i] : 1 - probabilities[i]);
        }

        return sum / probabilities.Length;
    }

    public static double Multiclass(ClassProbabilities probabilities, ReadOnlySpan<int> labels)
    {
        double sum = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            sum += Of(probabilities[i, labels[i]]);
        }

        return sum / labels.Length;
    }

    private static double Of(double probabilityOfTruth) => -Math.Log(Math.Clamp(probabilityOfTruth, Clip, 1 - Clip));
}
