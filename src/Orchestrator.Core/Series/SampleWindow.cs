namespace Orchestrator.Core.Series;

/// <summary>A buffer of one series' samples in a range of time, as columns; its owner lets it be filled again and again.</summary>
public sealed class SampleWindow
{
    private long[] _times = [];
    private double[] _values = [];
    private int[] _rows = [];

    public int Count { get; private set; }

    /// <summary>Oldest first, in microseconds since the epoch.</summary>
    public ReadOnlySpan<long> Times => _times.AsSpan(0, Count);

    public ReadOnlySpan<double> Values => _values.AsSpan(0, Count);

    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, Count);

    public void Clear() => Count = 0;

    /// <summary>Takes in a sample behind those that are there, unless it is a staleness marker.</summary>
    public void Add(in Sample sample)
    {
        if (sample.IsStale)
        {
            return;
        }

        if (Count == _times.Length)
        {
            Grow(Math.Max(16, Count * 2));
        }

        _times[Count] = sample.Time;
        _values[Count] = sample.Value;
        _rows[Count] = sample.Rows;
        Count++;
    }

    /// <summary>Takes in the samples of a chunk after one time and not after another, behind those that are there.</summary>
    internal void Add(SeriesChunk chunk, long after, long until)
    {
        if (Count + chunk.Count > _times.Length)
        {
            Grow(Math.Max(_times.Length * 2, Count + chunk.Count));
        }

        var times = _times.AsSpan(Count, chunk.Count);
        chunk.Times(times);
        var first = FirstAfter(times, after);
        var end = FirstAfter(times, until);
        var values = _values.AsSpan(Count, end);
        chunk.Values(values);
        Span<long> rows = stackalloc long[end];
        chunk.Rows(rows);
        for (var i = first; i < end; i++)
        {
            Add(new Sample(times[i], values[i], Rows: (int)rows[i]));
        }
    }

    /// <summary>How many of the times are not after an instant.</summary>
    private static int FirstAfter(ReadOnlySpan<long> times, long time)
    {
        var at = times.BinarySearch(time);
        return at >= 0 ? at + 1 : ~at;
    }

    private void Grow(int capacity)
    {
        Array.Resize(ref _times, capacity);
        Array.Resize(ref _values, capacity);
        Array.Resize(ref _rows, capacity);
    }
}
