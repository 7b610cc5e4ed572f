namespace Orchestrator.Core.Metrics.Statistics;

/// <summary>Mean negative logarithm of the probability given to what was true, in nats; stated probabilities are clipped to [1e-15, 1 − 1e-15].</summary>
public static class LogLoss
{
    public const double Clip = 1e-15;

    /// <param name="probabilities">Probability of the positive class.</param>
    public static double Binary(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> positives)
    {
        double sum = 0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            var p = Math.Clamp(probabilities[i], Clip, 1 - Clip);
            sum -= Math.Log(positives[i] ? p : 1 - p);
        }

        return sum / probabilities.Length;
    }

    public static double Multiclass(ClassProbabilities probabilities, ReadOnlySpan<int> labels)
    {
        double sum = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            sum -= Math.Log(Math.Clamp(probabilities[i, labels[i]], Clip, 1 - Clip));
        }

        return sum / labels.Length;
    }
}
