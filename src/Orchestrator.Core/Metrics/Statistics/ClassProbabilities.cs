using System.Numerics.Tensors;

namespace Orchestrator.Core.Metrics.Statistics;

/// <summary>One probability per row and class, stored row by row.</summary>
public sealed class ClassProbabilities
{
    private readonly double[] _values;

    /// <param name="classes">Number of classes, at least 1.</param>
    /// <param name="values">Row-major values; the length is a multiple of <paramref name="classes"/>.</param>
    public ClassProbabilities(int classes, double[] values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length % classes, 0);
        Classes = classes;
        Rows = values.Length / classes;
        _values = values;
    }

    public int Classes { get; }

    public int Rows { get; }

    public double this[int row, int @class] => _values[(row * Classes) + @class];

    public ReadOnlySpan<double> Row(int row) => _values.AsSpan(row * Classes, Classes);

    /// <summary>The most probable class; of equals the first.</summary>
    public int ArgMax(int row) => TensorPrimitives.IndexOfMax(Row(row));

    /// <summary>Turns logarithms of weights into shares of their sum; by the logarithm of the sum, for near certainty it tells apart what a division makes equal.</summary>
    public static void Normalise(Span<double> logarithms)
    {
        var highest = TensorPrimitives.Max<double>(logarithms);
        if (double.IsNegativeInfinity(highest))
        {
            // Nothing has any weight: each is as likely.
            logarithms.Fill(1.0 / logarithms.Length);
            return;
        }

        var sum = 0.0;
        foreach (var logarithm in logarithms)
        {
            sum += Math.Exp(logarithm - highest);
        }

        var all = Math.Log(sum) + highest;
        for (var i = 0; i < logarithms.Length; i++)
        {
            logarithms[i] = Math.Exp(logarithms[i] - all);
        }
    }

    /// <summary>The mean of the probabilities that two models give the same rows.</summary>
    public ClassProbabilities MeanWith(ClassProbabilities other)
    {
        var mean = new double[_values.Length];
        TensorPrimitives.Add(_values, other._values, mean);
        TensorPrimitives.Multiply(mean, 0.5, mean);
        return new(Classes, mean);
    }

    /// <summary>One class's probability on every row.</summary>
    public double[] Column(int @class)
    {
        var column = new double[Rows];
        for (var row = 0; row < Rows; row++)
        {
            column[row] = this[row, @class];
        }

        return column;
    }
}
