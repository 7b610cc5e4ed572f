using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>Writes a step into subqueries that name none.</summary>
internal static class SubqueryStep
{
    public static Rule Fill(Rule rule, TimeSpan step) => rule switch
    {
        Rule.Recording recording => recording with { Expression = Fill(recording.Expression, step) },
        Rule.Alerting alerting => alerting with { Expression = Fill(alerting.Expression, step), Clear = alerting.Clear is { } clear ? Fill(clear, step) : null },
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static RuleExpression Fill(RuleExpression expression, TimeSpan step) => expression with { Root = Fill(expression.Root, step.ToMicros()) };

    private static Expr Fill(Expr expr, long step)
    {
        Expr Inner(Expr inner) => Fill(inner, step);
        return expr switch
        {
            Expr.Subquery subquery => subquery with { Operand = Inner(subquery.Operand), Step = subquery.Step ?? step },
            Expr.Paren paren => paren with { Operand = Inner(paren.Operand) },
            Expr.Unary unary => unary with { Operand = Inner(unary.Operand) },
            Expr.Binary binary => binary with { Left = Inner(binary.Left), Right = Inner(binary.Right) },
            Expr.Aggregate aggregate => aggregate with { Operand = Inner(aggregate.Operand), Parameter = aggregate.Parameter is { } parameter ? Inner(parameter) : null },
            Expr.Call call => call with { Arguments = [.. call.Arguments.Select(Inner)] },
            Expr.Selector or Expr.RangeSelector or Expr.Number or Expr.Text => expr,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}
