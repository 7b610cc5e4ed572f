using System.Buffers;

namespace Orchestrator.Core.Series;

/// <summary>Whole numbers in few bytes: a line by its first number and its step, anything else by differences of the order that needs least, packed in blocks.</summary>
/// <remarks>
/// Differences of differences: Pelkonen et al., Gorilla, VLDB 2015. Blocks with a frame of reference: Lemire and Boytsov, Decoding billions
/// of integers per second through vectorization, 2015. Arithmetic wraps around, so every number comes back.
/// </remarks>
public static class IntegerColumn
{
    private const int BlockSize = 64;
    private const byte Line = 3;
    private const int HighestOrder = 2;

    public static void Write(ReadOnlySpan<long> numbers, ByteWriter to)
    {
        if (IsLine(numbers))
        {
            to.Byte(Line);
            to.Number(numbers.IsEmpty ? 0 : numbers[0]);
            to.Number(numbers.Length > 1 ? unchecked(numbers[1] - numbers[0]) : 0);
            return;
        }

        var rented = ArrayPool<long>.Shared.Rent(2 * numbers.Length);
        var first = rented.AsSpan(0, numbers.Length);
        var second = rented.AsSpan(numbers.Length, numbers.Length);
        Differences(numbers, first);
        Differences(first, second);
        var one = first[1..];
        var two = second[2..];
        var costs = (Size(numbers), Size(one), Size(two));
        if (costs.Item1 <= costs.Item2 && costs.Item1 <= costs.Item3)
        {
            to.Byte(0);
            Blocks(numbers, to);
        }
        else if (costs.Item2 <= costs.Item3)
        {
            to.Byte(1);
            to.Number(numbers[0]);
            Blocks(one, to);
        }
        else
        {
            to.Byte(HighestOrder);
            to.Number(numbers[0]);
            to.Number(first[1]);
            Blocks(two, to);
        }

        ArrayPool<long>.Shared.Return(rented);
    }

    /// <summary>Reads the first numbers of a column, as many as fit into the span; the reader stands behind the column where that is all of them.</summary>
    public static void Read(ref ByteReader from, Span<long> numbers)
    {
        var order = from.Byte();
        switch (order)
        {
            case Line:
                FillLine(numbers, from.Number(), from.Number());
                return;
            case > HighestOrder:
                throw new FormatException($"a column cannot be of order {order}");
        }

        Span<long> seeds = [order > 0 ? from.Number() : 0, order > 1 ? from.Number() : 0];
        var rest = numbers[Math.Min(order, numbers.Length)..];
        for (var start = 0; start < rest.Length; start += BlockSize)
        {
            var (least, width) = (from.Number(), from.Byte());
            from.Packed(rest.Slice(start, Math.Min(BlockSize, rest.Length - start)), least, width <= 64 ? width : throw new FormatException($"{width} bits are too many"));
        }

        Sum(numbers, order, seeds);
    }

    private static bool IsLine(ReadOnlySpan<long> numbers)
    {
        for (var i = 2; i < numbers.Length; i++)
        {
            if (unchecked(numbers[i] - numbers[i - 1] != numbers[1] - numbers[0]))
            {
                return false;
            }
        }

        return true;
    }

    private static void FillLine(Span<long> numbers, long first, long step)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = unchecked(first + (i * step));
        }
    }

    private static void Differences(ReadOnlySpan<long> of, Span<long> to)
    {
        to[0] = 0;
        for (var i = 1; i < of.Length; i++)
        {
            to[i] = unchecked(of[i] - of[i - 1]);
        }
    }

    private static void Sum(Span<long> numbers, int order, ReadOnlySpan<long> seeds)
    {
        if (order == HighestOrder && numbers.Length > 1)
        {
            numbers[1] = seeds[1];
            for (var i = 2; i < numbers.Length; i++)
            {
                numbers[i] = unchecked(numbers[i] + numbers[i - 1]);
            }
        }

        if (order > 0 && numbers.Length > 0)
        {
            numbers[0] = seeds[0];
            for (var i = 1; i < numbers.Length; i++)
            {
                numbers[i] = unchecked(numbers[i] + numbers[i - 1]);
            }
        }
    }

    private static int Size(ReadOnlySpan<long> numbers)
    {
        var bits = 0;
        for (var start = 0; start < numbers.Length; start += BlockSize)
        {
            var block = numbers.Slice(start, Math.Min(BlockSize, numbers.Length - start));
            var (least, greatest) = Range(block);
            bits += (block.Length * ByteWriter.WidthOf(unchecked((ulong)(greatest - least)))) + 16;
        }

        return bits;
    }

    private static void Blocks(ReadOnlySpan<long> numbers, ByteWriter to)
    {
        for (var start = 0; start < numbers.Length; start += BlockSize)
        {
            var block = numbers.Slice(start, Math.Min(BlockSize, numbers.Length - start));
            var (least, greatest) = Range(block);
            var width = ByteWriter.WidthOf(unchecked((ulong)(greatest - least)));
            to.Number(least);
            to.Byte((byte)width);
            to.Packed(block, least, width);
        }
    }

    private static (long Least, long Greatest) Range(ReadOnlySpan<long> numbers)
    {
        var (least, greatest) = (numbers[0], numbers[0]);
        foreach (var number in numbers)
        {
            least = Math.Min(least, number);
            greatest = Math.Max(greatest, number);
        }

        return (least, greatest);
    }
}
