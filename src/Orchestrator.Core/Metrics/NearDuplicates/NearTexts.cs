namespace Orchestrator.Core.Metrics.NearDuplicates;

/// <summary>Texts that share most of their words: pairs whose sets of words overlap in at least a share of their union (Jaccard).</summary>
/// <remarks>
/// Words are runs of a to z and digits in lower case. No pair is missed: two sets that overlap so far share a word among the first few by rarity, and only those are looked up
/// (prefix filter: Chaudhuri, Ganti and Kaushik 2006; Xiao, Wang, Lin and Yu 2008).
/// </remarks>
public static class NearTexts
{
    /// <param name="threshold">The least share, above 0 and at most 1.</param>
    public static RowGroups Find(IReadOnlyList<string> texts, double threshold)
    {
        var sets = Ranked([.. texts.Select(Words)]);
        var groups = new RowGroups(texts.Count);
        var index = new Dictionary<int, List<int>>();
        foreach (var row in Enumerable.Range(0, sets.Length).Where(row => sets[row].Length > 0).OrderBy(row => sets[row].Length).ThenBy(row => row))
        {
            var prefix = sets[row].AsSpan(0, sets[row].Length - (int)Math.Ceiling(threshold * sets[row].Length - Rounding) + 1).ToArray();
            foreach (var other in prefix.SelectMany(word => index.GetValueOrDefault(word) ?? []).Distinct().Where(other => AreNear(sets[other], sets[row], threshold)))
            {
                groups.Link(other, row);
            }

            foreach (var word in prefix)
            {
                (index.TryGetValue(word, out var rows) ? rows : (index[word] = [])).Add(row);
            }
        }

        return groups;
    }

    private const double Rounding = 1e-9;

    /// <summary>Words by their rank, the rarest first.</summary>
    private static int[][] Ranked(string[][] words)
    {
        var ranks = words.SelectMany(set => set).CountBy(word => word, StringComparer.Ordinal).OrderBy(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Select((pair, rank) => (pair.Key, rank)).ToDictionary(pair => pair.Key, pair => pair.rank, StringComparer.Ordinal);
        return [.. words.Select(set => set.Select(word => ranks[word]).Order().ToArray())];
    }

    private static string[] Words(string text)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        for (int start = 0, end; start < text.Length; start = end + 1)
        {
            end = start;
            while (end < text.Length && char.IsAsciiLetterOrDigit(text[end]))
            {
                end++;
            }

            if (end > start)
            {
                words.Add(text[start..end].ToLowerInvariant());
            }
        }

        return [.. words];
    }

    /// <param name="shorter">Not longer than the other.</param>
    private static bool AreNear(int[] shorter, int[] longer, double threshold)
    {
        if (shorter.Length < (threshold * longer.Length) - Rounding)
        {
            return false;
        }

        var (i, j, shared) = (0, 0, 0);
        while (i < shorter.Length && j < longer.Length)
        {
            shared += shorter[i] == longer[j] ? 1 : 0;
            (i, j) = (shorter[i] <= longer[j] ? i + 1 : i, longer[j] <= shorter[i] ? j + 1 : j);
        }

        return shared >= (threshold * (shorter.Length + longer.Length - shared)) - Rounding;
    }
}
