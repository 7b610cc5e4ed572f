using System.Diagnostics;
using Orchestrator.Core.Expressions.Ast;

namespace Orchestrator.Core.Expressions.Typing;

/// <summary>What an expression yields.</summary>
public enum ExprType
{
    /// <summary>Not known, because of an error below.</summary>
    None,
    Scalar,
    Vector,
    Matrix,
    Text,
}

/// <summary>How types are called in messages, as in Prometheus's documentation.</summary>
public static class ExprTypes
{
    public static string Name(this ExprType type) => type switch
    {
        ExprType.Scalar => "scalar",
        ExprType.Vector => "instant vector",
        ExprType.Matrix => "range vector",
        ExprType.Text => "string",
        _ => "none",
    };

    /// <summary>The type of an expression that was checked.</summary>
    public static ExprType Of(Expr expr) => expr switch
    {
        Expr.Number => ExprType.Scalar,
        Expr.Text => ExprType.Text,
        Expr.Selector or Expr.Aggregate => ExprType.Vector,
        Expr.RangeSelector or Expr.Subquery => ExprType.Matrix,
        Expr.Paren paren => Of(paren.Operand),
        Expr.Unary unary => Of(unary.Operand),
        Expr.Binary binary => Of(binary.Left) == ExprType.Scalar && Of(binary.Right) == ExprType.Scalar ? ExprType.Scalar : ExprType.Vector,
        Expr.Call call => FunctionCatalog.Find(call.Function)?.Result ?? ExprType.None,
        _ => throw new UnreachableException(),
    };
}
