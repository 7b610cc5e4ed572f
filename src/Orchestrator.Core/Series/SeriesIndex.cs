namespace Orchestrator.Core.Series;

/// <summary>Where the series of a store stand, by metric name and by label set, in the order of their labels; immutable.</summary>
internal sealed class SeriesIndex
{
    private readonly int[] _all;
    private readonly Dictionary<string, int[]> _byName;
    private readonly Dictionary<Labels, int> _byLabels;

    public SeriesIndex(ReadOnlySpan<SeriesPoints> series)
    {
        var labels = new Labels[series.Length];
        _byLabels = new Dictionary<Labels, int>(series.Length);
        for (var i = 0; i < series.Length; i++)
        {
            labels[i] = series[i].Labels;
            _byLabels.Add(labels[i], i);
        }

        _all = Enumerable.Range(0, series.Length).OrderBy(i => labels[i]).ToArray();
        _byName = _all.GroupBy(i => labels[i].Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
    }

    public int Find(Labels labels) => _byLabels.GetValueOrDefault(labels, -1);

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
}
