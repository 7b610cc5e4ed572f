using System.Collections.Immutable;
using Orchestrator.Core.Metrics.Maps;
using Orchestrator.Core.Metrics.Segments;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Core.Tests.Metrics;

/// <summary>Picked rows in the words of segments.</summary>
public sealed class SelectionSegmentsTests
{
    /// <summary>400 rows: four towns of a hundred each, in each of which x is 0 to 99.</summary>
    private static readonly string[] _towns = [.. Enumerable.Range(0, 400).Select(row => new[] { "bonn", "oslo", "rome", "york" }[row % 4])];
    private static readonly double[] _x = [.. Enumerable.Range(0, 400).Select(row => (double)(row / 4))];

    [Fact]
    public void Rows_of_one_value_and_one_quarter_are_described_by_both()
    {
        var rows = Rows(row => _towns[row] == "rome" && _x[row] >= 75);

        var best = SelectionSegments.Judge(rows, SelectionSegments.Find(rows))[0];

        Assert.Equal(("town = 'rome' and x = 'q4'", 25, 25, 1.0, 1.0), (best.Predicate, best.Rows, best.Picked, best.Precision, best.Recall));
    }

    /// <summary>Of 100 rows in rome 80 were picked, and 20 others: precision and recall are 0.8.</summary>
    [Fact]
    public void What_is_described_in_part_says_how_far()
    {
        var rows = Rows(row => _towns[row] == "rome" ? _x[row] < 80 : _towns[row] == "oslo" && _x[row] % 5 == 0);

        var best = SelectionSegments.Judge(rows, ["town = 'oslo'", "town = 'rome'", "colour = 'red'", "town = 'york'"]);

        Assert.Equal(["town = 'rome'", "town = 'oslo'"], best.Select(segment => segment.Predicate));
        Assert.Equal((100, 80, 0.8, 0.8, 0.8), (best[0].Rows, best[0].Picked, best[0].Precision, best[0].Recall, Math.Round(best[0].Agreement, 12)));
        Assert.Equal((0.2, 0.2), (best[1].Precision, best[1].Recall));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(396)]
    [InlineData(400)]
    public void Of_too_few_rows_or_nearly_all_nothing_is_said(int picked) => Assert.Empty(SelectionSegments.Find(Rows(row => row < picked)));

    [Fact]
    public void Rows_picked_without_a_reason_are_described_by_nothing() => Assert.Empty(SelectionSegments.Find(Rows(row => row / 4 % 2 == 0)));

    /// <summary>1, 2, 3 and 4: a quarter of the way between the first and the last is 1.75.</summary>
    [Fact]
    public void Quartiles_lie_between_two_neighbours_in_proportion()
    {
        Assert.Equal([1.75, 2.5, 3.25], SliceDimensions.Quartiles([4, double.NaN, 2, 1, double.PositiveInfinity, 3]));
        Assert.Equal([7.0, 7, 7], SliceDimensions.Quartiles([7]));
        Assert.Empty(SliceDimensions.Quartiles([double.NaN]));
        Assert.Equal([1, 1, 2, 4, 4, 0], SliceDimensions.OfQuarters("x", [1, 1.75, 2, 4, double.PositiveInfinity, double.NaN], [1.75, 2.5, 3.25])!.Codes);
        Assert.Null(SliceDimensions.OfQuarters("x", [1], []));
    }

    [Fact]
    public void Values_are_parts_where_there_are_some_and_not_too_many()
    {
        var names = SliceDimensions.OfValues("who", ["O'Brien", null, "Ann", "Ann"])!;
        Assert.Equal(["who = 'Ann'", "who = 'O''Brien'"], names.Predicates);
        Assert.Equal([2, 0, 1, 1], names.Codes);
        Assert.Null(SliceDimensions.OfValues("same", ["a", "a", null]));
        Assert.Null(SliceDimensions.OfValues("many", [.. Enumerable.Range(0, 256).Select(value => $"{value}")]));
    }

    [Fact]
    public void Conditions_are_read_as_they_are_written()
    {
        Assert.Equal([("ink", "q4"), ("who", "O'Brien and sons")], SegmentPredicate.Conditions("ink='q4' and who = 'O''Brien and sons'")!);
        Assert.Equal([("who", "x = 'y")], SegmentPredicate.Conditions(SegmentPredicate.Condition("who", "x = 'y"))!);
        Assert.All(["", "ink", "ink = q4", "ink = 'q4", "= 'q4'", "ink = 'q4' or true", "ink = 'a'b'", "ink = 'q4' and "], text => Assert.Null(SegmentPredicate.Conditions(text)));
    }

    [Fact]
    public void Segments_are_written_as_a_monitor_reads_them()
    {
        ImmutableArray<SegmentSpec> segments =
        [
            new("town", new SegmentBy.Values("town")), new("no", new SegmentBy.Values("no")), new("7th: \"x\" #1", new SegmentBy.Values("7th: \"x\" #1")),
            new("ink", new SegmentBy.Quartiles("ink")), new("ink of all", new SegmentBy.Quartiles("ink of all")),
        ];

        var yaml = SegmentYaml.Write(segments);

        Assert.StartsWith("segments:\n  - town\n  - \"no\"\n", yaml, StringComparison.Ordinal);
        Assert.Contains("  - {name: ink, by: quartiles(ink)}\n", yaml, StringComparison.Ordinal);
        var read = MonitorFile.Read("m.monitor.yaml", $"monitor: m\nevery: 1d\ndatasets:\n  d: {{connection: data, path: d.csv, split: train}}\n{yaml}metrics: [data]\n").Value!.Segments;
        Assert.Equal(segments.Select(segment => segment.By), read.Select(segment => segment.By));
        Assert.Equal(["town", "no", "7th: \"x\" #1", "ink", "ink-of-all"], read.Select(segment => segment.Name));
    }

    private static SliceRows Rows(Func<int, bool> isPicked) => new(
        [SliceDimensions.OfValues("town", _towns)!, SliceDimensions.OfQuarters("x", _x, SliceDimensions.Quartiles(_x))!],
        [.. Enumerable.Range(0, 400).Select(isPicked)]);
}
