using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;

namespace Orchestrator.Runtime.Pictures;

/// <summary>A rule over time: its value and threshold of each label set, and below them the bands of the alerts' states.</summary>
public static class RulePicture
{
    /// <summary>Most label sets of one picture: those that fired longest.</summary>
    public const int MaxLines = 6;

    private const int Width = 1000;
    private const double Left = 74;
    private const double Right = 964;
    private const double Top = 66;
    private const double PlotHeight = 230;
    private const double BandHeight = 10;
    private const double BandStep = 36;

    private static readonly Ink Text = Ink.Of(0x1f2933);
    private static readonly Ink Faint = Ink.Of(0x6b7785);
    private static readonly Ink Grid = Ink.Of(0xe4e8ee);
    private static readonly Ink Pending = Ink.Of(0xf2b134);
    private static readonly Ink Firing = Ink.Of(0xd64545);
    private static readonly Ink Quiet = Ink.Of(0xe9edf2);
    private static readonly Ink[] Lines = [Ink.Of(0x2563a8), Ink.Of(0x0f8b6d), Ink.Of(0x8c4ba8), Ink.Of(0xb0622b), Ink.Of(0x39738c), Ink.Of(0x6a7d1f)];

    public static Scene Of(TracedRule trace, DateTimeOffset from, DateTimeOffset to)
    {
        var shown = trace.Lines.OrderByDescending(line => line.Points.Count(point => point.State == AlertState.Firing)).ThenBy(line => line.Labels).Take(MaxLines).ToList();
        var time = new PlotScale(from.ToMicros(), Math.Max(to.ToMicros(), from.ToMicros() + 1), Left, Right);
        var values = PlotScale.Over(shown.SelectMany(line => line.Points).SelectMany(point => new[] { point.Value, point.Threshold }).OfType<double>(), Top + PlotHeight, Top);
        var bands = trace.IsAlert ? shown.Count : 0;
        var height = (int)(Top + PlotHeight + 40 + (Math.Max(shown.Count, 1) * BandStep) + 12);
        var shapes = ImmutableArray.CreateBuilder<Shape>();
        shapes.Add(new Shape.Box(new(0, 0, Width, height), Ink.Of(0xffffff)));
        Head(shapes, trace, shown.Count);
        Tint(shapes, shown, time);
        Axes(shapes, time, values);
        Threshold(shapes, shown, values);
        foreach (var (line, i) in shown.Select((line, i) => (line, i)))
        {
            Curve(shapes, line.Points, (Lines[i], Constant(shown) is null), (time, values));
            Band(shapes, line, (time, Lines[i]), (Top + PlotHeight + 54 + (i * BandStep), bands > 0));
        }

        return new(Width, height, shapes.ToImmutable());
    }

    private static void Head(ImmutableArray<Shape>.Builder shapes, TracedRule trace, int shown)
    {
        shapes.Add(new Shape.Words(new(Left, 26), trace.Rule, Text, 17));
        var hidden = trace.Lines.Length - shown;
        var more = hidden > 0 ? $"  (and {hidden.ToString(CultureInfo.InvariantCulture)} label sets more)" : "";
        shapes.Add(new Shape.Words(new(Left, 47), Short(trace.Expression + more, 125), Faint, 12));
        if (!trace.IsAlert)
        {
            return;
        }

        foreach (var (word, ink, x) in new[] { ("pending", Pending, Right - 150), ("firing", Firing, Right - 68) })
        {
            shapes.Add(new Shape.Box(new(x, 15, 12, 12), ink));
            shapes.Add(new Shape.Words(new(x + 18, 26), word, Faint, 12));
        }
    }

    /// <summary>While anything fires, the plot is tinted.</summary>
    private static void Tint(ImmutableArray<Shape>.Builder shapes, List<TraceLine> shown, PlotScale time)
    {
        var fires = shown.SelectMany(line => Stretches(line.Points, time)).Where(stretch => stretch.State == AlertState.Firing).Select(stretch => (stretch.From, stretch.To)).Order().ToList();
        var until = Left;
        foreach (var (start, end) in fires)
        {
            var from = Math.Max(start, until);
            if (end > from)
            {
                shapes.Add(new Shape.Box(new(from, Top, end - from, PlotHeight), Firing with { Opacity = 0.07 }));
                until = end;
            }
        }
    }

    private static void Axes(ImmutableArray<Shape>.Builder shapes, PlotScale time, PlotScale values)
    {
        foreach (var (y, text) in values.Marks(5))
        {
            shapes.Add(new Shape.Line([new(Left, y), new(Right, y)], Grid, 1));
            shapes.Add(new Shape.Words(new(Left - 10, y + 4), text, Faint, 11.5, Anchor.End));
        }

        foreach (var (x, text) in time.Instants(9))
        {
            shapes.Add(new Shape.Line([new(x, Top + PlotHeight), new(x, Top + PlotHeight + 5)], Faint, 1));
            shapes.Add(new Shape.Words(new(x, Top + PlotHeight + 20), text, Faint, 11.5, Anchor.Middle));
        }

        shapes.Add(new Shape.Line([new(Left, Top), new(Left, Top + PlotHeight), new(Right, Top + PlotHeight)], Faint, 1));
    }

