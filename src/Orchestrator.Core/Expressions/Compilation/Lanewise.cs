using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>What is computed on whole columns at once; columns are padded to words of 64 lanes.</summary>
internal static class Lanewise
{
    /// <summary>The lanes that are seen and whose value compares so with a number.</summary>
    public static void Compare(BinaryOp op, ReadOnlySpan<double> values, double number, Seen seen)
    {
        switch (op)
        {
            case BinaryOp.Equal:
                Compare<Equal>(values, number, seen);
                break;
            case BinaryOp.NotEqual:
                Compare<NotEqual>(values, number, seen);
                break;
            case BinaryOp.Less:
                Compare<Less>(values, number, seen);
                break;
            case BinaryOp.LessOrEqual:
                Compare<LessOrEqual>(values, number, seen);
                break;
            case BinaryOp.Greater:
                Compare<Greater>(values, number, seen);
                break;
            case BinaryOp.GreaterOrEqual:
                Compare<GreaterOrEqual>(values, number, seen);
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>The lanes that are seen and whose values in two columns compare so.</summary>
    public static void Compare(BinaryOp op, ReadOnlySpan<double> left, ReadOnlySpan<double> right, Seen seen)
    {
        var result = seen.Result;
        seen.Valid.CopyTo(result);
        for (var lane = 0; lane < result.Length << 6; lane++)
        {
            if ((result[lane >>> 6] >> lane & 1) != 0 && !BinaryOperation.Holds(op, left[lane], right[lane]))
            {
                result[lane >>> 6] &= ~(1UL << lane);
            }
        }
    }

    /// <summary>The lanes whose newest sample counts at an instant, and the first instant at which one of them counts no more.</summary>
    public static long Visible(MetricColumn column, long at, long lookback, Span<ulong> visible)
    {
        ref var times = ref MemoryMarshal.GetArrayDataReference(column.Times);
        ref var until = ref MemoryMarshal.GetArrayDataReference(column.Until);
        var now = Vector512.Create(at);
        var back = Vector512.Create(lookback);
        var next = Vector512.Create(long.MaxValue);
        for (var word = 0; word < visible.Length; word++)
        {
            var bits = 0UL;
            for (var i = 0; i < 64; i += Vector512<long>.Count)
            {
                var lane = (nuint)((word << 6) + i);
                var time = Vector512.LoadUnsafe(ref times, lane);
                var stated = Vector512.LoadUnsafe(ref until, lane);
                var end = Vector512.ConditionalSelect(Vector512.Equals(stated, Vector512<long>.Zero), time + back, stated);
                var seen = Vector512.GreaterThan(end, now) & Vector512.LessThanOrEqual(time, now);
                next = Vector512.Min(next, Vector512.ConditionalSelect(seen, end, Vector512.Create(long.MaxValue)));
                bits |= seen.ExtractMostSignificantBits() << i;
            }

            visible[word] = bits;
        }

        return Smallest(next);
    }

    /// <summary>The lanes that are seen and were not, or the other way, or whose value left the span in which it was; what is seen is remembered.</summary>
    public static void Outside(ReadOnlySpan<double> values, in Spans spans, in Seen seen, Span<ulong> before)
    {
        ref var value = ref MemoryMarshal.GetReference(values);
        ref var low = ref MemoryMarshal.GetReference(spans.Low);
        ref var below = ref MemoryMarshal.GetReference(spans.Below);
        var valid = seen.Valid;
        var result = seen.Result;
        for (var word = 0; word < result.Length; word++)
        {
            var inside = 0UL;
            for (var i = 0; i < 64; i += Vector512<double>.Count)
            {
                var lane = (nuint)((word << 6) + i);
                var lanes = Vector512.LoadUnsafe(ref value, lane);
                var stays = Vector512.GreaterThanOrEqual(lanes, Vector512.LoadUnsafe(ref low, lane)) & Vector512.LessThan(lanes, Vector512.LoadUnsafe(ref below, lane));
                inside |= stays.ExtractMostSignificantBits() << i;
            }

            result[word] = (valid[word] & ~inside) | (valid[word] ^ before[word]);
            before[word] = valid[word];
        }
    }

    /// <summary>The lanes for which all literals hold, the first of which asks for a sample.</summary>
    public static void All(Literal[] literals, Span<ulong> result)
    {
        result.Fill(ulong.MaxValue);
        foreach (ref readonly var literal in literals.AsSpan())
        {
            if (Vector512.IsHardwareAccelerated)
            {
                Keep512(literal, result);
            }
            else
            {
                Keep256(literal, result);
            }
        }
    }

    /// <summary>The lanes for which two literals hold and that are not in a set, or the other way; where the hardware has whole vectors.</summary>
    public static bool TryDiffer(Literal[] literals, ReadOnlySpan<ulong> held, Span<ulong> result)
    {
        if (literals.Length != 2 || !Vector512.IsHardwareAccelerated)
        {
            return false;
        }

        ref readonly var first = ref literals[0];
        ref readonly var second = ref literals[1];
        ref var codes = ref MemoryMarshal.GetArrayDataReference(first.Column.Codes);
        ref var others = ref MemoryMarshal.GetArrayDataReference(second.Column.Codes);
        var (low, width) = Bounds(first.Range);
        var (otherLow, otherWidth) = Bounds(second.Range);
        var turned = second.IsNegated ? ulong.MaxValue : 0;
        for (var word = 0; word < result.Length; word++)
        {
            var lane = (nuint)(word << 6);
            var holds = InRange(ref Unsafe.Add(ref codes, lane), low, width) & (InRange(ref Unsafe.Add(ref others, lane), otherLow, otherWidth) ^ turned);
            result[word] = holds ^ held[word];
        }

        return true;
    }

    private static (Vector512<ushort> Low, Vector512<ushort> Width) Bounds(CodeRange range) =>
        (Vector512.Create(range.Low), Vector512.Create((ushort)(range.High - range.Low)));

    /// <summary>Of 64 lanes those whose code is in a range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong InRange(ref ushort code, Vector512<ushort> low, Vector512<ushort> width)
    {
        var first = Vector512.LessThanOrEqual(Vector512.LoadUnsafe(ref code) - low, width).ExtractMostSignificantBits();
        var second = Vector512.LessThanOrEqual(Vector512.LoadUnsafe(ref code, 32) - low, width).ExtractMostSignificantBits();
        return first | (second << 32);
    }

    private static void Keep512(in Literal literal, Span<ulong> result)
    {
        ref var code = ref MemoryMarshal.GetArrayDataReference(literal.Column.Codes);
        var (low, width) = Bounds(literal.Range);
        var turned = literal.IsNegated ? ulong.MaxValue : 0;
        for (var word = 0; word < result.Length; word++)
        {
            result[word] &= InRange(ref Unsafe.Add(ref code, word << 6), low, width) ^ turned;
        }
    }

    private static void Keep256(in Literal literal, Span<ulong> result)
    {
        ref var code = ref MemoryMarshal.GetArrayDataReference(literal.Column.Codes);
        var low = Vector256.Create(literal.Range.Low);
        var width = Vector256.Create((ushort)(literal.Range.High - literal.Range.Low));
        var turned = literal.IsNegated ? ulong.MaxValue : 0;
        for (var word = 0; word < result.Length; word++)
        {
            var bits = 0UL;
            for (var i = 0; i < 64; i += Vector256<ushort>.Count)
            {
                var inRange = Vector256.LessThanOrEqual(Vector256.LoadUnsafe(ref code, (nuint)((word << 6) + i)) - low, width);
                bits |= (ulong)inRange.ExtractMostSignificantBits() << i;
            }

            result[word] &= bits ^ turned;
        }
    }

    private static long Smallest(Vector512<long> numbers)
    {
        var smallest = long.MaxValue;
        for (var i = 0; i < Vector512<long>.Count; i++)
        {
            smallest = Math.Min(smallest, numbers[i]);
        }

        return smallest;
    }

    private static void Compare<TComparison>(ReadOnlySpan<double> values, double number, Seen seen)
        where TComparison : IComparison
    {
        ref var value = ref MemoryMarshal.GetReference(values);
        var wanted = Vector512.Create(number);
        var valid = seen.Valid;
        var result = seen.Result;
        for (var word = 0; word < result.Length; word++)
        {
            var bits = 0UL;
            for (var i = 0; i < 64; i += Vector512<double>.Count)
            {
                var lanes = Vector512.LoadUnsafe(ref value, (nuint)((word << 6) + i));
                bits |= TComparison.Holds(lanes, wanted).ExtractMostSignificantBits() << i;
            }

            result[word] = bits & valid[word];
        }
    }

    /// <summary>By lane, a number from which on and one up to which values are inside.</summary>
    public readonly ref struct Spans(ReadOnlySpan<double> low, ReadOnlySpan<double> below)
    {
        public ReadOnlySpan<double> Low { get; } = low;

        public ReadOnlySpan<double> Below { get; } = below;
    }

    /// <summary>Lanes that are seen, and those of them that are left.</summary>
    public readonly ref struct Seen(ReadOnlySpan<ulong> valid, Span<ulong> result)
    {
        public ReadOnlySpan<ulong> Valid { get; } = valid;

        public Span<ulong> Result { get; } = result;
    }

    private interface IComparison
    {
        static abstract Vector512<double> Holds(Vector512<double> left, Vector512<double> right);
    }

    private readonly struct Equal : IComparison
    {
        public static Vector512<double> Holds(Vector512<double> left, Vector512<double> right) => Vector512.Equals(left, right);
    }

    private readonly struct NotEqual : IComparison
    {
        public static Vector512<double> Holds(Vector512<double> left, Vector512<double> right) => ~Vector512.Equals(left, right);
    }

    private readonly struct Less : IComparison
    {
        public static Vector512<double> Holds(Vector512<double> left, Vector512<double> right) => Vector512.LessThan(left, right);
    }

    private readonly struct LessOrEqual : IComparison
    {
        public static Vector512<double> Holds(Vector512<double> left, Vector512<double> right) => Vector512.LessThanOrEqual(left, right);
    }

    private readonly struct Greater : IComparison
    {
        public static Vector512<double> Holds(Vector512<double> left, Vector512<double> right) => Vector512.GreaterThan(left, right);
    }

    private readonly struct GreaterOrEqual : IComparison
    {
        public static Vector512<double> Holds(Vector512<double> left, Vector512<double> right) => Vector512.GreaterThanOrEqual(left, right);
    }
}
