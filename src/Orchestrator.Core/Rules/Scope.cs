using System.Collections.Immutable;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>Narrows an expression to the series of one label value.</summary>
public static class Scope
{
    /// <summary>The expression with every selector that says nothing of <c>model</c> narrowed to one.</summary>
    public static Expr To(string model, Expr expr) => To("model", model, expr);

    /// <summary>The expression with every selector that says nothing of a label narrowed to one value of it.</summary>
    public static Expr To(string label, string value, Expr expr)
    {
        Expr Inner(Expr inner) => To(label, value, inner);
        return expr switch
        {
            Expr.Selector selector => Narrow(selector, label, value),
            Expr.RangeSelector range => range with { Vector = Narrow(range.Vector, label, value) },
            Expr.Subquery subquery => subquery with { Operand = Inner(subquery.Operand) },
            Expr.Paren paren => paren with { Operand = Inner(paren.Operand) },
            Expr.Unary unary => unary with { Operand = Inner(unary.Operand) },
            Expr.Binary binary => binary with { Left = Inner(binary.Left), Right = Inner(binary.Right) },
            Expr.Aggregate aggregate => aggregate with { Operand = Inner(aggregate.Operand), Parameter = aggregate.Parameter is { } parameter ? Inner(parameter) : null },
            Expr.Call call => call with { Arguments = [.. call.Arguments.Select(Inner)] },
            Expr.Number or Expr.Text => expr,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static Expr.Selector Narrow(Expr.Selector selector, string label, string value) =>
        selector.Matchers.Any(matcher => matcher.Label == label)
            ? selector
            : selector with { Matchers = selector.Matchers.Add(Matcher.Of(label, MatchOp.Equal, value)) };
}
