using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Evaluation;

/// <summary>Functions of the samples of each series in a range.</summary>
internal static class RangeFunctions
{
    private static readonly (string Name, Func<ReadOnlySpan<double>, double> Function)[] Simple =
    [
        ("avg_over_time", values => CompensatedSum.Mean(values)),
        ("sum_over_time", values => CompensatedSum.Of(values)),
        ("count_over_time", values => values.Length),
        ("min_over_time", values => Aggregation.Smallest(values)),
        ("max_over_time", values => Aggregation.Largest(values)),
        ("stdvar_over_time", values => Variance(values)),
        ("stddev_over_time", values => Math.Sqrt(Variance(values))),
        ("present_over_time", _ => 1),
        ("changes", values => Steps(values, (before, after) => before != after && !(double.IsNaN(before) && double.IsNaN(after)))),
        ("resets", values => Steps(values, (before, after) => after < before)),
    ];

    public static IEnumerable<Function> All =>
    [
        .. Simple.Select(simple => new Function(simple.Name, Each(simple.Function))),
        new("last_over_time", (run, call, time) => Named(run, call, time, window => window.Values[^1])),
        new("first_over_time", (run, call, time) => Named(run, call, time, window => window.Values[0])),
        new("quantile_over_time", Quantiles),
        new("absent_over_time", Absent),
    ];

    /// <summary>The function of nothing but a window's values that has a name; none where it needs more.</summary>
    public static Func<ReadOnlySpan<double>, double>? OfValues(string name) => Array.Find(Simple, simple => simple.Name == name).Function;

    /// <summary>A function of each series' samples, or of too few of them none; the name is dropped.</summary>
    public static Value.Vector Over(Run run, Expr.Call call, Windows windows, Func<Window, double?> function)
    {
        var elements = new List<Element>(windows.Series.Count);
        foreach (var window in windows.Series)
        {
            if (function(window) is { } value)
            {
                var element = run.Nameless(new Element(window.Labels, value, window.Rows));
                run.Claim(call, element.Labels, window.Labels);
                elements.Add(element);
            }
        }

        return new Value.Vector(elements);
    }

    private static Func<Run, Expr.Call, long, Value> Each(Func<ReadOnlySpan<double>, double> function) =>
        (run, call, time) => Over(run, call, run.Range(call.Arguments[0], time), window => function(window.Values));

    private static Value.Vector Named(Run run, Expr.Call call, long time, Func<Window, double> function)
    {
        var windows = run.Range(call.Arguments[0], time);
        return new Value.Vector([.. windows.Series.Select(window => new Element(window.Labels, function(window), window.Rows, window.DropName))]);
    }

    private static int Steps(ReadOnlySpan<double> values, Func<double, double, bool> counts)
    {
        var steps = 0;
        for (var i = 1; i < values.Length; i++)
        {
            steps += counts(values[i - 1], values[i]) ? 1 : 0;
        }

        return steps;
    }

    /// <summary>Population variance by Welford's method with compensated sums.</summary>
    private static double Variance(ReadOnlySpan<double> values)
    {
        var mean = default(CompensatedSum);
        var squares = default(CompensatedSum);
        for (var i = 0; i < values.Length; i++)
        {
            var delta = values[i] - (mean.Sum + mean.Correction);
            mean = mean.Add(delta / (i + 1));
            squares = squares.Add(delta * (values[i] - (mean.Sum + mean.Correction)));
        }

        return (squares.Sum + squares.Correction) / values.Length;
    }

    private static Value.Vector Quantiles(Run run, Expr.Call call, long time)
    {
        var q = run.Scalar(call.Arguments[0], time);
        var windows = run.Range(call.Arguments[1], time);
        if (windows.Series.Count > 0)
        {
            Quantile.Check(run, call.Arguments[0], q);
        }

        return Over(run, call, windows, window => Quantile.Of(q, window.Values));
    }

    private static Value.Vector Absent(Run run, Expr.Call call, long time)
    {
        var present = run.Range(call.Arguments[0], time).Series.Count > 0;
        return new Value.Vector(present ? [] : [new Element(VectorFunctions.LabelsOfAbsent(call.Arguments[0]), 1, 0)]);
    }
}
