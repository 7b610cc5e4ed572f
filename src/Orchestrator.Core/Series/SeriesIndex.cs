namespace Orchestrator.Core.Series;

/// <summary>Where the series of a store stand, by metric name and by label set, in the order of their labels; immutable.</summary>
internal sealed class SeriesIndex
{
    private readonly Labels[] _labels;
    private readonly int[] _all;
    private readonly Dictionary<string, int[]> _byName;

    private SeriesIndex(Labels[] labels, int[] all, Dictionary<string, int[]> byName)
    {
        _labels = labels;
        _all = all;
        _byName = byName;
    }

    public static SeriesIndex Empty { get; } = new([], [], []);

    /// <summary>How many series it knows.</summary>
    public int Count => _labels.Length;

    /// <summary>Position of a series; -1 where there is none of these labels.</summary>
    public int Find(Labels labels)
    {
        var named = _byName.GetValueOrDefault(labels.Name, []);
        var at = Place(named, labels);
        return at < named.Length && _labels[named[at]] == labels ? named[at] : -1;
    }

    /// <summary>Positions of the series that may match, in the order of their labels.</summary>
    public ReadOnlySpan<int> Candidates(ReadOnlySpan<Matcher> matchers)
    {
        foreach (var matcher in matchers)
        {
            if (matcher is { Label: Labels.NameLabel, Op: MatchOp.Equal })
            {
                return _byName.GetValueOrDefault(matcher.Value, []);
            }
        }

        return _all;
    }

    /// <summary>The index with the series of a table that it does not know yet: those behind its own.</summary>
    public SeriesIndex With(SeriesTable series)
    {
        if (series.Count == Count)
        {
            return this;
        }

        var labels = new Labels[series.Count];
        _labels.CopyTo(labels, 0);
        for (var i = Count; i < labels.Length; i++)
        {
            labels[i] = series[i].Labels;
        }

        var grown = new SeriesIndex(labels, _all, new Dictionary<string, int[]>(_byName, StringComparer.Ordinal));
        var added = Enumerable.Range(Count, labels.Length - Count).OrderBy(i => labels[i]).ToArray();
        foreach (var group in added.GroupBy(i => labels[i].Name, StringComparer.Ordinal))
        {
            grown._byName[group.Key] = grown.Merged(_byName.GetValueOrDefault(group.Key, []), [.. group]);
        }

        return new(labels, grown.Merged(_all, added), grown._byName);
    }

    private int[] Merged(int[] known, int[] added)
    {
        var merged = new int[known.Length + added.Length];
        var taken = 0;
        for (var i = 0; i < added.Length; i++)
        {
            var place = Place(known, _labels[added[i]]);
            known.AsSpan(taken, place - taken).CopyTo(merged.AsSpan(taken + i));
            merged[place + i] = added[i];
            taken = place;
        }

        known.AsSpan(taken).CopyTo(merged.AsSpan(taken + added.Length));
        return merged;
    }

    /// <summary>How many of the positions come before a label set.</summary>
    private int Place(int[] positions, Labels labels)
    {
        var (low, high) = (0, positions.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = _labels[positions[middle]] < labels ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
