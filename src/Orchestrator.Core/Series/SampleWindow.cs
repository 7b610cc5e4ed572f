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

    private void Grow(int capacity)
    {
        Array.Resize(ref _times, capacity);
        Array.Resize(ref _values, capacity);
        Array.Resize(ref _rows, capacity);
    }
}
