using System.Numerics.Tensors;
using Orchestrator.Core.Metrics.Statistics;
using Orchestrator.Core.Metrics.Texts;

namespace Orchestrator.Core.Metrics.LabelErrors;

/// <summary>Where a softmax regression stops.</summary>
/// <param name="Penalty">Half of it times the squared weights is added to the summed negative log-likelihood; intercepts are free.</param>
/// <param name="Tolerance">Norm of the gradient per row at which the search ends.</param>
public sealed record SoftmaxOptions(double Penalty = 1, double Tolerance = 1e-5, int Steps = 100);

/// <summary>Class probabilities of rows by softmax regression, fitted by Newton's method with conjugate gradients (Nocedal, Wright: Numerical Optimization, algorithm 7.1).</summary>
/// <remarks>Of two classes there is one vector of weights, so that the penalty is that of logistic regression.</remarks>
public sealed class SoftmaxRegression
{
    private readonly int _classes;
    private readonly int _width;
    private double[] _weights;

    private SoftmaxRegression(int classes, int columns)
    {
        _classes = classes;
        // Column by column the weights of its classes; the intercepts last.
        _width = classes == 2 ? 1 : classes;
        _weights = new double[(columns + 1) * _width];
    }

    /// <param name="folds">The fold of each row, from 0.</param>
    public static ClassProbabilities OutOfFold(SparseRows rows, ReadOnlySpan<int> labels, int classes, ReadOnlySpan<int> folds, SoftmaxOptions options)
    {
        var values = new double[rows.Rows * classes];
        foreach (var fold in folds.ToArray().Distinct().Order())
        {
            var (kept, asked) = Split(folds, fold);
            var model = new SoftmaxRegression(classes, rows.Columns);
            model.Fit(new(rows, kept, labels.ToArray()), options);
            foreach (var row in asked)
            {
                model.Probabilities(rows, row, model._weights, values.AsSpan(row * classes, classes));
            }
        }

        return new(classes, values);
    }

    private static (int[] Kept, int[] Asked) Split(ReadOnlySpan<int> folds, int fold)
    {
        var all = folds.ToArray();
        var rows = Enumerable.Range(0, all.Length).ToLookup(row => all[row] == fold);
        return ([.. rows[false]], [.. rows[true]]);
    }

    private void Fit(Examples examples, SoftmaxOptions options)
    {
        var probabilities = new double[examples.Kept.Length * _classes];
        var loss = Loss(examples, _weights, probabilities, options.Penalty);
        for (var step = 0; step < options.Steps; step++)
        {
            var gradient = Gradient(examples, probabilities, options.Penalty);
            var norm = TensorPrimitives.Norm<double>(gradient);
            if (norm <= options.Tolerance * examples.Kept.Length)
            {
                return;
            }

            var move = Direction(examples, probabilities, gradient, (options.Penalty, Math.Min(0.5, Math.Sqrt(norm / examples.Kept.Length))));
            if (Search(examples, probabilities, (move, TensorPrimitives.Dot<double>(gradient, move), loss), options.Penalty) is not { } lower)
            {
                return;
            }

            loss = lower;
        }
    }

    /// <summary>Halves the move until the loss falls enough (Armijo); null where it does not.</summary>
    private double? Search(Examples examples, double[] probabilities, (double[] Move, double Slope, double Loss) from, double penalty)
    {
        var candidate = new double[_weights.Length];
        for (var length = 1.0; length > 1e-10; length /= 2)
        {
            TensorPrimitives.MultiplyAdd(from.Move, length, _weights, candidate);
            var loss = Loss(examples, candidate, probabilities, penalty);
            if (loss <= from.Loss + (1e-4 * length * from.Slope))
            {
                _weights = candidate;
                return loss;
            }
        }

        return null;
    }

    /// <summary>Solves Hessian · move = −gradient to the given share of the gradient's norm.</summary>
    private double[] Direction(Examples examples, double[] probabilities, double[] gradient, (double Penalty, double Share) to)
    {
        var move = new double[gradient.Length];
        var rest = gradient.Select(value => -value).ToArray();
        var direction = (double[])rest.Clone();
        var square = TensorPrimitives.SumOfSquares<double>(rest);
        var enough = square * to.Share * to.Share;
        for (var step = 0; step < gradient.Length && square > enough; step++)
        {
            var curved = Curved(examples, probabilities, direction, to.Penalty);
            var length = square / TensorPrimitives.Dot<double>(direction, curved);
            TensorPrimitives.MultiplyAdd(direction, length, move, move);
            TensorPrimitives.MultiplyAdd(curved, -length, rest, rest);
            var next = TensorPrimitives.SumOfSquares<double>(rest);
            TensorPrimitives.MultiplyAdd(direction, next / square, rest, direction);
            square = next;
        }

        return move;
    }

