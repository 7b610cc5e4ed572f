using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Evaluation;

/// <summary>Functions of the samples of each series in a range.</summary>
internal static class RangeFunctions
{
    public static IEnumerable<Function> All =>
    [
        new("avg_over_time", Each(window => CompensatedSum.Mean(window.Values))),
        new("sum_over_time", Each(window => CompensatedSum.Of(window.Values))),
        new("count_over_time", Each(window => window.Count)),
        new("min_over_time", Each(window => Aggregation.Smallest(window.Values))),
        new("max_over_time", Each(window => Aggregation.Largest(window.Values))),
        new("stdvar_over_time", Each(window => Variance(window.Values))),
        new("stddev_over_time", Each(window => Math.Sqrt(Variance(window.Values)))),
        new("present_over_time", Each(_ => 1)),
        new("changes", Each(window => Steps(window, (before, after) => before != after && !(double.IsNaN(before) && double.IsNaN(after))))),
        new("resets", Each(window => Steps(window, (before, after) => after < before))),
        new("last_over_time", (run, call, time) => Named(run, call, time, window => window.Values[^1])),
        new("first_over_time", (run, call, time) => Named(run, call, time, window => window.Values[0])),
        new("quantile_over_time", Quantiles),
        new("absent_over_time", Absent),
    ];

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

    private static Func<Run, Expr.Call, long, Value> Each(Func<Window, double> function) =>
        (run, call, time) => Over(run, call, run.Range(call.Arguments[0], time), window => function(window));

    private static Value.Vector Named(Run run, Expr.Call call, long time, Func<Window, double> function)
    {
        var windows = run.Range(call.Arguments[0], time);
        return new Value.Vector([.. windows.Series.Select(window => new Element(window.Labels, function(window), window.Rows, window.DropName))]);
    }

    private static int Steps(Window window, Func<double, double, bool> counts)
    {
        var steps = 0;
        for (var i = 1; i < window.Count; i++)
        {
            steps += counts(window.Values[i - 1], window.Values[i]) ? 1 : 0;
        }

        return steps;
    }

    /// <summary>Population variance by Welford's method with compensated sums.</summary>
    private static double Variance(double[] values)
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
