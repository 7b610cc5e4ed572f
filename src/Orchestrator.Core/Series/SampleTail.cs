namespace Orchestrator.Core.Series;

/// <summary>The newest samples of a series, as they are; versions of the series share it, and none reads beyond its own count.</summary>
internal sealed class SampleTail(int capacity)
{
    /// <summary>So many samples are kept as they are before they are compressed together.</summary>
    public const int MaxCount = 16;

    private readonly Sample[] _samples = new Sample[capacity];
    private int _used;

    public ReadOnlySpan<Sample> First(int count) => _samples.AsSpan(0, count);

    public ref readonly Sample this[int index] => ref _samples[index];

    /// <summary>Puts a sample behind so many; false where a later version has done that already, or there is no room.</summary>
    public bool TryAdd(int count, in Sample sample)
    {
        if (count >= _samples.Length || Interlocked.CompareExchange(ref _used, count + 1, count) != count)
        {
            return false;
        }

        _samples[count] = sample;
        return true;
    }

    /// <summary>A tail of its own with the first samples and one more in its place.</summary>
    public static SampleTail With(ReadOnlySpan<Sample> samples, int at, in Sample sample)
    {
        var count = samples.Length + 1;
        var copy = new SampleTail(count < 4 ? 4 : count <= 8 ? 8 : MaxCount) { _used = count };
        samples[..at].CopyTo(copy._samples);
        samples[at..].CopyTo(copy._samples.AsSpan(at + 1));
        copy._samples[at] = sample;
        return copy;
    }

    /// <summary>Index of the last of the first samples at or before a time; -1 where all are later.</summary>
    public int IndexAt(int count, long time)
    {
        var index = count - 1;
        while (index >= 0 && _samples[index].Time > time)
        {
            index--;
        }

        return index;
    }
}