    /// <summary>The loss at some weights; the probabilities of the kept rows are written.</summary>
    private double Loss(Examples examples, double[] weights, double[] probabilities, double penalty)
    {
        var loss = 0.5 * penalty * TensorPrimitives.SumOfSquares(weights.AsSpan(..^_width));
        for (var i = 0; i < examples.Kept.Length; i++)
        {
            var row = probabilities.AsSpan(i * _classes, _classes);
            Probabilities(examples.Rows, examples.Kept[i], weights, row);
            loss -= Math.Log(Math.Max(row[examples.Labels[examples.Kept[i]]], double.Epsilon));
        }

        return loss;
    }

    private double[] Gradient(Examples examples, double[] probabilities, double penalty)
    {
        var gradient = Penalised(_weights, penalty);
        Span<double> error = stackalloc double[_width];
        for (var i = 0; i < examples.Kept.Length; i++)
        {
            var label = examples.Labels[examples.Kept[i]];
            for (var k = 0; k < _width; k++)
            {
                error[k] = probabilities[(i * _classes) + Class(k)] - (label == Class(k) ? 1 : 0);
            }

            Spread(examples.Rows, examples.Kept[i], error, gradient);
        }

        return gradient;
    }

    /// <summary>Hessian · direction.</summary>
    private double[] Curved(Examples examples, double[] probabilities, double[] direction, double penalty)
    {
        var curved = Penalised(direction, penalty);
        Span<double> slope = stackalloc double[_width];
        for (var i = 0; i < examples.Kept.Length; i++)
        {
            Dot(examples.Rows, examples.Kept[i], direction, slope);
            var mean = 0.0;
            for (var k = 0; k < _width; k++)
            {
                mean += probabilities[(i * _classes) + Class(k)] * slope[k];
            }

            for (var k = 0; k < _width; k++)
            {
                slope[k] = probabilities[(i * _classes) + Class(k)] * (slope[k] - mean);
            }

            Spread(examples.Rows, examples.Kept[i], slope, curved);
        }

        return curved;
    }

    /// <summary>Of two classes the one vector speaks for the second.</summary>
    private int Class(int vector) => _width == 1 ? 1 : vector;

    private double[] Penalised(double[] weights, double penalty)
    {
        var scaled = new double[weights.Length];
        TensorPrimitives.Multiply(weights.AsSpan(..^_width), penalty, scaled.AsSpan(..^_width));
        return scaled;
    }

    private void Probabilities(SparseRows rows, int row, double[] weights, Span<double> probabilities)
    {
        probabilities.Clear();
        Dot(rows, row, weights, probabilities[(_classes - _width)..]);
        ClassProbabilities.Normalise(probabilities);
    }

    private void Dot(SparseRows rows, int row, double[] weights, Span<double> sums)
    {
        weights.AsSpan(^_width..).CopyTo(sums);
        var indices = rows.Indices(row);
        var values = rows.Values(row);
        for (var i = 0; i < indices.Length; i++)
        {
            var column = weights.AsSpan(indices[i] * _width, _width);
            for (var k = 0; k < column.Length; k++)
            {
                sums[k] += values[i] * column[k];
            }
        }
    }

    private void Spread(SparseRows rows, int row, ReadOnlySpan<double> factors, double[] into)
    {
        var indices = rows.Indices(row);
        var values = rows.Values(row);
        for (var i = 0; i < indices.Length; i++)
        {
            var column = into.AsSpan(indices[i] * _width, _width);
            for (var k = 0; k < column.Length; k++)
            {
                column[k] += values[i] * factors[k];
            }
        }

        for (var k = 0; k < _width; k++)
        {
            into[^(_width - k)] += factors[k];
        }
    }

    private sealed record Examples(SparseRows Rows, int[] Kept, int[] Labels);
}
