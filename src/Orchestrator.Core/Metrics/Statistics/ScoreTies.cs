namespace Orchestrator.Core.Metrics.Statistics;

/// <summary>Positive and negative rows that share one score, in the order of the scores.</summary>
internal readonly record struct ScoreTies(long Positives, long Negatives)
{
    public static IReadOnlyList<ScoreTies> Ascending(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positives)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(scores.Length, positives.Length);
        var keys = scores.ToArray();
        var values = positives.ToArray();
        Array.Sort(keys, values);
        var ties = new List<ScoreTies>();
        for (var i = 0; i < keys.Length; i++)
        {
            var row = new ScoreTies(values[i] ? 1 : 0, values[i] ? 0 : 1);
            if (i > 0 && keys[i].Equals(keys[i - 1]))
            {
                ties[^1] = new(ties[^1].Positives + row.Positives, ties[^1].Negatives + row.Negatives);
            }
            else
            {
                ties.Add(row);
            }
        }

        return ties;
    }
}
