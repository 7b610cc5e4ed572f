using System.Numerics.Tensors;
using Orchestrator.Core.Metrics.Texts;

namespace Orchestrator.Core.Metrics.LabelErrors;

/// <summary>Numbers per row and column, stored row by row; NaN stands for a missing value.</summary>
public sealed class FeatureMatrix
{
    private readonly double[] _values;

    /// <param name="columns">Columns of a row, at least 1.</param>
    /// <param name="values">Row-major values; the length is a multiple of <paramref name="columns"/>.</param>
    public FeatureMatrix(int columns, double[] values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length % columns, 0);
        Columns = columns;
        Rows = values.Length / columns;
        _values = values;
    }

    public int Columns { get; }

    public int Rows { get; }

    public ReadOnlySpan<double> Row(int row) => _values.AsSpan(row * Columns, Columns);

    /// <summary>Each column with mean 0 and standard deviation 1 over its present values; missing values become 0, a constant column all zeros.</summary>
    /// <remarks>The sums run in ascending order of the values, so the order of the rows changes no bit.</remarks>
    /// <param name="weights">What each column's standard deviation becomes; 1 where not given.</param>
    public FeatureMatrix Standardised(ReadOnlySpan<double> weights = default)
    {
        var values = new double[_values.Length];
        for (var column = 0; column < Columns; column++)
        {
            var (mean, deviation) = Moments(column);
            var weight = weights.IsEmpty ? 1 : weights[column];
            for (var i = column; i < _values.Length; i += Columns)
            {
                var known = double.IsFinite(_values[i]) && deviation > 0;
                values[i] = known ? (_values[i] - mean) / deviation * weight : 0;
            }
        }

        return new(Columns, values);
    }

    /// <summary>Each row with length 1, so that the distance of two follows from the angle between them; a row of zeros stays.</summary>
    public FeatureMatrix OfUnitLength()
    {
        var values = (double[])_values.Clone();
        for (var row = 0; row < Rows; row++)
        {
            var cells = values.AsSpan(row * Columns, Columns);
            if (TensorPrimitives.Norm<double>(cells) is > 0 and var length)
            {
                TensorPrimitives.Divide(cells, length, cells);
            }
        }

        return new(Columns, values);
    }

    /// <summary>The same rows, what is zero left out.</summary>
    public SparseRows Sparse() => SparseRows.Of(Columns, Enumerable.Range(0, Rows).Select(row =>
        Row(row).ToArray().Select((value, column) => KeyValuePair.Create(column, value)).Where(cell => cell.Value != 0).ToList()));

    private (double Mean, double Deviation) Moments(int column)
    {
        var present = new List<double>(Rows);
        for (var i = column; i < _values.Length; i += Columns)
        {
            if (double.IsFinite(_values[i]))
            {
                present.Add(_values[i]);
            }
        }

        present.Sort();
        if (present.Count == 0 || present[0].Equals(present[^1]))
        {
            return (0, 0);
        }

        var mean = present.Sum() / present.Count;
        return (mean, Math.Sqrt(present.Sum(value => (value - mean) * (value - mean)) / present.Count));
    }

    public static double Distance(ReadOnlySpan<double> left, ReadOnlySpan<double> right) => TensorPrimitives.Distance(left, right);
}
