using System.Collections.Immutable;

namespace Orchestrator.Core.Series;

/// <summary>An immutable view of all series up to a batch; what an evaluation reads.</summary>
public sealed class SeriesSnapshot
{
    private readonly SeriesPoints[] _series;
    private readonly ImmutableSortedDictionary<Labels, SeriesPoints> _overlay;
    private SeriesIndex? _index;

    internal SeriesSnapshot(SeriesPoints[] series, SeriesIndex? index, long watermark)
        : this(series, index, ImmutableSortedDictionary<Labels, SeriesPoints>.Empty, watermark)
    {
    }

    private SeriesSnapshot(SeriesPoints[] series, SeriesIndex? index, ImmutableSortedDictionary<Labels, SeriesPoints> overlay, long watermark)
    {
        _series = series;
        _index = index;
        _overlay = overlay;
        Watermark = watermark;
    }

    public static SeriesSnapshot Empty { get; } = new([], null, 0);

    /// <summary>The highest batch that the view may hold samples of.</summary>
    public long Watermark { get; }

    /// <summary>Every series, in the order of their labels.</summary>
    public IReadOnlyList<SeriesPoints> All => Select([]);

    // Built on first use; two threads that build it at once build the same.
    private SeriesIndex Index => _index ??= new SeriesIndex(_series);

    public static SeriesSnapshot Of(IEnumerable<LabelledSample> samples) => Empty.With(samples);

    /// <summary>The series that satisfy every matcher, in the order of their labels.</summary>
    public IReadOnlyList<SeriesPoints> Select(ReadOnlySpan<Matcher> matchers)
    {
        var selected = new List<SeriesPoints>();
        foreach (var at in Index.Candidates(matchers))
        {
            if (Matches(_series[at].Labels, matchers) && !_overlay.ContainsKey(_series[at].Labels))
            {
                selected.Add(_series[at]);
            }
        }

        return _overlay.IsEmpty ? selected : Merge(selected, matchers);
    }

    /// <summary>One series by its whole label set; none where there is no such series.</summary>
    public SeriesPoints? Find(Labels labels)
    {
        if (_overlay.TryGetValue(labels, out var points))
        {
            return points;
        }

        var at = Index.Find(labels);
        return at < 0 ? null : _series[at];
    }

    /// <summary>The view with further samples, such as those that earlier rules of a group recorded; the watermark stays.</summary>
    public SeriesSnapshot With(IEnumerable<LabelledSample> samples)
    {
        var overlay = _overlay.ToBuilder();
        foreach (var (labels, sample) in samples)
        {
            var points = overlay.GetValueOrDefault(labels) ?? Find(labels) ?? SeriesPoints.Empty(labels);
            overlay[labels] = points.With(sample) ?? points;
        }

        return new SeriesSnapshot(_series, Index, overlay.ToImmutable(), Watermark);
    }

    /// <summary>The view that an evaluation with an earlier watermark had.</summary>
    public SeriesSnapshot UpTo(long watermark)
    {
        if (watermark >= Watermark)
        {
            return this;
        }

        var overlay = _overlay.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value.UpTo(watermark));
        return new SeriesSnapshot(Array.ConvertAll(_series, points => points.UpTo(watermark)), Index, overlay, watermark);
    }

    private List<SeriesPoints> Merge(List<SeriesPoints> selected, ReadOnlySpan<Matcher> matchers)
    {
        foreach (var (labels, points) in _overlay)
        {
            if (Matches(labels, matchers))
            {
                selected.Add(points);
            }
        }

        selected.Sort((left, right) => left.Labels.CompareTo(right.Labels));
        return selected;
    }

    private static bool Matches(Labels labels, ReadOnlySpan<Matcher> matchers)
    {
        foreach (var matcher in matchers)
        {
            if (!matcher.Matches(labels))
            {
                return false;
            }
        }

        return true;
    }
}
