namespace Orchestrator.Core.Series;

/// <summary>One series' samples in time order, at most one per instant, as columns; immutable.</summary>
public sealed class SeriesPoints
{
    private readonly Columns _columns;

    private SeriesPoints(Labels labels, Columns columns, int count, long lastBatch)
    {
        Labels = labels;
        _columns = columns;
        Count = count;
        LastBatch = lastBatch;
    }

    public Labels Labels { get; }

    public int Count { get; }

    /// <summary>The highest batch that brought one of the samples; 0 where there is none.</summary>
    public long LastBatch { get; }

    /// <summary>The newest sample of all; none where there is no sample.</summary>
    public Sample? Newest => Count == 0 ? null : _columns.At(Count - 1);

    /// <summary>Every sample, oldest first, staleness markers among them.</summary>
    public IEnumerable<Sample> Samples => Enumerable.Range(0, Count).Select(_columns.At);

    public static SeriesPoints Empty(Labels labels) => new(labels, new Columns(0), 0, 0);

    /// <summary>Samples of one series in any order; of several at one instant the first counts.</summary>
    public static SeriesPoints Of(Labels labels, IEnumerable<Sample> samples) =>
        samples.Aggregate(Empty(labels), (points, sample) => points.With(sample) ?? points);

    /// <summary>The newest sample at or before a time, be it a staleness marker; none where all are later.</summary>
    public Sample? At(long time) => IndexAt(time) is var index and >= 0 ? _columns.At(index) : null;

    /// <summary>Replaces what the window holds by the samples after one time and not after another, staleness markers left out.</summary>
    public void Read(long after, long until, SampleWindow window)
    {
        window.Clear();
        var last = IndexAt(until);
        for (var i = IndexAt(after) + 1; i <= last; i++)
        {
            window.Add(_columns.At(i));
        }
    }

    /// <summary>The series with one more sample, in its place by time; none where it has a sample at that instant already.</summary>
    /// <remarks>Appending to the newest version shares its columns (a version never reads beyond its own count); anything else copies them.</remarks>
    public SeriesPoints? With(in Sample sample)
    {
        var before = IndexAt(sample.Time);
        if (before >= 0 && _columns.Times[before] == sample.Time)
        {
            return null;
        }

        var columns = before == Count - 1 && _columns.TryClaim(Count) ? _columns : _columns.CopyWithGap(Count, before + 1);
        columns.Set(before + 1, sample);
        return new SeriesPoints(Labels, columns, Count + 1, Math.Max(LastBatch, sample.Batch));
    }

    /// <summary>The samples of batches up to a watermark.</summary>
    public SeriesPoints UpTo(long watermark)
    {
        if (LastBatch <= watermark)
        {
            return this;
        }

        var kept = Samples.Where(sample => sample.Batch <= watermark);
        return Of(Labels, kept);
    }

    /// <summary>The samples at or after a time.</summary>
    public SeriesPoints From(long time)
    {
        var first = IndexAt(time - 1) + 1;
        return first == 0 ? this : Of(Labels, Samples.Skip(first));
    }

    /// <summary>Index of the last sample at or before a time; -1 where all are later.</summary>
    private int IndexAt(long time)
    {
        var low = 0;
        var high = Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_columns.Times[middle] <= time)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }

    private sealed class Columns(int capacity)
    {
        private int _used;

        public long[] Times { get; } = new long[capacity];

        public double[] Values { get; } = new double[capacity];

        public long[] ValidUntil { get; } = new long[capacity];

        public int[] Rows { get; } = new int[capacity];

        public long[] Batches { get; } = new long[capacity];

        public Sample At(int index) => new(Times[index], Values[index], ValidUntil[index], Rows[index], Batches[index]);

        /// <summary>Takes the slot behind the last sample; fails where a later version took it already, or there is no room.</summary>
        public bool TryClaim(int slot) => slot < Times.Length && Interlocked.CompareExchange(ref _used, slot + 1, slot) == slot;

        public void Set(int at, in Sample sample)
        {
            Times[at] = sample.Time;
            Values[at] = sample.Value;
            ValidUntil[at] = sample.ValidUntil;
            Rows[at] = sample.Rows;
            Batches[at] = sample.Batch;
        }

        public Columns CopyWithGap(int count, int gap)
        {
            var copy = new Columns(Math.Max(4, count + 1 + (count / 2))) { _used = count + 1 };
            Copy(Times, copy.Times, count, gap);
            Copy(Values, copy.Values, count, gap);
            Copy(ValidUntil, copy.ValidUntil, count, gap);
            Copy(Rows, copy.Rows, count, gap);
            Copy(Batches, copy.Batches, count, gap);
            return copy;
        }

        private static void Copy<T>(T[] from, T[] to, int count, int gap)
        {
            Array.Copy(from, 0, to, 0, gap);
            Array.Copy(from, gap, to, gap + 1, count - gap);
        }
    }
}
