using System.Buffers;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Series;

/// <summary>A sample of a series by its number.</summary>
internal readonly record struct NumberedSample(long Series, Sample Sample);

/// <summary>The samples of a batch as bytes: columns of series, times, validity, rows and values; or, as older versions wrote them, JSON with the labels of each.</summary>
internal static class BatchBody
{
    private const byte Columns = 1;
    private const byte Json = (byte)'[';

    /// <param name="series">The numbers of the samples' series, in their order.</param>
    public static byte[] Write(ReadOnlySpan<long> series, IReadOnlyCollection<LabelledSample> samples)
    {
        using var writer = new ByteWriter(64 + (samples.Count * 12));
        writer.Byte(Columns);
        writer.Number(samples.Count);
        IntegerColumn.Write(series, writer);
        WriteIntegers(samples, sample => sample.Time, writer);
        WriteIntegers(samples, sample => unchecked(sample.ValidUntil - sample.Time), writer);
        WriteIntegers(samples, sample => sample.Rows, writer);
        NumberColumn.Write(samples.Select(sample => sample.Sample.Value).ToArray(), writer);
        return writer.Written.ToArray();
    }

    public static bool IsJson(ReadOnlySpan<byte> body) => body is [Json, ..];

    /// <summary>Samples of series by number; throws <see cref="FormatException"/> on other bytes.</summary>
    public static NumberedSample[] Read(byte[] body, long batch)
    {
        var reader = new ByteReader(body);
        if (reader.Byte() != Columns)
        {
            throw new FormatException("the body of a batch is of a kind that this version does not know");
        }

        var count = (int)reader.Number();
        var samples = new NumberedSample[count];
        var rented = ArrayPool<long>.Shared.Rent(4 * count);
        var columns = rented.AsSpan();
        for (var i = 0; i < 4; i++)
        {
            IntegerColumn.Read(ref reader, columns.Slice(i * count, count));
        }

        var values = new double[count];
        NumberColumn.Read(ref reader, values);
        for (var i = 0; i < count; i++)
        {
            var time = columns[count + i];
            samples[i] = new(columns[i], new Sample(time, values[i], unchecked(time + columns[(2 * count) + i]), (int)columns[(3 * count) + i], batch));
        }

        ArrayPool<long>.Shared.Return(rented);
        return samples;
    }

    /// <summary>Samples with their labels, as older versions wrote them.</summary>
    public static IEnumerable<LabelledSample> ReadJson(byte[] body) =>
        Storage.Json.Read<List<JsonSample>>(System.Text.Encoding.UTF8.GetString(body)).Select(sample => sample.ToSample());

    private static void WriteIntegers(IReadOnlyCollection<LabelledSample> samples, Func<Sample, long> column, ByteWriter to) =>
        IntegerColumn.Write(samples.Select(sample => column(sample.Sample)).ToArray(), to);

    /// <summary>Labels, time, value (null marks staleness), end of validity, rows.</summary>
    private sealed record JsonSample(Labels L, long T, double? V, long U, int N)
    {
        public LabelledSample ToSample() => new(L, new Sample(T, V ?? Sample.Stale, U, N));
    }
}
