using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Metrics.LabelErrors;

/// <summary>Which rows confident learning flags; the names are those of cleanlab's <c>filter_by</c>.</summary>
public static class LabelErrorFilter
{
    /// <summary>Rows that count off the diagonal of the confident joint, unless the most probable class is the given one.</summary>
    public static bool[] ConfidentLearning(ClassProbabilities probabilities, ReadOnlySpan<int> labels)
    {
        var guesses = ConfidentJoint.Count(probabilities, labels).Guesses;
        var flags = new bool[labels.Length];
        for (var row = 0; row < flags.Length; row++)
        {
            flags[row] = guesses[row] >= 0 && guesses[row] != labels[row] && probabilities.ArgMax(row) != labels[row];
        }

        return flags;
    }

    /// <summary>For each cell off the diagonal of the calibrated joint, as many rows of the given label as it counts, those with the largest p(other) − p(given).</summary>
    public static bool[] PruneByNoiseRate(ClassProbabilities probabilities, ReadOnlySpan<int> labels)
    {
        var joint = ConfidentJoint.Count(probabilities, labels).Calibrate(labels);
        var rowsOf = RowsByLabel(labels, probabilities.Classes);
        var flags = new bool[labels.Length];
        for (var given = 0; given < probabilities.Classes; given++)
        {
            for (var other = 0; other < probabilities.Classes; other++)
            {
                FlagCell(flags, probabilities, rowsOf[given], (given, other, other == given ? 0 : joint[given, other]));
            }
        }

        return ExceptAgreeing(flags, probabilities, labels);
    }

    private static void FlagCell(bool[] flags, ClassProbabilities probabilities, List<int> rows, (int Given, int Other, int Count) cell)
    {
        // A label that at most one row carries is never pruned away.
        if (cell.Count <= 0 || rows.Count <= 1)
        {
            return;
        }

        double Margin(int row) => probabilities[row, cell.Other] - probabilities[row, cell.Given];
        var threshold = rows.Select(Margin).OrderDescending().ElementAt(Math.Min(cell.Count, rows.Count) - 1);
        foreach (var row in rows.Where(row => Margin(row) >= threshold))
        {
            flags[row] = true;
        }
    }

    private static List<int>[] RowsByLabel(ReadOnlySpan<int> labels, int classes)
    {
        var rows = Enumerable.Range(0, classes).Select(_ => new List<int>()).ToArray();
        for (var row = 0; row < labels.Length; row++)
        {
            rows[labels[row]].Add(row);
        }

        return rows;
    }

    private static bool[] ExceptAgreeing(bool[] flags, ClassProbabilities probabilities, ReadOnlySpan<int> labels)
    {
        for (var row = 0; row < flags.Length; row++)
        {
            flags[row] = flags[row] && probabilities.ArgMax(row) != labels[row];
        }

        return flags;
    }
}
