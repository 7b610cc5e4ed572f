namespace Orchestrator.Core.Series;

/// <summary>The newest sample of each series of one metric, as columns in the order of the labels.</summary>
/// <remarks>Arrays are padded to whole words of 64 lanes, so that what computes on them needs no remainder.</remarks>
internal sealed class MetricColumn
{
    /// <summary>End of validity of a lane that shows nothing: its newest sample is a staleness marker, or there is none.</summary>
    public const long Hidden = -1;

    private const int RememberedChanges = 256;

    private readonly int[] _changed = new int[RememberedChanges];
    private readonly List<int> _laneOfArrival = [];
    private Labels[] _labels = [];
    private int[] _arrivals = [];
    private bool _isSorted = true;

    public int Count { get; private set; }

    /// <summary>Grows with each sample that is taken in.</summary>
    public long Version { get; private set; }

    /// <summary>Grows with each series that joins.</summary>
    public long Structure { get; private set; }

    /// <summary>Time of the newest sample of all; the smallest number before the first.</summary>
    public long Newest { get; private set; } = long.MinValue;

    /// <summary>Whether any sample said how many rows it was measured on.</summary>
    public bool HasRows { get; private set; }

    public ReadOnlySpan<Labels> Labels => _labels.AsSpan(0, Count);

    public double[] Values { get; private set; } = [];

    public long[] Times { get; private set; } = [];

    /// <summary>Exclusive end of validity; 0 where the look-back decides, <see cref="Hidden"/> where nothing is to be seen.</summary>
    public long[] Until { get; private set; } = [];

    public int[] Rows { get; private set; } = [];

    /// <summary>Number of a new series, by which its samples are put.</summary>
    public int Join(Labels labels)
    {
        if (Count == _labels.Length)
        {
            Grow(Math.Max(64, Count * 2));
        }

        _labels[Count] = labels;
        _arrivals[Count] = _laneOfArrival.Count;
        Times[Count] = long.MinValue;
        Until[Count] = Hidden;
        _laneOfArrival.Add(Count);
        _isSorted = _isSorted && (Count == 0 || _labels[Count - 1] < labels);
        Count++;
        Structure++;
        return _laneOfArrival.Count - 1;
    }

    /// <summary>Takes in a sample; one that is not newer than what the series has is left to the snapshot.</summary>
    public void Put(int series, in Sample sample)
    {
        var lane = _laneOfArrival[series];
        if (sample.Time <= Times[lane])
        {
            Note(lane); // it may be what an evaluation of the past sees
            return;
        }

        Times[lane] = sample.Time;
        Values[lane] = sample.Value;
        Rows[lane] = sample.Rows;
        Until[lane] = sample.IsStale ? Hidden : Math.Max(0, sample.ValidUntil);
        Newest = Math.Max(Newest, sample.Time);
        HasRows |= sample.Rows != 0;
        Note(lane);
    }

    /// <summary>The lanes that changed after a version, the latest last, some more than once; none with false where too many did.</summary>
    public bool TryChanges(long after, Span<int> lanes, out int count)
    {
        count = 0;
        if (Version - after > lanes.Length || Version - after > RememberedChanges)
        {
            return false;
        }

        for (var version = after; version < Version; version++)
        {
            lanes[count++] = _changed[version % RememberedChanges];
        }

        return true;
    }

    /// <summary>Hides series whose newest sample is older than a time.</summary>
    public void HideBefore(long time)
    {
        for (var lane = 0; lane < Count; lane++)
        {
            if (Times[lane] < time && Until[lane] != Hidden)
            {
                Until[lane] = Hidden;
                Note(lane);
            }
        }
    }

    /// <summary>Puts the lanes into the order of their labels.</summary>
    public void Sort()
    {
        if (_isSorted)
        {
            return;
        }

        var order = Enumerable.Range(0, Count).ToArray();
        Array.Sort(order, (left, right) => _labels[left].CompareTo(_labels[right]));
        var size = (Count + 63) & ~63;
        _labels = Ordered(_labels, order, size);
        _arrivals = Ordered(_arrivals, order, size);
        Values = Ordered(Values, order, size);
        Times = Ordered(Times, order, size);
        Until = Ordered(Until, order, size);
        Until.AsSpan(Count).Fill(Hidden);
        Rows = Ordered(Rows, order, size);
        for (var lane = 0; lane < Count; lane++)
        {
            _laneOfArrival[_arrivals[lane]] = lane;
        }

        _isSorted = true;
    }

    private void Note(int lane) => _changed[Version++ % RememberedChanges] = lane;

    private void Grow(int size)
    {
        _labels = Resized(_labels, size);
        _arrivals = Resized(_arrivals, size);
        Values = Resized(Values, size);
        Times = Resized(Times, size);
        Until = Resized(Until, size);
        Rows = Resized(Rows, size);
        Until.AsSpan(Count).Fill(Hidden);
    }

    private static T[] Resized<T>(T[] column, int size)
    {
        Array.Resize(ref column, size);
        return column;
    }

    private static T[] Ordered<T>(T[] column, int[] order, int size)
    {
        var ordered = new T[size];
        for (var i = 0; i < order.Length; i++)
        {
            ordered[i] = column[order[i]];
        }

        return ordered;
    }
}
