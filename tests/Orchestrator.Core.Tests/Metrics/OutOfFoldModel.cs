namespace Orchestrator.Core.Tests.Metrics;

internal static class OutOfFoldModel
{
    public const int Folds = 5;

    public static double[] Predict(double[][] features, bool[] positives, Func<double[][], bool[], Func<double[], double>> fit)
    {
        var predicted = new double[features.Length];
        for (var fold = 0; fold < Folds; fold++)
        {
            var training = Enumerable.Range(0, features.Length).Where(i => i % Folds != fold).ToArray();
            var model = fit([.. training.Select(i => features[i])], [.. training.Select(i => positives[i])]);
            for (var i = fold; i < features.Length; i += Folds)
            {
                predicted[i] = model(features[i]);
            }
        }

        return predicted;
    }
}
