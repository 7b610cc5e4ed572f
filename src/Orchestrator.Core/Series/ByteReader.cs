using System.Buffers.Binary;

namespace Orchestrator.Core.Series;

/// <summary>Reads what a <see cref="ByteWriter"/> wrote, from front to back; throws <see cref="FormatException"/> where there is less than that.</summary>
public ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public byte Byte() => Position < _bytes.Length ? _bytes[Position++] : throw Cut();

    public ulong Word()
    {
        var word = BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));
        return word;
    }

    public long Number()
    {
        var bits = 0UL;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var next = Byte();
            bits |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return (long)(bits >> 1) ^ -(long)(bits & 1);
            }
        }

        throw Cut();
    }

    /// <summary>Numbers of so many bits each, with their least one added; as many as fit into the span.</summary>
    public void Packed(Span<long> numbers, long least, int width)
    {
        var size = ((numbers.Length * width) + 7) / 8;
        var packed = Take(size);
        if (width == 0)
        {
            numbers.Fill(least);
            return;
        }

        var mask = ulong.MaxValue >> (64 - width);
        for (int i = 0, bit = 0; i < numbers.Length; i++, bit += width)
        {
            numbers[i] = least + (long)(Bits(packed, bit, width) & mask);
        }
    }

    public void Skip(int size) => Take(size);

    /// <summary>The next bytes, as they are.</summary>
    public ReadOnlySpan<byte> Bytes(int size) => Take(size);

    private static ulong Bits(ReadOnlySpan<byte> packed, int bit, int width)
    {
        var (at, shift) = (bit >> 3, bit & 7);
        if (at + sizeof(ulong) > packed.Length)
        {
            return AtTheEnd(packed[at..], shift);
        }

        var low = BinaryPrimitives.ReadUInt64LittleEndian(packed[at..]) >> shift;
        return width + shift > 64 ? low | ((ulong)packed[at + sizeof(ulong)] << (64 - shift)) : low;
    }

    private static ulong AtTheEnd(ReadOnlySpan<byte> rest, int shift)
    {
        var word = 0UL;
        for (var i = 0; i < rest.Length; i++)
        {
            word |= (ulong)rest[i] << (8 * i);
        }

        return word >> shift;
    }

    private ReadOnlySpan<byte> Take(int size)
    {
        if (size < 0 || size > _bytes.Length - Position)
        {
            throw Cut();
        }

        var taken = _bytes.Slice(Position, size);
        Position += size;
        return taken;
    }

    private static FormatException Cut() => new("the bytes of a column end too early");
}