    /// <summary>A threshold that is the same for all and all the time is drawn once, with its number.</summary>
    private static void Threshold(ImmutableArray<Shape>.Builder shapes, List<TraceLine> shown, PlotScale values)
    {
        if (Constant(shown) is { } threshold)
        {
            var y = values.At(threshold);
            shapes.Add(new Shape.Line([new(Left, y), new(Right, y)], Firing with { Opacity = 0.8 }, 1.4, Dash: 6));
            shapes.Add(new Shape.Words(new(Right - 4, y - 6), $"threshold {threshold.ToString("0.######", CultureInfo.InvariantCulture)}", Firing, 11, Anchor.End));
        }
    }

    private static double? Constant(List<TraceLine> shown)
    {
        var all = shown.SelectMany(line => line.Points).Select(point => point.Threshold).OfType<double>().Where(double.IsFinite).Distinct().Take(2).ToList();
        return all is [var one] ? one : null;
    }

    private static void Curve(ImmutableArray<Shape>.Builder shapes, ImmutableArray<TracePoint> points, (Ink Ink, bool HasOwnThreshold) drawn, (PlotScale Time, PlotScale Value) scales)
    {
        foreach (var stretch in drawn.HasOwnThreshold ? Spots(points, point => point.Threshold, scales) : [])
        {
            shapes.Add(new Shape.Line(stretch, drawn.Ink with { Opacity = 0.75 }, 1.4, Dash: 6));
        }

        foreach (var stretch in Spots(points, point => point.Value, scales))
        {
            shapes.Add(stretch.Length == 1 ? new Shape.Line([stretch[0], stretch[0]], drawn.Ink, 4) : new Shape.Line(stretch, drawn.Ink, 2));
        }
    }

    /// <summary>Stretches without gaps; of the points of one pixel the lowest and the highest are kept.</summary>
    private static IEnumerable<ImmutableArray<Spot>> Spots(ImmutableArray<TracePoint> points, Func<TracePoint, double?> number, (PlotScale Time, PlotScale Value) scales)
    {
        var stretch = new List<Spot>();
        foreach (var point in points)
        {
            if (number(point) is { } value && double.IsFinite(value))
            {
                Add(stretch, new(scales.Time.At(point.At), scales.Value.At(value)));
            }
            else if (stretch.Count > 0)
            {
                yield return [.. stretch];
                stretch.Clear();
            }
        }

        if (stretch.Count > 0)
        {
            yield return [.. stretch];
        }
    }

    private static void Add(List<Spot> stretch, Spot spot)
    {
        var isCrowded = stretch.Count > 1 && spot.X - stretch[^2].X < 0.5;
        var isBetween = isCrowded && Math.Min(stretch[^2].Y, stretch[^1].Y) <= spot.Y && spot.Y <= Math.Max(stretch[^2].Y, stretch[^1].Y);
        if (!isBetween)
        {
            stretch.Add(spot);
        }
    }

    private static void Band(ImmutableArray<Shape>.Builder shapes, TraceLine line, (PlotScale Time, Ink Ink) drawn, (double Y, bool HasStates) place)
    {
        shapes.Add(new Shape.Line([new(Left - 34, place.Y - 10), new(Left - 12, place.Y - 10)], drawn.Ink, 2.5));
        if (place.HasStates)
        {
            shapes.Add(new Shape.Box(new(Left, place.Y, Right - Left, BandHeight), Quiet));
            foreach (var (from, to, state) in Stretches(line.Points, drawn.Time).Where(stretch => stretch.State != AlertState.Inactive))
            {
                shapes.Add(new Shape.Box(new(from, place.Y, Math.Max(to - from, 1.5), BandHeight), state == AlertState.Firing ? Firing : Pending));
            }
        }

        shapes.Add(new Shape.Words(new(Left, place.Y - 6), Short(line.Labels.ToString(), 120), Text, 11.5));
    }

    /// <summary>Stretches of one state in pixels; each point counts until the next.</summary>
    private static List<(double From, double To, AlertState State)> Stretches(ImmutableArray<TracePoint> points, PlotScale time)
    {
        var stretches = new List<(double From, double To, AlertState State)>();
        for (var i = 0; i < points.Length; i++)
        {
            var end = i + 1 < points.Length ? time.At(points[i + 1].At) : Math.Min(Right, time.At(points[i].At) + Step(points, time));
            if (stretches.Count > 0 && stretches[^1].State == points[i].State)
            {
                stretches[^1] = stretches[^1] with { To = end };
            }
            else
            {
                stretches.Add((time.At(points[i].At), end, points[i].State));
            }
        }

        return stretches;
    }

    private static double Step(ImmutableArray<TracePoint> points, PlotScale time) => points.Length > 1 ? time.At(points[^1].At) - time.At(points[^2].At) : 2;

    private static string Short(string text, int most)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= most ? line : line[..(most - 1)] + "…";
    }
}
