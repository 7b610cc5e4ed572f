namespace Orchestrator.Core.Expressions.Ast;

/// <summary>The operators between two expressions.</summary>
public enum BinaryOp
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
    Atan2,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
    Unless,
}

/// <summary>How binary operators are written and bind.</summary>
public static class BinaryOps
{
    private static readonly string[] Signs =
        ["+", "-", "*", "/", "%", "^", "atan2", "==", "!=", "<", "<=", ">", ">=", "and", "or", "unless"];

    public static string Sign(this BinaryOp op) => Signs[(int)op];

    public static BinaryOp? Of(string sign)
    {
        var at = Array.FindIndex(Signs, candidate => string.Equals(candidate, sign, StringComparison.OrdinalIgnoreCase));
        return at < 0 ? null : (BinaryOp)at;
    }

    /// <summary>A higher one binds more tightly: <c>or</c> 1 … <c>^</c> 6.</summary>
    public static int Precedence(this BinaryOp op) => op switch
    {
        BinaryOp.Or => 1,
        BinaryOp.And or BinaryOp.Unless => 2,
        _ when op.IsComparison() => 3,
        BinaryOp.Add or BinaryOp.Subtract => 4,
        BinaryOp.Power => 6,
        _ => 5,
    };

    public static bool IsComparison(this BinaryOp op) => op is >= BinaryOp.Equal and <= BinaryOp.GreaterOrEqual;

    public static bool IsSet(this BinaryOp op) => op is BinaryOp.And or BinaryOp.Or or BinaryOp.Unless;

    public static bool IsArithmetic(this BinaryOp op) => op <= BinaryOp.Atan2;
}
