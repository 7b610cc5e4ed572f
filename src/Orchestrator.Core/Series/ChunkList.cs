namespace Orchestrator.Core.Series;

/// <summary>The compressed samples of a series, oldest chunk first; each change gives a new list that shares what stayed.</summary>
internal static class ChunkList
{
    // Samples are compressed together 16, then up to 128, then 512 at a time: the larger, the fewer bytes, the smaller, the less to compress again.
    private const int Small = 128;
    public const int Full = 512;

    /// <summary>The chunks with further samples behind them, at most <see cref="Full"/>.</summary>
    public static SeriesChunk[] With(SeriesChunk[] chunks, ReadOnlySpan<Sample> samples)
    {
        if (chunks is [.., var last] && last.Count + samples.Length <= Small)
        {
            return [.. chunks[..^1], Joined([last], samples)];
        }

        var small = 0;
        while (small < chunks.Length && chunks[^(small + 1)].Count < Full / 2)
        {
            small++;
        }

        return small * Small < Full
            ? [.. chunks, SeriesChunk.Of(samples)]
            : [.. chunks[..^small], Joined(chunks.AsSpan(chunks.Length - small), []), SeriesChunk.Of(samples)];
    }

    /// <summary>Chunks of samples in time order.</summary>
    public static SeriesChunk[] Of(ReadOnlySpan<Sample> samples)
    {
        var chunks = new SeriesChunk[(samples.Length + Full - 1) / Full];
        for (var i = 0; i < chunks.Length; i++)
        {
            chunks[i] = SeriesChunk.Of(samples.Slice(i * Full, Math.Min(Full, samples.Length - (i * Full))));
        }

        return chunks;
    }

    /// <summary>The chunks with one more sample inside of one of them, or before the first; none where there is a sample at that instant.</summary>
    public static SeriesChunk[]? WithInside(SeriesChunk[] chunks, in Sample sample)
    {
        var at = Math.Max(0, IndexAt(chunks, sample.Time));
        var chunk = chunks[at];
        var before = chunk.IndexAt(sample.Time);
        var samples = new Sample[chunk.Count + 1];
        chunk.Decode(samples.AsSpan(1));
        samples.AsSpan(1, before + 1).CopyTo(samples);
        if (before >= 0 && samples[before].Time == sample.Time)
        {
            return null;
        }

        samples[before + 1] = sample;
        var half = samples.Length <= SeriesChunk.MaxCount ? samples.Length : samples.Length / 2;
        SeriesChunk[] grown = half == samples.Length ? [SeriesChunk.Of(samples)] : [SeriesChunk.Of(samples.AsSpan(0, half)), SeriesChunk.Of(samples.AsSpan(half))];
        return [.. chunks[..at], .. grown, .. chunks[(at + 1)..]];
    }

    /// <summary>Index of the last chunk that begins at or before a time; -1 where all begin later.</summary>
    public static int IndexAt(SeriesChunk[] chunks, long time)
    {
        var (low, high) = (0, chunks.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = chunks[middle].First <= time ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }

    public static IEnumerable<Sample> Samples(SeriesChunk[] chunks)
    {
        foreach (var chunk in chunks)
        {
            foreach (var sample in Decoded(chunk))
            {
                yield return sample;
            }
        }
    }

    private static Sample[] Decoded(SeriesChunk chunk)
    {
        var samples = new Sample[chunk.Count];
        chunk.Decode(samples);
        return samples;
    }

    private static SeriesChunk Joined(ReadOnlySpan<SeriesChunk> chunks, ReadOnlySpan<Sample> rest)
    {
        var count = rest.Length;
        foreach (var chunk in chunks)
        {
            count += chunk.Count;
        }

        var samples = System.Buffers.ArrayPool<Sample>.Shared.Rent(count);
        var at = 0;
        foreach (var chunk in chunks)
        {
            chunk.Decode(samples.AsSpan(at, chunk.Count));
            at += chunk.Count;
        }

        rest.CopyTo(samples.AsSpan(at));
        var joined = SeriesChunk.Of(samples.AsSpan(0, count));
        System.Buffers.ArrayPool<Sample>.Shared.Return(samples);
        return joined;
    }
}
