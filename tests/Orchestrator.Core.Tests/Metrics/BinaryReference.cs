using System.Text.Json;
using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Tests.Metrics;

/// <summary>Compares every measure of a binary model with one block of reference values.</summary>
internal static class BinaryReference
{
    public static void Check(JsonElement expected, double[] probabilities, bool[] positives, double tolerance, string what)
    {
        Assert.Equal(expected.GetProperty("n").GetInt32(), positives.Length);
        if (!expected.TryGetProperty("tp", out _))
        {
            return;
        }

        var matrix = ConfusionMatrix.Count([.. positives.Select(Index)], [.. probabilities.Select(p => Index(p >= 0.5))], 2);
        void Same(string name, double? actual, double rounding = 0)
        {
            var reference = expected.GetProperty(name);
            Assert.True(reference.ValueKind == JsonValueKind.Null ? actual is null : Math.Abs(reference.GetDouble() - actual!.Value) <= tolerance + rounding,
                $"{what} {name}: {actual} is not {reference}");
        }

        Same("tp", matrix[1, 1]);
        Same("fp", matrix[0, 1]);
        Same("fn", matrix[1, 0]);
        Same("tn", matrix[0, 0]);
        Same("accuracy", matrix.Accuracy);
        Same("precision", matrix.Precision(1));
        Same("recall", matrix.Recall(1));
        Same("specificity", matrix.Recall(0));
        Same("f1", matrix.F1(1));
        Same("mcc", matrix.Mcc);
        Same("roc_auc", Auroc.Binary(probabilities, positives));
        Same("average_precision", AveragePrecision.Binary(probabilities, positives));
        Same("log_loss", LogLoss.Binary(probabilities, positives), LastBit(probabilities, positives));
        Same("brier", Brier.Binary(probabilities, positives));
        Same("ece_10", CalibrationError.Binary(probabilities, positives));
    }

    /// <summary>What one rounding of each probability changes in the log loss: near certainty 1 − p has few digits left, and exponentials differ in the last one between libraries.</summary>
    private static double LastBit(double[] probabilities, bool[] positives) =>
        probabilities.Where((p, i) => !positives[i] && p > 0.5 && p < 1 - LogLoss.Clip).Sum(p => (1 - Math.BitDecrement(1.0)) / (1 - p)) / probabilities.Length;

    private static int Index(bool positive) => positive ? 1 : 0;
}
