using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Evaluation;

/// <summary>Functions of a vector as a whole.</summary>
internal static class VectorFunctions
{
    public static IEnumerable<Function> All =>
    [
        new("vector", ToVector),
        new("scalar", ToScalar),
        new("absent", Absent),
        new("sort", (run, call, time) => Sorted(run, call, time, 1)),
        new("sort_desc", (run, call, time) => Sorted(run, call, time, -1)),
    ];

    /// <summary>The labels that a selector demands by equality; a further matcher of the same label takes it away again.</summary>
    public static Labels LabelsOfAbsent(Expr argument)
    {
        var matchers = argument.Unwrapped switch
        {
            Expr.Selector selector => selector.Matchers,
            Expr.RangeSelector range => range.Vector.Matchers,
            _ => [],
        };
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var labels = Labels.Empty;
        foreach (var matcher in matchers.Where(matcher => matcher.Label != Labels.NameLabel))
        {
            var demanded = matcher.Op == MatchOp.Equal && seen.Add(matcher.Label);
            labels = labels.With(matcher.Label, demanded ? matcher.Value : "");
        }

        return labels;
    }

    private static Value.Vector ToVector(Run run, Expr.Call call, long time)
    {
        var scalar = (Value.Scalar)run.Evaluate(call.Arguments[0], time);
        return new Value.Vector([new Element(Labels.Empty, scalar.Number, scalar.Rows)]);
    }

    private static Value.Scalar ToScalar(Run run, Expr.Call call, long time)
    {
        var elements = run.Vector(call.Arguments[0], time);
        return elements.Count == 1 ? new Value.Scalar(elements[0].Value, elements[0].Rows) : new Value.Scalar(double.NaN);
    }

    private static Value.Vector Absent(Run run, Expr.Call call, long time)
    {
        var present = run.Vector(call.Arguments[0], time).Count > 0;
        return new Value.Vector(present ? [] : [new Element(LabelsOfAbsent(call.Arguments[0]), 1, 0)]);
    }

    private static Value.Vector Sorted(Run run, Expr.Call call, long time, int sign)
    {
        if (run.IsRange)
        {
            run.Warn(call, "sort is ineffective for range queries since results are always ordered by labels");
        }

        var elements = run.Vector(call.Arguments[0], time);
        return new Value.Vector([.. elements.OrderBy(e => double.IsNaN(e.Value)).ThenBy(e => sign * e.Value).ThenBy(e => e.Labels)]);
    }
}
