namespace Orchestrator.Core.Expressions.Ast;

/// <summary>The operators that turn the samples of a group of series into one, or choose some of them.</summary>
public enum AggregateOp
{
    Sum,
    Avg,
    Count,
    Min,
    Max,
    Group,
    Stddev,
    Stdvar,
    Topk,
    Bottomk,
    CountValues,
    Quantile,
}

/// <summary>How aggregation operators are written.</summary>
public static class AggregateOps
{
    private static readonly string[] Names =
        ["sum", "avg", "count", "min", "max", "group", "stddev", "stdvar", "topk", "bottomk", "count_values", "quantile"];

    public static IReadOnlyList<string> All => Names;

    public static string Name(this AggregateOp op) => Names[(int)op];

    public static AggregateOp? Of(string name)
    {
        var at = Array.FindIndex(Names, candidate => string.Equals(candidate, name, StringComparison.OrdinalIgnoreCase));
        return at < 0 ? null : (AggregateOp)at;
    }

    public static bool HasParameter(this AggregateOp op) => op >= AggregateOp.Topk;
}
