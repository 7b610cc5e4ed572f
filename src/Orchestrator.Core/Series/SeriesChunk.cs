using System.Buffers;

namespace Orchestrator.Core.Series;

/// <summary>Successive samples of one series, compressed column by column; immutable.</summary>
internal sealed class SeriesChunk
{
    private const int ColumnCount = 4;

    // Sizes of the first columns, two bytes each, then times, values, rows, validity, batches.
    private readonly byte[] _bytes;

    private SeriesChunk(byte[] bytes, int count, (long First, long Last) times, (long First, long Last) batches)
    {
        _bytes = bytes;
        Count = count;
        (First, Last) = times;
        (FirstBatch, LastBatch) = batches;
    }

    private SeriesChunk(ReadOnlySpan<Sample> samples, byte[] bytes)
    {
        _bytes = bytes;
        Count = samples.Length;
        (First, Last) = (samples[0].Time, samples[^1].Time);
        (FirstBatch, LastBatch) = (long.MaxValue, long.MinValue);
        foreach (var sample in samples)
        {
            FirstBatch = Math.Min(FirstBatch, sample.Batch);
            LastBatch = Math.Max(LastBatch, sample.Batch);
        }
    }

    /// <summary>Most samples of one chunk: so many that no column outgrows the two bytes of its size.</summary>
    public const int MaxCount = 1024;

    public int Count { get; }

    /// <summary>Time of the first sample.</summary>
    public long First { get; }

    /// <summary>Time of the last sample.</summary>
    public long Last { get; }

    public long FirstBatch { get; }

    public long LastBatch { get; }

    /// <summary>At least one sample and at most <see cref="MaxCount"/>, in time order.</summary>
    public static SeriesChunk Of(ReadOnlySpan<Sample> samples)
    {
        var rented = ArrayPool<long>.Shared.Rent(samples.Length);
        var column = rented.AsSpan(0, samples.Length);
        using var writer = new ByteWriter((samples.Length * 12) + 64);
        Span<int> ends = stackalloc int[ColumnCount];
        writer.Word(0);
        for (var i = 0; i <= ColumnCount; i++)
        {
            Column(samples, i, column, writer);
            if (i < ColumnCount)
            {
                ends[i] = writer.Length;
            }
        }

        ArrayPool<long>.Shared.Return(rented);
        var bytes = writer.Written.ToArray();
        for (var i = 0; i < ColumnCount; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), (ushort)ends[i]);
        }

        return new SeriesChunk(samples, bytes);
    }

    /// <summary>The chunk as it is, to be read by <see cref="Read"/>.</summary>
    public void Write(ByteWriter to)
    {
        to.Number(Count);
        to.Number(First);
        to.Number(Last);
        to.Number(FirstBatch);
        to.Number(LastBatch);
        to.Number(_bytes.Length);
        to.Bytes(_bytes);
    }

    /// <summary>A chunk that was written; throws <see cref="FormatException"/> where it cannot have been.</summary>
    public static SeriesChunk Read(ref ByteReader from)
    {
        var count = (int)from.Number();
        if (count is < 1 or > MaxCount)
        {
            throw new FormatException($"a chunk cannot have {count} samples");
        }

        var times = (from.Number(), from.Number());
        var batches = (from.Number(), from.Number());
        return new SeriesChunk(from.Bytes((int)from.Number()).ToArray(), count, times, batches);
    }

    /// <summary>Index of the last sample at or before a time; -1 where all are later.</summary>
    public int IndexAt(long time)
    {
        if (time >= Last || time < First)
        {
            return time < First ? -1 : Count - 1;
        }

        Span<long> times = stackalloc long[Count];
        Times(times);
        var at = times.BinarySearch(time);
        return at >= 0 ? at : ~at - 1;
    }

    public Sample At(int index)
    {
        Span<long> column = stackalloc long[index + 1];
        Times(column);
        var time = column[index];
        Validity(column);
        var validity = column[index];
        Rows(column);
        var rows = column[index];
        Batches(column);
        Span<double> values = stackalloc double[index + 1];
        Values(values);
        return new Sample(time, values[index], unchecked(time + validity), (int)rows, column[index]);
    }

    /// <summary>Every sample, into a span of as many.</summary>
    public void Decode(Span<Sample> samples)
    {
        Span<long> times = stackalloc long[Count];
        Span<long> validity = stackalloc long[Count];
        Span<long> rows = stackalloc long[Count];
        Span<long> batches = stackalloc long[Count];
        Span<double> values = stackalloc double[Count];
        Times(times);
        Validity(validity);
        Rows(rows);
        Batches(batches);
        Values(values);
        for (var i = 0; i < Count; i++)
        {
            samples[i] = new Sample(times[i], values[i], unchecked(times[i] + validity[i]), (int)rows[i], batches[i]);
        }
    }

    /// <summary>The first times, as many as fit into the span.</summary>
    public void Times(Span<long> times) => Integers(0, times);

    /// <summary>The first values, as many as fit into the span.</summary>
    public void Values(Span<double> values)
    {
        var reader = From(1);
        NumberColumn.Read(ref reader, values);
    }

    /// <summary>The first row counts, as many as fit into the span.</summary>
    public void Rows(Span<long> rows) => Integers(2, rows);

    private static void Column(ReadOnlySpan<Sample> samples, int number, Span<long> column, ByteWriter to)
    {
        if (number == 1)
        {
            Span<double> values = stackalloc double[samples.Length];
            for (var i = 0; i < samples.Length; i++)
            {
                values[i] = samples[i].Value;
            }

            NumberColumn.Write(values, to);
            return;
        }

        for (var i = 0; i < samples.Length; i++)
        {
            ref readonly var sample = ref samples[i];
            column[i] = number switch { 0 => sample.Time, 2 => sample.Rows, 3 => unchecked(sample.ValidUntil - sample.Time), _ => sample.Batch };
        }

        IntegerColumn.Write(column, to);
    }

    private void Validity(Span<long> validity) => Integers(3, validity);

    private void Batches(Span<long> batches) => Integers(4, batches);

    private void Integers(int number, Span<long> column)
    {
        var reader = From(number);
        IntegerColumn.Read(ref reader, column);
    }

    private ByteReader From(int number)
    {
        var start = number == 0 ? sizeof(ulong) : System.Buffers.Binary.BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(2 * (number - 1)));
        return new ByteReader(_bytes.AsSpan(start));
    }
}
