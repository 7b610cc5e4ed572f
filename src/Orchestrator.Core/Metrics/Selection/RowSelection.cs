using System.Collections.Immutable;
using Orchestrator.Core.Metrics.LabelErrors;

namespace Orchestrator.Core.Metrics.Selection;

/// <summary>Chooses the rows that are most worth a label; the same rows in any order give the same choice.</summary>
public static class RowSelection
{
    /// <summary>The rows on which the two likeliest classes are closest (margin sampling, Scheffer et al. 2001), the closest first.</summary>
    /// <param name="probabilities">One probability a class for each row.</param>
    public static ImmutableArray<RankedRow> Uncertain(IReadOnlyList<string> ids, IReadOnlyList<double[]> probabilities, int budget) =>
        [.. Enumerable.Range(0, ids.Count).Select(row => new RankedRow(row, 1 - Margin(probabilities[row])))
            .OrderByDescending(ranked => ranked.Score).ThenBy(ranked => ids[ranked.Row], StringComparer.Ordinal).Take(budget)];

    /// <summary>Each next row is the one farthest from what is known or chosen already (greedy k-center, Gonzalez 1985), so that no region stays uncovered.</summary>
    /// <param name="known">Rows of the same columns that are learnt from already; none where it has no rows.</param>
    public static ImmutableArray<RankedRow> Diverse(IReadOnlyList<string> ids, FeatureMatrix rows, FeatureMatrix? known, int budget)
    {
        var nearest = Nearest(rows, known ?? Centre(rows));
        var widest = nearest.DefaultIfEmpty(0).Max();
        var chosen = ImmutableArray.CreateBuilder<RankedRow>();
        var left = Enumerable.Range(0, rows.Rows).OrderBy(row => ids[row], StringComparer.Ordinal).ToList();
        while (chosen.Count < budget && left.Count > 0)
        {
            var next = left.MaxBy(row => nearest[row]);
            chosen.Add(new RankedRow(next, widest > 0 ? nearest[next] / widest : 0));
            left.Remove(next);
            foreach (var row in left)
            {
                nearest[row] = Math.Min(nearest[row], FeatureMatrix.Distance(rows.Row(row), rows.Row(next)));
            }
        }

        return chosen.ToImmutable();
    }

    /// <summary>The rows nearest to any of some examples, such as the failures in a segment; the nearest first.</summary>
    public static ImmutableArray<RankedRow> Similar(IReadOnlyList<string> ids, FeatureMatrix rows, FeatureMatrix examples, int budget)
    {
        var nearest = Nearest(rows, examples);
        return [.. Enumerable.Range(0, rows.Rows).Select(row => new RankedRow(row, 1 / (1 + nearest[row])))
            .OrderByDescending(ranked => ranked.Score).ThenBy(ranked => ids[ranked.Row], StringComparer.Ordinal).Take(budget)];
    }

    private static double Margin(double[] probabilities)
    {
        var (first, second) = (0.0, 0.0);
        foreach (var probability in probabilities)
        {
            (first, second) = probability > first ? (probability, first) : (first, Math.Max(second, probability));
        }

        return first - second;
    }

    private static double[] Nearest(FeatureMatrix rows, FeatureMatrix others)
    {
        var nearest = new double[rows.Rows];
        for (var row = 0; row < rows.Rows; row++)
        {
            nearest[row] = double.PositiveInfinity;
            for (var other = 0; other < others.Rows; other++)
            {
                nearest[row] = Math.Min(nearest[row], FeatureMatrix.Distance(rows.Row(row), others.Row(other)));
            }
        }

        return nearest;
    }

    /// <summary>The mean of the rows, from which the first one is chosen where nothing is known.</summary>
    private static FeatureMatrix Centre(FeatureMatrix rows) => new(rows.Columns, new double[rows.Columns]);
}

/// <summary>A chosen row by its place, with its worth from 0 to 1.</summary>
public readonly record struct RankedRow(int Row, double Score);
