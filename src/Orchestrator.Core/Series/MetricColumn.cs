namespace Orchestrator.Core.Series;

/// <summary>The newest sample of each series of one metric, as columns in the order of the labels.</summary>
/// <remarks>Arrays are padded to whole words of 64 lanes, so that what computes on them needs no remainder.</remarks>
internal sealed class MetricColumn
{
    /// <summary>End of validity of a lane that shows nothing: its newest sample is a staleness marker, or there is none.</summary>
    public const long Hidden = -1;

    private const int RememberedChanges = 256;

    private readonly int[] _changed = new int[RememberedChanges];
    private int[] _laneOfArrival = [];
    private int[] _slots = []; // by hash of the labels: number of the series and 1, or 0
    private Labels[] _labels = [];
    private int[] _arrivals = [];
    private int _sorted; // lanes that are in the order of their labels already

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

    /// <summary>The labels of all lanes after <see cref="Sort"/>, for whoever wants to keep them: series that join later leave them as they are.</summary>
    public Labels[] Kept => _labels;

    /// <summary>Labels of a series by its number.</summary>
    public Labels LabelsOf(int series) => _labels[_laneOfArrival[series]];

    /// <summary>Lane of a series by its number.</summary>
    public int LaneOf(int series) => _laneOfArrival[series];

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
            Resize(Math.Max(64, ((Count * 3 / 2) + 63) & ~63));
        }

        if (Count * 2 >= _slots.Length)
        {
            Index(Math.Max(128, _slots.Length * 2));
        }

        _slots[SlotOf(labels)] = Count + 1;
        _labels[Count] = labels;
        _arrivals[Count] = Count;
        Times[Count] = long.MinValue;
        Until[Count] = Hidden;
        _laneOfArrival[Count] = Count;
        _sorted += _sorted == Count && (Count == 0 || _labels[Count - 1] < labels) ? 1 : 0;
        Count++;
        Structure++;
        return Count - 1;
    }

    /// <summary>Number of a series; -1 where it has not joined.</summary>
    public int SeriesOf(Labels labels) => _slots.Length == 0 ? -1 : _slots[SlotOf(labels)] - 1;

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

    /// <summary>Puts the lanes into the order of their labels, and gives back room that is not needed.</summary>
    public void Sort()
    {
        var size = (Count + 63) & ~63;
        if (_sorted == Count)
        {
            Fit(size);
            return;
        }

        var order = Order();
        _labels = Ordered(_labels, order, Count);
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

        _sorted = Count;
        Fit(size);
    }

    private void Fit(int size)
    {
        if (Values.Length > size + (size >>> 3))
        {
            Resize(size);
        }

        _labels = Resized(_labels, Count);
    }

    /// <summary>Where a label set stands among the slots, or would stand.</summary>
    private int SlotOf(Labels labels)
    {
        var mask = _slots.Length - 1;
        var slot = labels.GetHashCode() & mask;
        while (_slots[slot] != 0 && !LabelsOf(_slots[slot] - 1).Equals(labels))
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private void Index(int size)
    {
        _slots = new int[size];
        for (var series = 0; series < Count; series++)
        {
            _slots[SlotOf(LabelsOf(series))] = series + 1;
        }
    }

    /// <summary>Where each lane comes from: those that came since are put between the others.</summary>
    private int[] Order()
    {
        var late = Enumerable.Range(_sorted, Count - _sorted).ToArray();
        Array.Sort(late, (left, right) => _labels[left].CompareTo(_labels[right]));
        var order = new int[Count];
        var (early, next) = (0, 0);
        for (var lane = 0; lane < Count; lane++)
        {
            var isEarly = early < _sorted && (next == late.Length || _labels[early] < _labels[late[next]]);
            order[lane] = isEarly ? early++ : late[next++];
        }

        return order;
    }

    private void Note(int lane) => _changed[Version++ % RememberedChanges] = lane;

    private void Resize(int size)
    {
        _labels = Resized(_labels, size);
        _arrivals = Resized(_arrivals, size);
        _laneOfArrival = Resized(_laneOfArrival, size);
        Values = Resized(Values, size);
        Times = Resized(Times, size);
        Until = Resized(Until, size);
        Rows = Resized(Rows, size);
        Until.AsSpan(Count).Fill(Hidden);
    }

    private static T[] Resized<T>(T[] column, int size)
    {
        if (column.Length != size)
        {
            Array.Resize(ref column, size);
        }

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
