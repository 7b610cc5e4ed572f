using System.Runtime.InteropServices;

namespace Orchestrator.Core.Series;

/// <summary>What became of the samples of one append.</summary>
/// <param name="Added">Samples taken in, late ones included.</param>
/// <param name="Late">Of those added, the samples older than the newest of their series.</param>
/// <param name="Duplicates">Samples left out because their series had one at that instant.</param>
public readonly record struct Appended(int Added, int Late, int Duplicates);

/// <summary>The series in memory, to which batches are appended and of which snapshots are taken; one writer, and snapshots may be read anywhere.</summary>
/// <remarks>
/// A late sample takes its place by time. Of several samples of one series at one instant the first that arrived counts, as in
/// Prometheus: so what an evaluation saw never changes, and a snapshot up to an earlier batch is what it was then.
/// </remarks>
public sealed class SeriesHead
{
    private readonly Dictionary<Labels, int> _positions = [];
    private readonly List<SeriesPoints[]> _pages = [];

    // Pages that a snapshot may read: they are copied before they change.
    private readonly List<bool> _seen = [];
    private SeriesIndex _index = SeriesIndex.Empty;
    private SeriesSnapshot? _snapshot;

    /// <summary>The highest batch appended so far.</summary>
    public long Watermark { get; private set; }

    public int SeriesCount => _positions.Count;

    /// <summary>Takes in the samples of a batch; batches come in order, and one may come in several parts.</summary>
    public Appended Append(long batch, IEnumerable<LabelledSample> samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, Watermark);
        Watermark = batch;
        _snapshot = null;
        var appended = default(Appended);
        foreach (var (labels, sample) in samples)
        {
            appended = Add(labels, sample with { Batch = batch }, appended);
        }

        return appended;
    }

    /// <summary>Takes in a whole series that it does not have yet, with its batches, none of which is above the given one.</summary>
    public void Add(long batch, SeriesPoints points)
    {
        Watermark = Math.Max(Watermark, batch);
        _snapshot = null;
        Put(_positions.Count, points);
        _positions.Add(points.Labels, _positions.Count);
    }

    /// <summary>Takes in further samples of one series in the order of their arrival, with their batches, none of which is above the given one.</summary>
    public void Add(long batch, Labels labels, ReadOnlySpan<Sample> samples)
    {
        if (!AreOrdered(samples))
        {
            foreach (ref readonly var sample in samples)
            {
                Add(labels, sample, default);
            }
        }
        else if (_positions.TryGetValue(labels, out var at))
        {
            Put(at, At(at).With(samples));
        }
        else
        {
            Add(batch, SeriesPoints.Empty(labels).With(samples));
        }

        Watermark = Math.Max(Watermark, batch);
        _snapshot = null;
    }

    /// <summary>One series by its whole label set; none where there is no such series.</summary>
    public SeriesPoints? Find(Labels labels) => _positions.TryGetValue(labels, out var at) ? At(at) : null;

    /// <summary>An immutable view of everything appended so far.</summary>
    public SeriesSnapshot Snapshot()
    {
        if (_snapshot is null)
        {
            var table = new SeriesTable([.. _pages], _positions.Count);
            CollectionsMarshal.AsSpan(_seen).Fill(true);
            _index = _index.With(table);
            _snapshot = new SeriesSnapshot(table, _index, Watermark);
        }

        return _snapshot;
    }

    /// <summary>Forgets samples before a time, and series that have none left; the labels of those.</summary>
    public IReadOnlyList<Labels> DropBefore(long time) => Drop(points => points.From(time));

    /// <summary>Forgets the samples of batches up to one, and series that have none left; the labels of those.</summary>
    public IReadOnlyList<Labels> DropUpTo(long batch) => Drop(points => points.Since(batch));

    private static bool AreOrdered(ReadOnlySpan<Sample> samples)
    {
        for (var i = 1; i < samples.Length; i++)
        {
            if (samples[i].Time <= samples[i - 1].Time)
            {
                return false;
            }
        }

        return true;
    }

    private Appended Add(Labels labels, in Sample sample, Appended appended)
    {
        var isKnown = _positions.TryGetValue(labels, out var at);
        if (!isKnown)
        {
            at = _positions.Count;
            _positions.Add(labels, at);
        }

        var points = isKnown ? At(at) : SeriesPoints.Empty(labels);
        var late = sample.Time < points.Newest?.Time;
        if (points.With(sample) is not { } grown)
        {
            return appended with { Duplicates = appended.Duplicates + 1 };
        }

        Put(at, grown);
        return appended with { Added = appended.Added + 1, Late = appended.Late + (late ? 1 : 0) };
    }

    private SeriesPoints At(int position) => _pages[position / SeriesTable.PageSize][position % SeriesTable.PageSize];

    private void Put(int position, SeriesPoints points)
    {
        var page = position / SeriesTable.PageSize;
        if (page == _pages.Count)
        {
            _pages.Add(new SeriesPoints[SeriesTable.PageSize]);
            _seen.Add(false);
        }

        if (_seen[page])
        {
            _pages[page] = [.. _pages[page]];
            _seen[page] = false;
        }

        _pages[page][position % SeriesTable.PageSize] = points;
    }

    private List<Labels> Drop(Func<SeriesPoints, SeriesPoints> cut)
    {
        var series = Enumerable.Range(0, _positions.Count).Select(At).ToArray();
        var kept = Array.ConvertAll(series, points => cut(points));
        if (kept.Zip(series).All(pair => ReferenceEquals(pair.First, pair.Second)))
        {
            return [];
        }

        _positions.Clear();
        _pages.Clear();
        _seen.Clear();
        _index = SeriesIndex.Empty;
        foreach (var points in kept.Where(points => points.Count > 0))
        {
            Add(Watermark, points);
        }

        _snapshot = null;
        return [.. kept.Where(points => points.Count == 0).Select(points => points.Labels)];
    }
}
