using Orchestrator.Core.Metrics.Statistics;
using Orchestrator.Core.Metrics.Texts;

namespace Orchestrator.Core.Metrics.LabelErrors;

/// <summary>Class probabilities of each row by multinomial naive Bayes on the term counts of the other folds, every count raised by one (Laplace).</summary>
/// <remarks>Counts are whole numbers, so neither the order of the rows nor that of the terms changes a sum.</remarks>
public static class NaiveBayes
{
    /// <param name="folds">The fold of each row, from 0.</param>
    public static ClassProbabilities OutOfFold(SparseRows terms, ReadOnlySpan<int> labels, int classes, ReadOnlySpan<int> folds)
    {
        var all = new ClassTerms(classes, terms.Columns);
        for (var row = 0; row < terms.Rows; row++)
        {
            all.Add(terms, row, labels[row], 1);
        }

        var values = new double[terms.Rows * classes];
        foreach (var fold in folds.ToArray().Distinct().Order())
        {
            Score(terms, labels, folds, (fold, Without(all, terms, labels, folds, fold)), values);
        }

        return new(classes, values);
    }

    private static ClassTerms Without(ClassTerms all, SparseRows terms, ReadOnlySpan<int> labels, ReadOnlySpan<int> folds, int fold)
    {
        var kept = all.Copy();
        for (var row = 0; row < terms.Rows; row++)
        {
            if (folds[row] == fold)
            {
                kept.Add(terms, row, labels[row], -1);
            }
        }

        return kept;
    }

    private static void Score(SparseRows terms, ReadOnlySpan<int> labels, ReadOnlySpan<int> folds, (int Fold, ClassTerms Others) part, double[] values)
    {
        var (priors, weights) = part.Others.Logarithms();
        var classes = priors.Length;
        for (var row = 0; row < labels.Length; row++)
        {
            if (folds[row] == part.Fold)
            {
                var scores = values.AsSpan(row * classes, classes);
                priors.CopyTo(scores);
                Add(terms.Indices(row), terms.Values(row), weights, scores);
                ClassProbabilities.Normalise(scores);
            }
        }
    }

    private static void Add(ReadOnlySpan<int> indices, ReadOnlySpan<double> counts, double[][] weights, Span<double> scores)
    {
        for (var i = 0; i < indices.Length; i++)
        {
            for (var k = 0; k < scores.Length; k++)
            {
                scores[k] += counts[i] * weights[k][indices[i]];
            }
        }
    }

    /// <summary>Rows of each class and how often each term occurs in them.</summary>
    private sealed class ClassTerms(int classes, int terms)
    {
        private readonly double[] _rows = new double[classes];
        private readonly double[][] _counts = [.. Enumerable.Range(0, classes).Select(_ => new double[terms])];

        public void Add(SparseRows rows, int row, int label, int sign)
        {
            _rows[label] += sign;
            var values = rows.Values(row);
            var indices = rows.Indices(row);
            for (var i = 0; i < indices.Length; i++)
            {
                _counts[label][indices[i]] += sign * values[i];
            }
        }

        public ClassTerms Copy()
        {
            var copy = new ClassTerms(classes, terms);
            _rows.CopyTo(copy._rows, 0);
            for (var k = 0; k < classes; k++)
            {
                _counts[k].CopyTo(copy._counts[k], 0);
            }

            return copy;
        }

        /// <summary>Log of the class's share, and of each term's share among the terms of the class; a class without rows is impossible.</summary>
        public (double[] Priors, double[][] Weights) Logarithms()
        {
            var all = Math.Max(1, _rows.Sum());
            return (
                [.. _rows.Select(rows => Math.Log(rows / all))],
                [.. _counts.Select(counts =>
                {
                    var total = Math.Log(counts.Sum() + terms);
                    return counts.Select(count => Math.Log(count + 1) - total).ToArray();
                })]);
        }
    }
}
