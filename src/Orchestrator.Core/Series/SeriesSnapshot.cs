using System.Collections.Immutable;

namespace Orchestrator.Core.Series;

/// <summary>An immutable view of all series up to a batch; what an evaluation reads.</summary>
public sealed class SeriesSnapshot
{
    private readonly SeriesTable _series;
    private readonly SeriesIndex _index;
    private readonly ImmutableSortedDictionary<Labels, SeriesPoints> _overlay;

    // Batches above it are not seen.
    private long _limit = long.MaxValue;

    // Series that it does not hold for are not there.
    private Func<Labels, bool>? _only;

    internal SeriesSnapshot(SeriesTable series, SeriesIndex index, long watermark)
        : this(series, index, ImmutableSortedDictionary<Labels, SeriesPoints>.Empty, watermark)
    {
    }

    private SeriesSnapshot(SeriesTable series, SeriesIndex index, ImmutableSortedDictionary<Labels, SeriesPoints> overlay, long watermark)
    {
        _series = series;
        _index = index;
        _overlay = overlay;
        Watermark = watermark;
    }

    public static SeriesSnapshot Empty { get; } = new(SeriesTable.Empty, SeriesIndex.Empty, 0);

    /// <summary>The highest batch that the view may hold samples of.</summary>
    public long Watermark { get; }

    /// <summary>Every series, in the order of their labels.</summary>
    public IReadOnlyList<SeriesPoints> All => Select([]);

    public static SeriesSnapshot Of(IEnumerable<LabelledSample> samples) => Empty.With(samples);

    /// <summary>The series that satisfy every matcher, in the order of their labels.</summary>
    public IReadOnlyList<SeriesPoints> Select(ReadOnlySpan<Matcher> matchers)
    {
        var selected = new List<SeriesPoints>();
        foreach (var at in _index.Candidates(matchers))
        {
            var points = _series[at];
            if (Matches(points.Labels, matchers) && IsSeen(points.Labels) && !_overlay.ContainsKey(points.Labels))
            {
                selected.Add(points.UpTo(_limit));
            }
        }

        return _overlay.IsEmpty ? selected : Merge(selected, matchers);
    }

    /// <summary>One series by its whole label set; none where there is no such series.</summary>
    public SeriesPoints? Find(Labels labels)
    {
        if (!IsSeen(labels))
        {
            return null;
        }

        if (_overlay.TryGetValue(labels, out var points))
        {
            return points.UpTo(_limit);
        }

        var at = _index.Find(labels);
        return at < 0 ? null : _series[at].UpTo(_limit);
    }

    /// <summary>The view with further samples, such as those that earlier rules of a group recorded; the watermark stays.</summary>
    public SeriesSnapshot With(IEnumerable<LabelledSample> samples)
    {
        var overlay = _overlay.ToBuilder();
        foreach (var (labels, sample) in samples)
        {
            var points = overlay.GetValueOrDefault(labels)?.UpTo(_limit) ?? Find(labels) ?? SeriesPoints.Empty(labels);
            overlay[labels] = points.With(sample) ?? points;
        }

        return new SeriesSnapshot(_series, _index, overlay.ToImmutable(), Watermark) { _limit = _limit, _only = _only };
    }

    /// <summary>The view that an evaluation with an earlier watermark had; a series is cut when it is read.</summary>
    public SeriesSnapshot UpTo(long watermark) =>
        watermark >= Watermark ? this : new SeriesSnapshot(_series, _index, _overlay, watermark) { _limit = watermark, _only = _only };

    /// <summary>The view of somebody who sees only some series.</summary>
    public SeriesSnapshot Only(Func<Labels, bool> seen) => new(_series, _index, _overlay, Watermark) { _limit = _limit, _only = seen };

    private bool IsSeen(Labels labels) => _only is null || _only(labels);

    private List<SeriesPoints> Merge(List<SeriesPoints> selected, ReadOnlySpan<Matcher> matchers)
    {
        foreach (var (labels, points) in _overlay)
        {
            if (Matches(labels, matchers) && IsSeen(labels))
            {
                selected.Add(points.UpTo(_limit));
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
