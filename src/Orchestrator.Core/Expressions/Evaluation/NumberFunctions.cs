using Orchestrator.Core.Expressions.Ast;

namespace Orchestrator.Core.Expressions.Evaluation;

/// <summary>Functions of each value by itself.</summary>
internal static class NumberFunctions
{
    public static IEnumerable<Function> All =>
    [
        .. Simple.Select(simple => new Function(simple.Name, Each(simple.Map))),
        new("round", Round),
        new("clamp", Clamp),
        new("clamp_min", (run, call, time) => Limit(run, call, time, Larger)),
        new("clamp_max", (run, call, time) => Limit(run, call, time, Smaller)),
        new("pi", (_, _, _) => new Value.Scalar(Math.PI)),
    ];

    /// <summary>The function of one number and nothing else that has a name; none where it needs more.</summary>
    public static Func<double, double>? Mapping(string name) => Simple.FirstOrDefault(simple => simple.Name == name).Map;

    private static IEnumerable<(string Name, Func<double, double> Map)> Simple =>
    [
        ("abs", Math.Abs),
        ("ceil", Math.Ceiling),
        ("floor", Math.Floor),
        ("exp", Math.Exp),
        ("ln", Math.Log),
        ("log2", Math.Log2),
        ("log10", Math.Log10),
        ("sqrt", Math.Sqrt),
        ("sgn", value => value < 0 ? -1 : value > 0 ? 1 : value),
        ("acos", Math.Acos),
        ("acosh", Math.Acosh),
        ("asin", Math.Asin),
        ("asinh", Math.Asinh),
        ("atan", Math.Atan),
        ("atanh", Math.Atanh),
        ("cos", Math.Cos),
        ("cosh", Math.Cosh),
        ("sin", Math.Sin),
        ("sinh", Math.Sinh),
        ("tan", Math.Tan),
        ("tanh", Math.Tanh),
        ("deg", value => value * 180 / Math.PI),
        ("rad", value => value * Math.PI / 180),
    ];

    private static Func<Run, Expr.Call, long, Value> Each(Func<double, double> map) =>
        (run, call, time) => FunctionTable.Map(run, call, run.Vector(call.Arguments[0], time), map);

    /// <summary>Ties are rounded up.</summary>
    private static Value.Vector Round(Run run, Expr.Call call, long time)
    {
        // The inverse is multiplied with, as in Prometheus, because it loses less.
        var inverse = 1 / (call.Arguments.Length > 1 ? run.Scalar(call.Arguments[1], time) : 1);
        return FunctionTable.Map(run, call, run.Vector(call.Arguments[0], time), value => Math.Floor((value * inverse) + 0.5) / inverse);
    }

    private static Value.Vector Clamp(Run run, Expr.Call call, long time)
    {
        var elements = run.Vector(call.Arguments[0], time);
        var low = run.Scalar(call.Arguments[1], time);
        var high = run.Scalar(call.Arguments[2], time);
        return low > high ? new Value.Vector([]) : FunctionTable.Map(run, call, elements, value => Larger(low, Smaller(high, value)));
    }

    /// <summary>As in Go, infinity is larger than NaN.</summary>
    private static double Larger(double a, double b) => double.IsPositiveInfinity(a) || double.IsPositiveInfinity(b) ? double.PositiveInfinity : Math.Max(a, b);

    /// <summary>As in Go, negative infinity is smaller than NaN.</summary>
    private static double Smaller(double a, double b) => double.IsNegativeInfinity(a) || double.IsNegativeInfinity(b) ? double.NegativeInfinity : Math.Min(a, b);

    private static Value.Vector Limit(Run run, Expr.Call call, long time, Func<double, double, double> limit)
    {
        var elements = run.Vector(call.Arguments[0], time);
        var bound = run.Scalar(call.Arguments[1], time);
        return FunctionTable.Map(run, call, elements, value => limit(bound, value));
    }
}
