namespace Orchestrator.Core.Series;

/// <summary>One series' samples in time order, at most one per instant: compressed chunks and a tail of the newest ones; immutable.</summary>
public sealed class SeriesPoints
{
    private static readonly SampleTail _noTail = new(0);

    private readonly SeriesChunk[] _chunks;
    private readonly SampleTail _tail;
    private readonly int _inTail;

    private SeriesPoints(Labels labels, SeriesChunk[] chunks, (SampleTail Samples, int Count) tail, (int Count, long LastBatch) all)
    {
        Labels = labels;
        _chunks = chunks;
        (_tail, _inTail) = tail;
        (Count, LastBatch) = all;
    }

    public Labels Labels { get; }

    public int Count { get; }

    /// <summary>The highest batch that brought one of the samples; 0 where there is none.</summary>
    public long LastBatch { get; }

    /// <summary>The newest sample of all; none where there is no sample.</summary>
    public Sample? Newest => _inTail > 0 ? _tail[_inTail - 1] : _chunks is [.., var last] ? last.At(last.Count - 1) : null;

    /// <summary>Every sample, oldest first, staleness markers among them.</summary>
    public IEnumerable<Sample> Samples => ChunkList.Samples(_chunks).Concat(Enumerable.Range(0, _inTail).Select(i => _tail[i]));

    private long Oldest => _chunks is [var first, ..] ? first.First : _inTail > 0 ? _tail[0].Time : long.MaxValue;

    public static SeriesPoints Empty(Labels labels) => new(labels, [], (_noTail, 0), (0, 0));

    /// <summary>Samples of one series in any order; of several at one instant the first counts.</summary>
    public static SeriesPoints Of(Labels labels, IEnumerable<Sample> samples) =>
        samples.Aggregate(Empty(labels), (points, sample) => points.With(sample) ?? points);

    /// <summary>The series compressed, its newest samples too, to be read by <see cref="Read(Labels, ref ByteReader)"/>; its labels are left out.</summary>
    public void Write(ByteWriter to)
    {
        var chunks = _inTail > 0 ? ChunkList.With(_chunks, _tail.First(_inTail)) : _chunks;
        to.Number(chunks.Length);
        foreach (var chunk in chunks)
        {
            chunk.Write(to);
        }
    }

    /// <summary>A series that was written; throws <see cref="FormatException"/> where it cannot have been.</summary>
    public static SeriesPoints Read(Labels labels, ref ByteReader from)
    {
        var chunks = new SeriesChunk[from.Number()];
        var (count, lastBatch) = (0, 0L);
        for (var i = 0; i < chunks.Length; i++)
        {
            chunks[i] = SeriesChunk.Read(ref from);
            (count, lastBatch) = (count + chunks[i].Count, Math.Max(lastBatch, chunks[i].LastBatch));
        }

        return new(labels, chunks, (_noTail, 0), (count, lastBatch));
    }

    /// <summary>The newest sample at or before a time, be it a staleness marker; none where all are later.</summary>
    public Sample? At(long time)
    {
        if (_tail.IndexAt(_inTail, time) is var index and >= 0)
        {
            return _tail[index];
        }

        if (ChunkList.IndexAt(_chunks, time) is var chunk and >= 0)
        {
            return _chunks[chunk].At(_chunks[chunk].IndexAt(time));
        }

        return null;
    }

    /// <summary>Replaces what the window holds by the samples after one time and not after another, staleness markers left out.</summary>
    public void Read(long after, long until, SampleWindow window)
    {
        window.Clear();
        for (var i = Math.Max(0, ChunkList.IndexAt(_chunks, after)); i < _chunks.Length && _chunks[i].First <= until; i++)
        {
            window.Add(_chunks[i], after, until);
        }

        var last = _tail.IndexAt(_inTail, until);
        for (var i = _tail.IndexAt(_inTail, after) + 1; i <= last; i++)
        {
            window.Add(_tail[i]);
        }
    }

