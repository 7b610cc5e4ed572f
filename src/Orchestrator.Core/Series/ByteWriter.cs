using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;

namespace Orchestrator.Core.Series;

/// <summary>Bytes that columns are written to, in a borrowed buffer that grows.</summary>
public sealed class ByteWriter(int capacity) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public void Byte(byte value)
    {
        Ensure(1);
        _buffer[Length++] = value;
    }

    /// <summary>Eight bytes, the lowest first.</summary>
    public void Word(ulong value)
    {
        Ensure(sizeof(ulong));
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer.AsSpan(Length), value);
        Length += sizeof(ulong);
    }

    /// <summary>Puts another word into the place of one that was written.</summary>
    public void SetWord(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(_buffer.AsSpan(at), value);

    /// <summary>Bytes as they are.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Ensure(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Begins anew with nothing written.</summary>
    public void Clear() => Length = 0;

    /// <summary>A number that is small more often than not: seven bits a byte, sign in the lowest bit.</summary>
    public void Number(long value)
    {
        Ensure(10);
        var rest = (ulong)((value << 1) ^ (value >> 63));
        for (; rest >= 0x80; rest >>= 7)
        {
            _buffer[Length++] = (byte)(rest | 0x80);
        }

        _buffer[Length++] = (byte)rest;
    }

    /// <summary>The differences of numbers to their least one, each in as many bits as the greatest difference has.</summary>
    public void Packed(ReadOnlySpan<long> numbers, long least, int width)
    {
        Ensure((numbers.Length * width / 8) + (2 * sizeof(ulong)));
        var held = 0UL;
        var used = 0;
        foreach (var number in numbers)
        {
            var bits = (ulong)(number - least);
            held |= bits << used;
            used += width;
            if (used < 64)
            {
                continue;
            }

            Word(held);
            used -= 64;
            held = used > 0 ? bits >> (width - used) : 0;
        }

        for (; used > 0; used -= 8, held >>= 8)
        {
            _buffer[Length++] = (byte)held;
        }
    }

    /// <summary>The number of bits that a number needs.</summary>
    public static int WidthOf(ulong number) => 64 - BitOperations.LeadingZeroCount(number);

    /// <summary>Gives the buffer back; the writer is of no use afterwards.</summary>
    public void Dispose()
    {
        var buffer = Interlocked.Exchange(ref _buffer, []);
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Ensure(int more)
    {
        if (Length + more <= _buffer.Length)
        {
            return;
        }

        var grown = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, Length + more));
        Written.CopyTo(grown);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = grown;
    }
}
