namespace Orchestrator.Core.Tests.Metrics;

/// <summary>The reference model of the tabular sets: closed form, population variances plus 1e-9 of the largest one.</summary>
internal static class GaussianNaiveBayes
{
    /// <summary>Probability of the positive class, fold by fold (row position mod 5).</summary>
    public static double[] OutOfFold(double[][] features, bool[] positives) =>
        OutOfFoldModel.Predict(features, positives, Fit);

    private static Func<double[], double> Fit(double[][] features, bool[] positives)
    {
        var columns = features[0].Length;
        var smoothing = 1e-9 * Enumerable.Range(0, columns).Max(j => Moments([.. features.Select(row => row[j])]).Variance);
        var classes = new[] { false, true }.Select(value => ClassOf(features.Where((_, i) => positives[i] == value).ToArray(), smoothing)).ToArray();
        var priors = new[] { false, true }.Select(value => Math.Log((double)positives.Count(p => p == value) / positives.Length)).ToArray();
        return row => Normalised(priors[0] + Density(classes[0], row), priors[1] + Density(classes[1], row));
    }

    private static (double Mean, double Variance)[] ClassOf(double[][] rows, double smoothing) =>
        [.. Enumerable.Range(0, rows[0].Length).Select(j => Moments([.. rows.Select(row => row[j])])).Select(m => (m.Mean, m.Variance + smoothing))];

    /// <summary>By the logarithm of the sum, as scikit-learn does: near certainty the last bits decide which scores tie.</summary>
    private static double Normalised(double negative, double positive)
    {
        var highest = Math.Max(negative, positive);
        return Math.Exp(positive - (Math.Log(Math.Exp(negative - highest) + Math.Exp(positive - highest)) + highest));
    }

    private static double Density((double Mean, double Variance)[] columns, double[] row) =>
        (-0.5 * columns.Select(m => Math.Log(2 * Math.PI * m.Variance)).Sum())
        - (0.5 * columns.Select((m, j) => (row[j] - m.Mean) * (row[j] - m.Mean) / m.Variance).Sum());

    private static (double Mean, double Variance) Moments(double[] values)
    {
        var mean = values.Average();
        return (mean, values.Sum(value => (value - mean) * (value - mean)) / values.Length);
    }
}
