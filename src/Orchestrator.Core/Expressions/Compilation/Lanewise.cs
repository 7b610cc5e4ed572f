using System.Numerics;
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
