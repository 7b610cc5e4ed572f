using System.Buffers;
using System.Numerics;

namespace Orchestrator.Core.Series;

/// <summary>Doubles in few bytes, each to its last bit: decimals as whole numbers of a power of ten with exceptions beside them, anything else by its bits.</summary>
/// <remarks>
/// Afroozeh, Kuffo, Boncz: ALP: Adaptive Lossless floating-Point Compression, SIGMOD 2024. A whole number below 2^53 divided by an exact power
/// of ten is the double nearest to that decimal; every number is tried once on writing, and what does not come back is an exception.
/// </remarks>
public static class NumberColumn
{
    private const byte ByBits = 32;
    private const double LargestWhole = 1L << 53;

    private static readonly double[] _powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    public static void Write(ReadOnlySpan<double> numbers, ByteWriter to)
    {
        var rented = ArrayPool<long>.Shared.Rent(numbers.Length);
        var whole = rented.AsSpan(0, numbers.Length);
        if (PowerOf(numbers) is var power and >= 0)
        {
            WriteDecimals(numbers, whole, power, to);
        }
        else
        {
            WriteBits(numbers, whole, to);
        }

        IntegerColumn.Write(whole, to);
        ArrayPool<long>.Shared.Return(rented);
    }

    /// <summary>Reads the first numbers of a column, as many as fit into the span; the reader stands behind the column where that is all of them.</summary>
    public static void Read(ref ByteReader from, Span<double> numbers)
    {
        var kind = from.Byte();
        var rented = ArrayPool<long>.Shared.Rent(numbers.Length);
        var whole = rented.AsSpan(0, numbers.Length);
        if (kind < _powers.Length)
        {
            var exceptions = Exceptions(ref from);
            IntegerColumn.Read(ref from, whole);
            Decimals(whole, _powers[kind], exceptions, numbers);
        }
        else
        {
            IntegerColumn.Read(ref from, whole);
            FromBits(whole, kind - ByBits, numbers);
        }

        ArrayPool<long>.Shared.Return(rented);
    }

    /// <summary>The power of ten that makes all but a few of the numbers whole; -1 where there is none.</summary>
    private static int PowerOf(ReadOnlySpan<double> numbers)
    {
        var power = 0;
        var exceptions = 0;
        foreach (var number in numbers)
        {
            var needed = power;
            while (needed < _powers.Length && !IsWhole(number, needed, out _))
            {
                needed++;
            }

            exceptions += needed < _powers.Length ? 0 : 1;
            power = needed < _powers.Length ? needed : power;
            if (exceptions > 2 + (numbers.Length / 16))
            {
                return -1;
            }
        }

        return power;
    }

    private static bool IsWhole(double number, int power, out long whole)
    {
        var scaled = Math.Round(number * _powers[power]);
        var fits = Math.Abs(scaled) < LargestWhole;
        whole = fits ? (long)scaled : 0;
        return fits && BitConverter.DoubleToInt64Bits(whole / _powers[power]) == BitConverter.DoubleToInt64Bits(number);
    }

    private static void WriteDecimals(ReadOnlySpan<double> numbers, Span<long> whole, int power, ByteWriter to)
    {
        var exceptions = new List<int>();
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!IsWhole(numbers[i], power, out whole[i]))
            {
                exceptions.Add(i);
                whole[i] = i > 0 ? whole[i - 1] : 0;
            }
        }

        to.Byte((byte)power);
        to.Number(exceptions.Count);
        foreach (var at in exceptions)
        {
            to.Number(at);
            to.Word(BitConverter.DoubleToUInt64Bits(numbers[at]));
        }
    }

    /// <summary>The bits as whole numbers, without the zeros that all of them end with, as single-precision numbers do.</summary>
    private static void WriteBits(ReadOnlySpan<double> numbers, Span<long> whole, ByteWriter to)
    {
        var all = 0L;
        for (var i = 0; i < numbers.Length; i++)
        {
            whole[i] = BitConverter.DoubleToInt64Bits(numbers[i]);
            all |= whole[i];
        }

        var zeros = all == 0 ? 0 : BitOperations.TrailingZeroCount(all);
        for (var i = 0; i < whole.Length; i++)
        {
            whole[i] >>= zeros;
        }

        to.Byte((byte)(ByBits + zeros));
    }

    private static (int At, double Number)[] Exceptions(ref ByteReader from)
    {
        var count = from.Number();
        if (count == 0)
        {
            return [];
        }

        var exceptions = new (int, double)[count];
        for (var i = 0; i < exceptions.Length; i++)
        {
            exceptions[i] = ((int)from.Number(), BitConverter.UInt64BitsToDouble(from.Word()));
        }

        return exceptions;
    }

    private static void Decimals(ReadOnlySpan<long> whole, double scale, (int At, double Number)[] exceptions, Span<double> numbers)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = whole[i] / scale;
        }

        foreach (var (at, number) in exceptions)
        {
            if (at < numbers.Length)
            {
                numbers[at] = number;
            }
        }
    }

    private static void FromBits(ReadOnlySpan<long> whole, int zeros, Span<double> numbers)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BitConverter.Int64BitsToDouble(whole[i] << zeros);
        }
    }
}
