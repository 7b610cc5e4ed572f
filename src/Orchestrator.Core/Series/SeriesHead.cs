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
    private SeriesPoints[] _series = [];
    private int _count;
    private SeriesIndex? _index;
    private SeriesSnapshot? _snapshot;

    /// <summary>The highest batch appended so far.</summary>
    public long Watermark { get; private set; }

    public int SeriesCount => _count;

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

    /// <summary>An immutable view of everything appended so far.</summary>
    public SeriesSnapshot Snapshot()
    {
        _index ??= new SeriesIndex(_series.AsSpan(0, _count));
        return _snapshot ??= new SeriesSnapshot(_series[.._count], _index, Watermark);
    }

    /// <summary>Forgets samples before a time, and series that have none left.</summary>
    public void DropBefore(long time)
    {
        var kept = _series.Take(_count).Select(points => points.From(time)).Where(points => points.Count > 0).ToArray();
        _positions.Clear();
        for (var i = 0; i < kept.Length; i++)
        {
            _positions.Add(kept[i].Labels, i);
        }

        _series = kept;
        _count = kept.Length;
        _index = null;
        _snapshot = null;
    }

    private Appended Add(Labels labels, in Sample sample, Appended appended)
    {
        var at = Position(labels);
        var points = _series[at];
        var late = sample.Time < points.Newest?.Time;
        if (points.With(sample) is not { } grown)
        {
            return appended with { Duplicates = appended.Duplicates + 1 };
        }

        _series[at] = grown;
        return appended with { Added = appended.Added + 1, Late = appended.Late + (late ? 1 : 0) };
    }

    private int Position(Labels labels)
    {
        if (_positions.TryGetValue(labels, out var at))
        {
            return at;
        }

        if (_count == _series.Length)
        {
            Array.Resize(ref _series, Math.Max(16, _count * 2));
        }

        _series[_count] = SeriesPoints.Empty(labels);
        _positions.Add(labels, _count);
        _index = null;
        return _count++;
    }
}
