using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Evaluation;

/// <summary>Functions of how the samples of a range change.</summary>
internal static class RateFunctions
{
    private static readonly string[] CounterSuffixes = ["_total", "_sum", "_count", "_bucket"];

    public static IEnumerable<Function> All =>
    [
        new("rate", (run, call, time) => Counter(run, call, time, perSecond: true)),
        new("increase", (run, call, time) => Counter(run, call, time, perSecond: false)),
        new("delta", Delta),
        new("irate", (run, call, time) => Last(run, call, time, isRate: true)),
        new("idelta", (run, call, time) => Last(run, call, time, isRate: false)),
        new("deriv", Derivative),
        new("predict_linear", Predict),
    ];

    private static Value.Vector Counter(Run run, Expr.Call call, long time, bool perSecond)
    {
        var windows = run.Range(call.Arguments[0], time);
        return RangeFunctions.Over(run, call, windows, window =>
        {
            var increase = Extrapolated(windows, window, isCounter: true);
            NoteGauge(run, call, window, increase);
            return perSecond ? increase / Selection.Seconds(windows.End - windows.Start) : increase;
        });
    }

    private static void NoteGauge(Run run, Expr.Call call, Window window, double? increase)
    {
        var name = window.Labels.Name;
        if (increase is not null && name.Length > 0 && !CounterSuffixes.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal)))
        {
            run.Inform(call.Arguments[0], $"metric might not be a counter, name does not end in _total/_sum/_count/_bucket: {Quoted.Text(name)}");
        }
    }

    private static Value.Vector Delta(Run run, Expr.Call call, long time)
    {
        var windows = run.Range(call.Arguments[0], time);
        return RangeFunctions.Over(run, call, windows, window => Extrapolated(windows, window, isCounter: false));
    }

    /// <summary>The change over the whole range, as the samples suggest it; see Prometheus's <c>extrapolatedRate</c>.</summary>
    /// <remarks>
    /// Where the first or last sample is closer to the border than 1.1 mean intervals, the change is extrapolated to the border, else
    /// by half an interval; a counter is not extrapolated below zero.
    /// </remarks>
    private static double? Extrapolated(Windows windows, Window window, bool isCounter)
    {
        if (window.Count < 2)
        {
            return null;
        }

        var change = window.Values[^1] - window.Values[0] + (isCounter ? LostInResets(window.Values) : 0);
        var toStart = Selection.Seconds(window.Times[0] - windows.Start);
        var toEnd = Selection.Seconds(windows.End - window.Times[^1]);
        var sampled = Selection.Seconds(window.Times[^1] - window.Times[0]);
        var interval = sampled / (window.Count - 1);
        toStart = toStart >= interval * 1.1 ? interval / 2 : toStart;
        toEnd = toEnd >= interval * 1.1 ? interval / 2 : toEnd;
        if (isCounter && change > 0 && window.Values[0] >= 0)
        {
            toStart = Math.Min(toStart, sampled * (window.Values[0] / change));
        }

        return change * ((sampled + toStart + toEnd) / sampled);
    }

    private static double LostInResets(double[] values)
    {
        var lost = 0d;
        for (var i = 1; i < values.Length; i++)
        {
            lost += values[i] < values[i - 1] ? values[i - 1] : 0;
        }

        return lost;
    }

    private static Value.Vector Last(Run run, Expr.Call call, long time, bool isRate) =>
        RangeFunctions.Over(run, call, run.Range(call.Arguments[0], time), window =>
        {
            if (window.Count < 2)
            {
                return null;
            }

            var (before, after) = (window.Values[^2], window.Values[^1]);
            var change = isRate && after < before ? after : after - before;
            return isRate ? change / Selection.Seconds(window.Times[^1] - window.Times[^2]) : change;
        });

    private static Value.Vector Derivative(Run run, Expr.Call call, long time) =>
        RangeFunctions.Over(run, call, run.Range(call.Arguments[0], time), window => window.Count < 2 ? null : Regression(window, window.Times[0]).Slope);

    private static Value.Vector Predict(Run run, Expr.Call call, long time)
    {
        var windows = run.Range(call.Arguments[0], time);
        var seconds = run.Scalar(call.Arguments[1], time);
        return RangeFunctions.Over(run, call, windows, window =>
        {
            if (window.Count < 2)
            {
                return null;
            }

            var (slope, intercept) = Regression(window, time);
            return (slope * seconds) + intercept;
        });
    }

    /// <summary>The line of least squares through the samples, its intercept at an instant.</summary>
    private static (double Slope, double Intercept) Regression(Window window, long origin)
    {
        var first = window.Values[0];
        if (Array.TrueForAll(window.Values, value => value == first))
        {
            return double.IsInfinity(first) ? (double.NaN, double.NaN) : (0, first);
        }

        var (sumX, sumY, sumXY, sumX2) = (default(CompensatedSum), default(CompensatedSum), default(CompensatedSum), default(CompensatedSum));
        for (var i = 0; i < window.Count; i++)
        {
            var (x, y) = (Selection.Seconds(window.Times[i] - origin), window.Values[i]);
            (sumX, sumY, sumXY, sumX2) = (sumX.Add(x), sumY.Add(y), sumXY.Add(x * y), sumX2.Add(x * x));
        }

        double n = window.Count;
        var covariance = Whole(sumXY) - (Whole(sumX) * Whole(sumY) / n);
        var variance = Whole(sumX2) - (Whole(sumX) * Whole(sumX) / n);
        var slope = covariance / variance;
        return (slope, (Whole(sumY) / n) - (slope * Whole(sumX) / n));
    }

    private static double Whole(CompensatedSum sum) => sum.Sum + sum.Correction;
}
