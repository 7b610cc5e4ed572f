using System.Diagnostics;
using Orchestrator.Core.Expressions.Ast;

namespace Orchestrator.Core.Expressions.Evaluation;

/// <summary>The number that meets every element of a vector, and its side.</summary>
internal readonly record struct ScalarSide(Value.Scalar Scalar, bool IsLeft);

/// <summary>Arithmetic and comparisons of two numbers, and of a vector with a number.</summary>
internal static class BinaryOperation
{
    public static Value.Scalar Scalars(Expr.Binary binary, Value.Scalar left, Value.Scalar right)
    {
        var number = binary.Op.IsComparison()
            ? Holds(binary.Op, left.Number, right.Number) ? 1 : 0
            : Arithmetic(binary.Op, left.Number, right.Number);
        return new Value.Scalar(number, Element.Fewer(left.Rows, right.Rows));
    }

    public static IReadOnlyList<Element> WithScalar(Run run, Expr.Binary binary, IReadOnlyList<Element> elements, ScalarSide scalar)
    {
        var results = new List<Element>(elements.Count);
        foreach (var element in elements)
        {
            // A comparison keeps the vector's value, on whichever side it stands.
            var (left, right) = scalar.IsLeft ? (scalar.Scalar.Number, element.Value) : (element.Value, scalar.Scalar.Number);
            var counted = element with { Rows = Element.Fewer(element.Rows, scalar.Scalar.Rows) };
            if (Result(run, binary, counted, left, right) is { } result)
            {
                results.Add(result);
            }
        }

        return run.Distinct(results, binary);
    }

    public static bool Holds(BinaryOp op, double left, double right) => op switch
    {
        BinaryOp.Equal => left == right,
        BinaryOp.NotEqual => left != right,
        BinaryOp.Less => left < right,
        BinaryOp.LessOrEqual => left <= right,
        BinaryOp.Greater => left > right,
        BinaryOp.GreaterOrEqual => left >= right,
        _ => throw new UnreachableException(),
    };

    public static double Arithmetic(BinaryOp op, double left, double right) => op switch
    {
        BinaryOp.Add => left + right,
        BinaryOp.Subtract => left - right,
        BinaryOp.Multiply => left * right,
        BinaryOp.Divide => left / right,
        BinaryOp.Modulo => left % right,
        BinaryOp.Power => Math.Pow(left, right),
        BinaryOp.Atan2 => Math.Atan2(left, right),
        _ => throw new UnreachableException(),
    };

    private static Element? Result(Run run, Expr.Binary binary, in Element element, double left, double right)
    {
        if (!binary.Op.IsComparison())
        {
            return run.Nameless(element with { Value = Arithmetic(binary.Op, left, right) });
        }

        var holds = Holds(binary.Op, left, right);
        if (binary.ReturnsBool)
        {
            return run.Nameless(element with { Value = holds ? 1 : 0 });
        }

        return holds ? element : null;
    }
}
