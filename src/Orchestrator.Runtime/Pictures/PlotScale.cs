using System.Collections.Immutable;
using System.Globalization;

namespace Orchestrator.Runtime.Pictures;

/// <summary>From numbers to pixels along one direction, with marks at round numbers.</summary>
internal sealed record PlotScale(double From, double To, double Start, double End)
{
    private static readonly TimeSpan[] Spans =
    [
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1), TimeSpan.FromHours(3), TimeSpan.FromHours(6), TimeSpan.FromHours(12), TimeSpan.FromDays(1), TimeSpan.FromDays(2), TimeSpan.FromDays(7), TimeSpan.FromDays(14),
        TimeSpan.FromDays(30), TimeSpan.FromDays(90), TimeSpan.FromDays(365),
    ];

    /// <summary>A scale over values with a little room at both ends.</summary>
    public static PlotScale Over(IEnumerable<double> values, double start, double end)
    {
        var finite = values.Where(double.IsFinite).DefaultIfEmpty(0).ToList();
        var (low, high) = (finite.Min(), finite.Max());
        var room = high > low ? (high - low) * 0.08 : Math.Max(Math.Abs(high) * 0.1, 0.5);
        var from = low >= 0 && low - room < 0 ? 0 : low - room;
        return new(from, high + room, start, end);
    }

    public double At(double value) => Start + ((value - From) / (To - From) * (End - Start));

    /// <summary>Round numbers, about so many.</summary>
    public ImmutableArray<(double At, string Text)> Marks(int about)
    {
        var rough = (To - From) / about;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = new[] { 1, 2, 2.5, 5, 10 }.Select(factor => factor * power).First(size => size >= rough * 0.999);
        var first = (long)Math.Ceiling((From / step) - 1e-9);
        var last = (long)Math.Floor((To / step) + 1e-9);
        return last - first > 50 ? [] : [.. Enumerable.Range(0, (int)(last - first + 1)).Select(i => (first + i) * step).Select(value => (At(value), value.ToString("0.######", CultureInfo.InvariantCulture)))];
    }

    /// <summary>Round instants, at most so many; the numbers are microseconds since the epoch.</summary>
    public ImmutableArray<(double At, string Text)> Instants(int most)
    {
        var span = Array.Find(Spans, candidate => (To - From) / candidate.TotalMicroseconds <= most);
        var step = span == default ? TimeSpan.FromDays(3650) : span;
        var first = (long)Math.Ceiling(From / step.TotalMicroseconds);
        var marks = ImmutableArray.CreateBuilder<(double, string)>();
        for (var i = first; i * step.TotalMicroseconds <= To; i++)
        {
            var at = DateTimeOffset.UnixEpoch + (step * i);
            var format = step < TimeSpan.FromMinutes(1) ? "HH:mm:ss" : at.TimeOfDay == TimeSpan.Zero ? step >= TimeSpan.FromDays(60) ? "yyyy-MM-dd" : "MMM d" : "HH:mm";
            marks.Add((At(i * step.TotalMicroseconds), at.ToString(format, CultureInfo.InvariantCulture)));
        }

        return marks.ToImmutable();
    }
}
