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
}
