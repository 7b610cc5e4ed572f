namespace Orchestrator.Core.Metrics.Statistics;

/// <summary>How sure a difference between two models' areas under the ROC curve on the same rows is.</summary>
/// <remarks>
/// DeLong, DeLong and Clarke-Pearson (1988): a row's placement is the share of the other class that it is ranked rightly against; the variance is that of the placements' difference, a
/// row's share in it weighted by its class. Of more than two classes the mean of each against the rest, a row adding up what it does to each.
/// </remarks>
public static class PairedAuroc
{
    /// <summary>Two-sided p; null where one of the classes has no rows or all of them.</summary>
    /// <param name="first">Scores of the first model: a column for each class that is compared, in the order of the classes.</param>
    /// <param name="classes">The class of each column.</param>
    public static double? PValue(IReadOnlyList<double[]> first, IReadOnlyList<double[]> second, IReadOnlyList<int> labels, IReadOnlyList<int> classes)
    {
        var (n, difference, influences) = (labels.Count, 0.0, new double[labels.Count]);
        for (var k = 0; k < classes.Count; k++)
        {
            var positives = labels.Select(label => label == classes[k]).ToArray();
            var (before, after) = (Placements(first[k], positives), Placements(second[k], positives));
            var count = positives.Count(positive => positive);
            if (count == 0 || count == n)
            {
                return null;
            }

            var area = Enumerable.Range(0, n).Where(row => positives[row]).Sum(row => after[row] - before[row]) / count;
            difference += area / classes.Count;
            for (var row = 0; row < n; row++)
            {
                influences[row] += (after[row] - before[row] - area) / (positives[row] ? count : n - count) / classes.Count;
            }
        }

        var sizes = labels.CountBy(label => label).ToDictionary();
        var variance = influences.Select((influence, row) => influence * influence * sizes[labels[row]] / Math.Max(1, sizes[labels[row]] - 1)).Sum();
        return variance > 0 ? GammaFunction.UpperRegularized(0.5, difference * difference / (2 * variance)) : 1;
    }

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
