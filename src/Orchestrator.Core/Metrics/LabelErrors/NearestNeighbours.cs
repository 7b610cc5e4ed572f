using System.Collections.Immutable;
using Orchestrator.Core.Metrics.Statistics;
using Orchestrator.Core.Metrics.Texts;

namespace Orchestrator.Core.Metrics.LabelErrors;

/// <summary>How many neighbours vote, in how many folds, and how many rows at most are searched.</summary>
/// <param name="SearchedRows">Beyond this many rows only those with the smallest id hashes are searched; every row still gets its probabilities.</param>
public sealed record NeighbourOptions(int Neighbours = 15, int Folds = 10, int SearchedRows = 20_000);

/// <summary>Rows to be judged: their ids, standardised features and given classes.</summary>
public sealed record LabelledRows(ImmutableArray<string> Ids, FeatureMatrix Features, ImmutableArray<int> Labels, int Classes)
{
    /// <summary>How often each term occurs in the text of each row, or its cells as terms; null where neighbours judge the rows.</summary>
    public SparseRows? Terms { get; init; }

    /// <summary>For each row whether its segment is in doubt as a whole: such rows are judged by the others, never by one another. Empty where none is.</summary>
    public ImmutableArray<bool> Doubted { get; init; } = [];

    /// <summary>The fold of each row; rows in doubt are one of their own.</summary>
    public int[] FoldsOf(int folds) => [.. Ids.Select((id, row) => !Doubted.IsEmpty && Doubted[row] ? folds : Fold.Of(id, folds))];
}

/// <summary>Class probabilities of each row by a distance-weighted vote of its nearest neighbours in the other folds.</summary>
/// <remarks>Folds come from the ids and equal distances are broken by id, so the order of the rows changes nothing.</remarks>
public static class NearestNeighbours
{
    public static ClassProbabilities OutOfFold(LabelledRows rows, NeighbourOptions options)
    {
        var folds = rows.FoldsOf(options.Folds);
        var searched = Searched(rows.Ids, options.SearchedRows);
        var prior = Prior(rows);
        var values = new double[rows.Ids.Length * rows.Classes];
        var nearest = new NearestList(options.Neighbours);
        for (var row = 0; row < rows.Ids.Length; row++)
        {
            nearest.Clear();
            foreach (var other in searched)
            {
                if (folds[other] != folds[row])
                {
                    nearest.Offer(other, FeatureMatrix.Distance(rows.Features.Row(row), rows.Features.Row(other)));
                }
            }

            Vote(nearest, rows.Labels, prior, values.AsSpan(row * rows.Classes, rows.Classes));
        }

        return new(rows.Classes, values);
    }

    /// <summary>Row numbers in the order of their ids.</summary>
    private static int[] Searched(ImmutableArray<string> ids, int limit)
    {
        var all = Enumerable.Range(0, ids.Length);
        var kept = ids.Length <= limit ? all : all.OrderBy(i => Fold.Hash(ids[i])).ThenBy(i => ids[i], StringComparer.Ordinal).Take(limit);
        return [.. kept.OrderBy(i => ids[i], StringComparer.Ordinal)];
    }

    private static double[] Prior(LabelledRows rows)
    {
        var prior = new double[rows.Classes];
        foreach (var label in rows.Labels)
        {
            prior[label]++;
        }

        return [.. prior.Select(count => count / rows.Labels.Length)];
    }

    private static void Vote(NearestList nearest, ImmutableArray<int> labels, double[] prior, Span<double> votes)
    {
        // One vote of the class shares keeps every probability above zero.
        prior.CopyTo(votes);
        var all = 1.0;
        var scale = nearest.MeanDistance;
        for (var i = 0; i < nearest.Count; i++)
        {
            var (row, distance) = nearest[i];
            var weight = Weight(distance, scale);
            votes[labels[row]] += weight;
            all += weight;
        }

        for (var k = 0; k < votes.Length; k++)
        {
            votes[k] /= all;
        }
    }

    /// <summary>Inverse square of the distance in units of the neighbourhood's mean distance; a copy of the row has ten votes at most.</summary>
    private static double Weight(double distance, double scale)
    {
        const double floor = 0.1;
        var relative = scale > 0 ? distance / scale : 1;
        return 1 / ((relative * relative) + floor);
    }
}
