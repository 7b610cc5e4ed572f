using Orchestrator.Core.Expressions.Ast;

namespace Orchestrator.Core.Revisions.Analysis;

/// <summary>What comparisons tell of numbers that are only known by their bounds.</summary>
internal static class Comparison
{
    /// <summary>True where it holds for all pairs, false where for none; a comparison with no number holds only where it asks for a difference.</summary>
    public static bool? Verdict(BinaryOp op, Interval left, Interval right)
    {
        if (left.IsNothing || right.IsNothing)
        {
            return false;
        }

        if (left.IsEmpty || right.IsEmpty)
        {
            return op == BinaryOp.NotEqual;
        }

        var mayBeNaN = left.MayBeNaN || right.MayBeNaN;
        return op switch
        {
            BinaryOp.NotEqual => IsDisjoint(left, right) ? true : Same(left, right) && !mayBeNaN ? false : null,
            BinaryOp.Equal => IsDisjoint(left, right) ? false : Same(left, right) && !mayBeNaN ? true : null,
            BinaryOp.Less => Ordered(left.High < right.Low, left.Low >= right.High, mayBeNaN),
            BinaryOp.LessOrEqual => Ordered(left.High <= right.Low, left.Low > right.High, mayBeNaN),
            BinaryOp.Greater => Ordered(left.Low > right.High, left.High <= right.Low, mayBeNaN),
            BinaryOp.GreaterOrEqual => Ordered(left.Low >= right.High, left.High < right.Low, mayBeNaN),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>The left numbers for which it may hold.</summary>
    public static Interval Kept(BinaryOp op, Interval left, Interval right) => op switch
    {
        BinaryOp.NotEqual => left,
        BinaryOp.Equal => left.And(right) with { MayBeNaN = false },
        BinaryOp.Less => left.And(Interval.Between(double.NegativeInfinity, Math.BitDecrement(right.High))),
        BinaryOp.LessOrEqual => left.And(Interval.Between(double.NegativeInfinity, right.High)),
        BinaryOp.Greater => left.And(Interval.Between(Math.BitIncrement(right.Low), double.PositiveInfinity)),
        _ => left.And(Interval.Between(right.Low, double.PositiveInfinity)),
    };

    /// <summary>The operator with its sides exchanged.</summary>
    public static BinaryOp Swapped(BinaryOp op) => op switch
    {
        BinaryOp.Less => BinaryOp.Greater,
        BinaryOp.LessOrEqual => BinaryOp.GreaterOrEqual,
        BinaryOp.Greater => BinaryOp.Less,
        BinaryOp.GreaterOrEqual => BinaryOp.LessOrEqual,
        _ => op,
    };

    private static bool? Ordered(bool always, bool never, bool mayBeNaN) => never ? false : always && !mayBeNaN ? true : null;

    private static bool IsDisjoint(Interval left, Interval right) => left.And(right).IsEmpty;

    private static bool Same(Interval left, Interval right) => left.Low == left.High && right.Low == right.High && left.Low == right.Low;
}
