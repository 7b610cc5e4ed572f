using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Evaluation;

/// <summary>What selectors see of the series at an instant.</summary>
internal static class Selection
{
    public static IReadOnlyList<Element> Instant(Run run, Expr.Selector selector, long time)
    {
        var at = run.Shifted(selector.Shift, time);
        var elements = new List<Element>();
        foreach (var points in run.Series(selector))
        {
            if (Newest(points, at, run.Options.Lookback) is { } sample)
            {
                elements.Add(new Element(points.Labels, sample.Value, sample.Rows));
            }
        }

        return elements;
    }

    /// <summary>The elements with the instants of their samples, in seconds, as values.</summary>
    public static IReadOnlyList<Element> Timestamps(Run run, Expr.Selector selector, long time)
    {
        var at = run.Shifted(selector.Shift, time);
        var elements = new List<Element>();
        foreach (var points in run.Series(selector))
        {
            if (Newest(points, at, run.Options.Lookback) is { } sample)
            {
                elements.Add(new Element(points.Labels, Seconds(sample.Time), sample.Rows));
            }
        }

        return elements;
    }

    public static Windows Range(Run run, Expr.RangeSelector range, long time)
    {
        var end = run.Shifted(range.Vector.Shift, time);
        var begin = end - range.Range;
        var windows = new List<Window>();
        var read = new SampleWindow();
        var held = 0L;
        foreach (var points in run.Series(range.Vector))
        {
            points.Read(begin, end, read);
            held += read.Count;
            run.Hold(range, held);
            if (run.Failure is not null)
            {
                break;
            }

            if (read.Count > 0)
            {
                windows.Add(new Window(points.Labels, read.Times.ToArray(), read.Values.ToArray(), Element.Fewest(read.Rows)));
            }
        }

        return new Windows(begin, end, windows);
    }

    /// <summary>The operand at every multiple of the step after the start of the range and up to its end.</summary>
    public static Windows Subquery(Run run, Expr.Subquery subquery, long time)
    {
        var end = run.Shifted(subquery.Shift, time);
        var begin = end - subquery.Range;
        var step = subquery.Step ?? run.Options.DefaultStep;
        var series = new SortedDictionary<Labels, Gathered>();
        for (var at = FirstStep(begin, step); at <= end && run.Failure is null; at += step)
        {
            foreach (var element in run.Vector(subquery.Operand, at))
            {
                if (!series.TryGetValue(element.Labels, out var gathered))
                {
                    gathered = new Gathered();
                    series.Add(element.Labels, gathered);
                }

                gathered.Add(at, element);
            }
        }

        return new Windows(begin, end, [.. series.Select(pair => pair.Value.ToWindow(pair.Key))]);
    }

    public static double Seconds(long micros) => (double)micros / Timestamp.PerSecond;

    private static long FirstStep(long begin, long step)
    {
        var first = begin / step * step;
        return first <= begin ? first + step : first;
    }

    private static Sample? Newest(SeriesPoints points, long at, long lookback)
    {
        if (points.At(at) is not { IsStale: false } sample)
        {
            return null;
        }

        var visible = sample.ValidUntil > 0 ? at < sample.ValidUntil : sample.Time > at - lookback;
        return visible ? sample : null;
    }

    private sealed class Gathered
    {
        private readonly List<long> _times = [];
        private readonly List<double> _values = [];
        private int _rows;
        private bool _dropName;

        public void Add(long time, in Element element)
        {
            _times.Add(time);
            _values.Add(element.Value);
            _rows = Element.Fewer(_rows, element.Rows);
            _dropName |= element.DropName;
        }

        public Window ToWindow(Labels labels) => new(labels, [.. _times], [.. _values], _rows, _dropName);
    }
}
