using Orchestrator.Core.Expressions.Ast;

namespace Orchestrator.Core.Revisions.Analysis;

/// <summary>The bounds of what arithmetic operators give.</summary>
internal static class Arithmetic
{
    public static Interval Of(BinaryOp op, Interval left, Interval right) => op switch
    {
        BinaryOp.Add => left + right,
        BinaryOp.Subtract => left - right,
        BinaryOp.Multiply => left * right,
        BinaryOp.Divide => left / right,
        BinaryOp.Modulo => Modulo(left, right),
        BinaryOp.Power when (left.Constant, right.Constant) is ({ } number, { } exponent) => Interval.Of(Math.Pow(number, exponent)),
        BinaryOp.Power => Interval.Any,
        _ => Interval.Between(-Math.PI, Math.PI) with { MayBeNaN = left.MayBeNaN || right.MayBeNaN },
    };

    /// <summary>The remainder has the sign of the left side and is smaller than the right.</summary>
    private static Interval Modulo(Interval left, Interval right)
    {
        var size = Math.Max(Math.Abs(right.Low), Math.Abs(right.High));
        return new(left.Low >= 0 ? 0 : -size, left.High <= 0 ? 0 : size, true);
    }
}
