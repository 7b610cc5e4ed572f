using System.Buffers.Binary;
using System.Text;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Expressions.Peer;

/// <summary>Samples as Prometheus's remote write carries them: a protocol buffer, in the block format of Snappy without compression.</summary>
internal static class RemoteWrite
{
    // No literal of a block may be longer; a smaller one is always allowed.
    private const int LongestLiteral = 60_000;

    public static byte[] Body(IEnumerable<LabelledSample> samples)
    {
        var request = new List<byte>();
        foreach (var series in samples.GroupBy(sample => sample.Labels))
        {
            Bytes(request, 1, TimeSeries(series.Key, series.Select(sample => sample.Sample)));
        }

        return Block([.. request]);
    }

    private static byte[] TimeSeries(Labels labels, IEnumerable<Sample> samples)
    {
        var series = new List<byte>();
        foreach (var (name, value) in labels.Pairs)
        {
            var label = new List<byte>();
            Bytes(label, 1, Encoding.UTF8.GetBytes(name));
            Bytes(label, 2, Encoding.UTF8.GetBytes(value));
            Bytes(series, 1, [.. label]);
        }

        foreach (var sample in samples)
        {
            var point = new List<byte> { (1 << 3) | 1 };
            var bits = new byte[8];
            BinaryPrimitives.WriteDoubleLittleEndian(bits, sample.Value);
            point.AddRange(bits);
            point.Add(2 << 3);
            Varint(point, (ulong)(sample.Time / 1000));
            Bytes(series, 2, [.. point]);
        }

        return [.. series];
    }

    private static void Bytes(List<byte> target, int field, byte[] content)
    {
        Varint(target, (ulong)((field << 3) | 2));
        Varint(target, (ulong)content.Length);
        target.AddRange(content);
    }

    private static void Varint(List<byte> target, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            target.Add((byte)(value | 0x80));
        }

        target.Add((byte)value);
    }

    private static byte[] Block(byte[] content)
    {
        var block = new List<byte>();
        Varint(block, (ulong)content.Length);
        foreach (var literal in content.Chunk(LongestLiteral))
        {
            // 61 in the upper six bits: the length less one follows in two bytes.
            block.AddRange([61 << 2, (byte)(literal.Length - 1), (byte)((literal.Length - 1) >> 8)]);
            block.AddRange(literal);
        }

        return [.. block];
    }
}
