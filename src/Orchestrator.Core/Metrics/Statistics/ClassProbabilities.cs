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
