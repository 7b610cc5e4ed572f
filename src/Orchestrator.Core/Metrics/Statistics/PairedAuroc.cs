namespace Orchestrator.Core.Metrics.Statistics;

/// <summary>How sure a difference between two models' areas under the ROC curve on the same rows is.</summary>
/// <remarks>
/// DeLong, DeLong and Clarke-Pearson (1988), by sorting as Sun and Xu (2014) do: a row's placement is the share of the other class that it is ranked rightly against; the variance is that of
/// the placements' difference, a row's share in it weighted by its class. Of more than two classes the mean of each against the rest, a row adding up what it does to each. The degrees of
/// freedom are Satterthwaite's over the classes, as Brunner and Munzel (2000) have them for placements: a class of a few rows knows little of its own variance.
/// </remarks>
public static class PairedAuroc
{
    /// <summary>The second model's area less the first one's; null where a class has fewer than two rows, or all of them.</summary>
    /// <param name="first">Scores of the first model: a column for each class that is compared, in the order of the classes.</param>
    /// <param name="classes">The class of each column.</param>
    public static PairedDifference? Compare(IReadOnlyList<double[]> first, IReadOnlyList<double[]> second, IReadOnlyList<int> labels, IReadOnlyList<int> classes)
    {
        var sizes = labels.CountBy(label => label).ToDictionary();
        if (sizes.Count < 2 || sizes.Values.Min() < 2 || classes.Any(k => !sizes.ContainsKey(k)))
        {
            return null;
        }

        var (difference, influences) = (0.0, new double[labels.Count]);
        for (var k = 0; k < classes.Count; k++)
        {
            var positives = labels.Select(label => label == classes[k]).ToArray();
            difference += Add(Placements(first[k], positives), Placements(second[k], positives), positives, influences) / classes.Count;
        }

        var parts = sizes.Select(size => (Rows: size.Value, Variance: Enumerable.Range(0, labels.Count).Where(row => labels[row] == size.Key)
            .Sum(row => Square(influences[row] / classes.Count)) * size.Value / (size.Value - 1))).ToArray();
        var variance = parts.Sum(part => part.Variance);
        var changed = Enumerable.Range(0, labels.Count).Count(row => Enumerable.Range(0, classes.Count).Any(k => first[k][row] != second[k][row]));
        return new(difference, Math.Sqrt(variance), variance > 0 ? Square(variance) / parts.Sum(part => Square(part.Variance) / (part.Rows - 1)) : 0, changed);
    }

    /// <summary>Adds what each row does to the difference of one class's areas, and gives the difference.</summary>
    private static double Add(double[] before, double[] after, bool[] positives, double[] influences)
    {
        var count = positives.Count(positive => positive);
        var difference = Enumerable.Range(0, positives.Length).Where(row => positives[row]).Sum(row => after[row] - before[row]) / count;
        for (var row = 0; row < positives.Length; row++)
        {
            influences[row] += (after[row] - before[row] - difference) / (positives[row] ? count : positives.Length - count);
        }

        return difference;
    }

    private static double Square(double value) => value * value;

    /// <summary>Of a positive row the share of negatives below it, of a negative row the share of positives above it; those that tie count half.</summary>
    private static double[] Placements(double[] scores, bool[] positives)
    {
        var rows = Enumerable.Range(0, scores.Length).ToArray();
        var sorted = (double[])scores.Clone();
        Array.Sort(sorted, rows);
        var all = positives.Count(positive => positive);
        var (placements, below) = (new double[scores.Length], (Positives: 0, Negatives: 0));
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            end = start;
            while (end < sorted.Length && sorted[end] == sorted[start])
            {
                end++;
            }

            var tied = rows[start..end].Count(row => positives[row]);
            foreach (var row in rows[start..end])
            {
                placements[row] = positives[row]
                    ? (below.Negatives + ((end - start - tied) / 2.0)) / (sorted.Length - all)
                    : (all - below.Positives - (tied / 2.0)) / all;
            }

            below = (below.Positives + tied, below.Negatives + end - start - tied);
        }

        return placements;
    }
}
