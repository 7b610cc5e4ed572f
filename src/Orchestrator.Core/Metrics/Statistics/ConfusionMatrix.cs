namespace Orchestrator.Core.Metrics.Statistics;

/// <summary>Row counts by given class and predicted class, with the measures that follow from them alone.</summary>
/// <remarks>A ratio whose denominator is zero is 0, as scikit-learn's <c>zero_division=0</c>; callers that must not report such a number ask <see cref="Support"/> and <see cref="Predicted"/>.</remarks>
public sealed class ConfusionMatrix
{
    private readonly long[,] _counts;

    /// <param name="counts">Square; first index the given class, second the predicted one.</param>
    public ConfusionMatrix(long[,] counts)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(counts.GetLength(0), counts.GetLength(1));
        _counts = counts;
        foreach (var count in counts)
        {
            Rows += count;
        }
    }

    public int Classes => _counts.GetLength(0);

    public long Rows { get; }

    public long this[int label, int prediction] => _counts[label, prediction];

    public static ConfusionMatrix Count(ReadOnlySpan<int> labels, ReadOnlySpan<int> predictions, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(labels.Length, predictions.Length);
        var counts = new long[classes, classes];
        for (var i = 0; i < labels.Length; i++)
        {
            counts[labels[i], predictions[i]]++;
        }

        return new ConfusionMatrix(counts);
    }

    /// <summary>Rows that carry the label.</summary>
    public long Support(int @class) => Sum(other => _counts[@class, other]);

    /// <summary>Rows for which the class was predicted.</summary>
    public long Predicted(int @class) => Sum(other => _counts[other, @class]);

    public long Correct => Sum(@class => _counts[@class, @class]);

    public double Accuracy => Ratio(Correct, Rows);

    public double Precision(int @class) => Ratio(_counts[@class, @class], Predicted(@class));

    public double Recall(int @class) => Ratio(_counts[@class, @class], Support(@class));

    public double F1(int @class) => Ratio(2 * _counts[@class, @class], Support(@class) + Predicted(@class));

    /// <summary>Unweighted mean over the classes that occur as label or prediction.</summary>
    public double MacroPrecision => Macro(Precision);

    /// <inheritdoc cref="MacroPrecision"/>
    public double MacroRecall => Macro(Recall);

    /// <inheritdoc cref="MacroPrecision"/>
    public double MacroF1 => Macro(F1);

    /// <summary>Matthews correlation for any number of classes (Gorodkin 2004); 0 where a margin is degenerate.</summary>
    public double Mcc
    {
        get
        {
            double agreement = 0, predicted = 0, given = 0;
            for (var k = 0; k < Classes; k++)
            {
                agreement += (double)Support(k) * Predicted(k);
                predicted += (double)Predicted(k) * Predicted(k);
                given += (double)Support(k) * Support(k);
            }

            var square = (double)Rows * Rows;
            var scale = Math.Sqrt(square - predicted) * Math.Sqrt(square - given);
            return scale > 0 ? (((double)Correct * Rows) - agreement) / scale : 0;
        }
    }

    private double Macro(Func<int, double> measure)
    {
        var present = Enumerable.Range(0, Classes).Where(k => Support(k) + Predicted(k) > 0).ToArray();
        return present.Length == 0 ? 0 : present.Sum(measure) / present.Length;
    }

    private long Sum(Func<int, long> term)
    {
        long sum = 0;
        for (var k = 0; k < Classes; k++)
        {
            sum += term(k);
        }

        return sum;
    }

    private static double Ratio(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
