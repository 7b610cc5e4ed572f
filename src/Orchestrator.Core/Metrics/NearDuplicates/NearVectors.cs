using Orchestrator.Core.Metrics.LabelErrors;

namespace Orchestrator.Core.Metrics.NearDuplicates;

/// <summary>Embeddings that point nearly the same way: pairs whose cosine reaches a threshold.</summary>
public static class NearVectors
{
    private const double Rounding = 1e-9;

    /// <param name="threshold">The least cosine, above 0 and at most 1.</param>
    public static RowGroups Find(FeatureMatrix vectors, double threshold)
    {
        var unit = vectors.OfUnitLength();
        var groups = new RowGroups(unit.Rows);

        // Of vectors of length 1 the square of the distance is 2 − 2 cos; and of two that are near, neither can be much nearer to a third one than the other (triangle inequality).
        var farthest = Math.Sqrt((2 - (2 * threshold)) + Rounding);
        var pivots = Enumerable.Range(0, unit.Rows).Select(row => FeatureMatrix.Distance(unit.Row(row), unit.Row(0))).ToArray();
        var rows = Enumerable.Range(0, unit.Rows).Where(row => IsVector(unit, row)).OrderBy(row => pivots[row]).ThenBy(row => row).ToArray();
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = i + 1; j < rows.Length && pivots[rows[j]] - pivots[rows[i]] <= farthest; j++)
            {
                if (FeatureMatrix.Distance(unit.Row(rows[i]), unit.Row(rows[j])) <= farthest)
                {
                    groups.Link(rows[i], rows[j]);
                }
            }
        }

        return groups;
    }

    /// <summary>Zeros point nowhere.</summary>
    private static bool IsVector(FeatureMatrix unit, int row) => unit.Row(row).ContainsAnyExcept(0.0);
}
