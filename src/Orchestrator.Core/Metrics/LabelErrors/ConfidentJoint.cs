using System.Collections.Immutable;
using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Metrics.LabelErrors;

/// <summary>Counts of rows by given label and by the class that the probabilities confidently say (Northcutt, Jiang, Chuang, JAIR 2021).</summary>
/// <remarks>Definitions and rounding are those of cleanlab 2.9.</remarks>
/// <param name="Thresholds">Per class, the mean probability of the class over the rows that carry it.</param>
/// <param name="Counts">First index the given label, second the confident class; the diagonal is at least 1.</param>
/// <param name="Guesses">The confident class of each row; −1 where no class passes its threshold.</param>
public sealed record ConfidentJoint(ImmutableArray<double> Thresholds, int[,] Counts, ImmutableArray<int> Guesses)
{
    private const double Slack = 1e-6;
    private const double LowestThreshold = 2 * Slack;

    public static ConfidentJoint Count(ClassProbabilities probabilities, ReadOnlySpan<int> labels)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(labels.Length, probabilities.Rows);
        var thresholds = ClassThresholds(probabilities, labels);
        var counts = new int[probabilities.Classes, probabilities.Classes];
        var guesses = ImmutableArray.CreateBuilder<int>(labels.Length);
        for (var row = 0; row < labels.Length; row++)
        {
            var guess = Guess(probabilities, thresholds, row);
            guesses.Add(guess);
            counts[labels[row], Math.Max(guess, 0)] += guess < 0 ? 0 : 1;
        }

        for (var k = 0; k < probabilities.Classes; k++)
        {
            counts[k, k] = Math.Max(1, counts[k, k]);
        }

        return new([.. thresholds], counts, guesses.MoveToImmutable());
    }

    /// <summary>Scaled so that each row sums to the rows that carry the label; integers, rounded so that row sums stay.</summary>
    public int[,] Calibrate(ReadOnlySpan<int> labels)
    {
        var classes = Thresholds.Length;
        var support = new int[classes];
        foreach (var label in labels)
        {
            support[label]++;
        }

        var scaled = ScaleToSupport(support);
        var unit = labels.Length / scaled.Cast<double>().Sum();
        var calibrated = new int[classes, classes];
        for (var k = 0; k < classes; k++)
        {
            var row = Enumerable.Range(0, classes).Select(j => scaled[k, j] * unit).ToArray();
            CopyRow(RoundedKeepingSum(row), calibrated, k);
        }

        return calibrated;
    }

    private double[,] ScaleToSupport(int[] support)
    {
        var scaled = new double[support.Length, support.Length];
        for (var k = 0; k < support.Length; k++)
        {
            var sum = Enumerable.Range(0, support.Length).Sum(j => (double)Counts[k, j]);
            for (var j = 0; j < support.Length; j++)
            {
                scaled[k, j] = Counts[k, j] / sum * support[k];
            }
        }

        return scaled;
    }

    private static void CopyRow(int[] row, int[,] matrix, int index)
    {
        for (var j = 0; j < row.Length; j++)
        {
            matrix[index, j] = row[j];
        }
    }

    private static double[] ClassThresholds(ClassProbabilities probabilities, ReadOnlySpan<int> labels)
    {
        var sums = new double[probabilities.Classes];
        var support = new int[probabilities.Classes];
        for (var row = 0; row < labels.Length; row++)
        {
            sums[labels[row]] += probabilities[row, labels[row]];
            support[labels[row]]++;
        }

        // A class without rows gets a threshold that no probability passes.
        return [.. sums.Select((sum, k) => support[k] == 0 ? double.PositiveInfinity : Math.Max(sum / support[k], LowestThreshold))];
    }

    private static int Guess(ClassProbabilities probabilities, double[] thresholds, int row)
    {
        int first = -1, passing = 0;
        for (var k = 0; k < thresholds.Length; k++)
        {
            if (probabilities[row, k] >= thresholds[k] - Slack)
            {
                first = first < 0 ? k : first;
                passing++;
            }
        }

        return passing > 1 ? probabilities.ArgMax(row) : first;
    }

    /// <summary>Rounds half to even, then moves those that were rounded furthest the other way until the rounded sum is reached again.</summary>
    internal static int[] RoundedKeepingSum(double[] values)
    {
        var rounded = values.Select(value => (int)Math.Round(value)).ToArray();
        var wanted = (int)Math.Round(values.Sum());
        for (var missing = wanted - rounded.Sum(); missing != 0; missing = wanted - rounded.Sum())
        {
            var step = Math.Sign(missing);
            // Of equal remainders the last is raised and the first lowered.
            var furthest = Enumerable.Range(0, values.Length).OrderByDescending(i => step * (values[i] - rounded[i])).ThenByDescending(i => step * i);
            foreach (var i in furthest.Take(Math.Abs(missing)).ToArray())
            {
                rounded[i] += step;
            }
        }

        return rounded;
    }
}