    /// <summary>The series with one more sample, in its place by time; none where it has a sample at that instant already.</summary>
    public SeriesPoints? With(in Sample sample)
    {
        var all = (Count + 1, Math.Max(LastBatch, sample.Batch));
        var before = _tail.IndexAt(_inTail, sample.Time);
        if (before >= 0 && _tail[before].Time == sample.Time)
        {
            return null;
        }

        if (before < 0 && _chunks is [.., var last] && sample.Time <= last.Last)
        {
            return ChunkList.WithInside(_chunks, sample) is { } chunks ? new(Labels, chunks, (_tail, _inTail), all) : null;
        }

        if (before == _inTail - 1 && _tail.TryAdd(_inTail, sample))
        {
            return new(Labels, _chunks, (_tail, _inTail + 1), all);
        }

        var samples = _tail.First(_inTail);
        return _inTail < SampleTail.MaxCount
            ? new(Labels, _chunks, (SampleTail.With(samples, before + 1, sample), _inTail + 1), all)
            : WithFullTail(sample, before + 1, all);
    }

    /// <summary>The series with further samples in the order of their times, no two at one instant; where all are newer, they are compressed at once.</summary>
    public SeriesPoints With(ReadOnlySpan<Sample> ordered)
    {
        if (ordered.IsEmpty || ordered[0].Time <= Newest?.Time)
        {
            var grown = this;
            foreach (ref readonly var sample in ordered)
            {
                grown = grown.With(sample) ?? grown;
            }

            return grown;
        }

        var chunks = _inTail > 0 ? ChunkList.With(_chunks, _tail.First(_inTail)) : _chunks;
        var lastBatch = LastBatch;
        for (var start = 0; start < ordered.Length; start += ChunkList.Full)
        {
            chunks = ChunkList.With(chunks, ordered.Slice(start, Math.Min(ChunkList.Full, ordered.Length - start)));
            lastBatch = Math.Max(lastBatch, chunks[^1].LastBatch);
        }

        return new(Labels, chunks, (_noTail, 0), (Count + ordered.Length, lastBatch));
    }

    /// <summary>The samples of batches up to a watermark.</summary>
    public SeriesPoints UpTo(long watermark) => LastBatch <= watermark
        ? this
        : Only(chunk => chunk.LastBatch <= watermark ? true : chunk.FirstBatch > watermark ? false : null, sample => sample.Batch <= watermark);

    /// <summary>The samples of batches after one.</summary>
    public SeriesPoints Since(long batch) =>
        Only(chunk => chunk.FirstBatch > batch ? true : chunk.LastBatch <= batch ? false : null, sample => sample.Batch > batch);

    /// <summary>The samples at or after a time.</summary>
    public SeriesPoints From(long time) => Oldest >= time
        ? this
        : Only(chunk => chunk.First >= time ? true : chunk.Last < time ? false : null, sample => sample.Time >= time);

    /// <summary>The samples that are kept; itself where all are.</summary>
    /// <param name="whole">Whether all samples of a chunk are kept, or none; null where each is asked about.</param>
    private SeriesPoints Only(Func<SeriesChunk, bool?> whole, Func<Sample, bool> keeps)
    {
        var tail = _tail.First(_inTail).ToArray().Where(keeps).ToArray();
        if (tail.Length == _inTail && Array.TrueForAll(_chunks, chunk => whole(chunk) == true))
        {
            return this;
        }

        var chunks = _chunks.SelectMany(chunk => whole(chunk) switch
        {
            true => [chunk],
            false => [],
            null => ChunkList.Of(ChunkList.Samples([chunk]).Where(keeps).ToArray()),
        }).ToArray();
        var kept = new SeriesPoints(Labels, chunks, (_noTail, 0), (chunks.Sum(chunk => chunk.Count), chunks.Select(chunk => chunk.LastBatch).DefaultIfEmpty().Max()));
        return tail.Aggregate(kept, (points, sample) => points.With(sample)!);
    }

    /// <summary>The tail is compressed, and a new one begins with the sample that is newest.</summary>
    private SeriesPoints WithFullTail(in Sample sample, int at, (int Count, long LastBatch) all)
    {
        Span<Sample> samples = new Sample[_inTail + 1];
        _tail.First(at).CopyTo(samples);
        samples[at] = sample;
        _tail.First(_inTail)[at..].CopyTo(samples[(at + 1)..]);
        return new(Labels, ChunkList.With(_chunks, samples[..^1]), (SampleTail.With([], 0, samples[^1]), 1), all);
    }
}
