namespace Orchestrator.Core.Metrics.Statistics;

/// <summary>Expected calibration error over ten equal bins of the probability: Σ share·|mean outcome − mean probability| (Guo et al. 2017).</summary>
public static class CalibrationError
{
    public const int Bins = 10;

    public static int Bin(double probability) => Math.Min((int)(Bins * probability), Bins - 1);

    /// <summary>Of the positive class's probability against the outcome.</summary>
    public static double Binary(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> positives)
    {
        var outcomes = new long[Bins];
        var sums = new double[Bins];
        for (var i = 0; i < probabilities.Length; i++)
        {
            var bin = Bin(probabilities[i]);
            outcomes[bin] += positives[i] ? 1 : 0;
            sums[bin] += probabilities[i];
        }

        return FromBins(outcomes, sums, probabilities.Length);
    }

    /// <summary>Of the highest probability against whether that class is the label.</summary>
    public static double TopLabel(ClassProbabilities probabilities, ReadOnlySpan<int> labels)
    {
        var confidence = new double[labels.Length];
        var correct = new bool[labels.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            var top = probabilities.ArgMax(i);
            confidence[i] = probabilities[i, top];
            correct[i] = top == labels[i];
        }

        return Binary(confidence, correct);
    }

    /// <summary>Share times difference of means is difference of sums over all rows: bins without rows add nothing.</summary>
    public static double FromBins(ReadOnlySpan<long> outcomes, ReadOnlySpan<double> probabilitySums, long rows)
    {
        double error = 0;
        for (var bin = 0; bin < outcomes.Length; bin++)
        {
            error += Math.Abs(outcomes[bin] - probabilitySums[bin]);
        }

        return error / rows;
    }
}
