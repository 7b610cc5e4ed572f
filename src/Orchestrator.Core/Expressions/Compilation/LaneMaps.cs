using System.Numerics.Tensors;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Expressions.Evaluation;
using LaneMap = System.Action<System.ReadOnlySpan<double>, double, System.Span<double>>;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>The functions of single values as they are applied to columns.</summary>
internal static class LaneMaps
{
    public static LaneMap Negate { get; } = (values, _, result) => TensorPrimitives.Negate(values, result);

    public static LaneMap Each(Func<double, double> map) => (values, _, result) =>
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = map(values[i]);
        }
    };

    /// <summary>An arithmetic operation, or a comparison that gives 1 or 0, with a number on one side.</summary>
    public static LaneMap WithNumber(BinaryOp op, bool numberIsLeft) => op switch
    {
        BinaryOp.Add => (values, number, result) => TensorPrimitives.Add(values, number, result),
        BinaryOp.Multiply => (values, number, result) => TensorPrimitives.Multiply(values, number, result),
        BinaryOp.Subtract when !numberIsLeft => (values, number, result) => TensorPrimitives.Subtract(values, number, result),
        BinaryOp.Divide when !numberIsLeft => (values, number, result) => TensorPrimitives.Divide(values, number, result),
        _ => EachWith(op, numberIsLeft),
    };

    /// <summary>The same of two columns, lane by lane.</summary>
    public static void Pairwise(BinaryOp op, ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<double> result)
    {
        switch (op)
        {
            case BinaryOp.Add:
                TensorPrimitives.Add(left, right, result);
                break;
            case BinaryOp.Subtract:
                TensorPrimitives.Subtract(left, right, result);
                break;
            case BinaryOp.Multiply:
                TensorPrimitives.Multiply(left, right, result);
                break;
            case BinaryOp.Divide:
                TensorPrimitives.Divide(left, right, result);
                break;
            default:
                for (var i = 0; i < result.Length; i++)
                {
                    result[i] = Of(op, left[i], right[i]);
                }

                break;
        }
    }

    private static LaneMap EachWith(BinaryOp op, bool numberIsLeft) => (values, number, result) =>
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = numberIsLeft ? Of(op, number, values[i]) : Of(op, values[i], number);
        }
    };

    private static double Of(BinaryOp op, double left, double right) =>
        op.IsComparison() ? BinaryOperation.Holds(op, left, right) ? 1 : 0 : BinaryOperation.Arithmetic(op, left, right);
}
