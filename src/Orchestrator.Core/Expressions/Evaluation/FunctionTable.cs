using System.Collections.Frozen;
using Orchestrator.Core.Expressions.Ast;

namespace Orchestrator.Core.Expressions.Evaluation;

/// <summary>A function of PromQL; it gets the call with its arguments still to be evaluated, and the instant.</summary>
internal sealed record Function(string Name, Func<Run, Expr.Call, long, Value> Compute);

/// <summary>How every supported function is computed.</summary>
internal static class FunctionTable
{
    private static readonly FrozenDictionary<string, Function> Functions = NumberFunctions.All
        .Concat(RangeFunctions.All)
        .Concat(RateFunctions.All)
        .Concat(ClockFunctions.All)
        .Concat(LabelFunctions.All)
        .Concat(VectorFunctions.All)
        .Concat(HistogramFunctions.All)
        .ToFrozenDictionary(function => function.Name, StringComparer.Ordinal);

    public static IEnumerable<string> Names => Functions.Keys;

    public static Value Evaluate(Run run, Expr.Call call, long time) => Functions[call.Function].Compute(run, call, time);

    /// <summary>A function of each element's value; the name is dropped.</summary>
    public static Value.Vector Map(Run run, Expr.Call call, IEnumerable<Element> elements, Func<double, double> map) =>
        new(run.Distinct([.. elements.Select(element => run.Nameless(element with { Value = map(element.Value) }))], call));
}
