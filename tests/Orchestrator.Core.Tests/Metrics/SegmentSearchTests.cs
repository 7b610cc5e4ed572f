using Orchestrator.Core.Metrics.Segments;

namespace Orchestrator.Core.Tests.Metrics;

public sealed class SegmentSearchTests
{
    private static readonly SegmentSearchOptions Options = new();

    [Fact]
    public void The_segment_with_most_bad_rows_in_excess_comes_first()
    {
        SegmentCounts[] counts =
        [
            new("ink = 'q1'", 225, 18), new("ink = 'q2'", 225, 18), new("ink = 'q3'", 225, 18), new("ink = 'q4'", 225, 126),
            new("digit = '8'", 90, 40), new("digit = '0'", 810, 140),
        ];

        var found = SegmentSearch.Find(counts, 900, 180, Options);

        Assert.Equal(["ink = 'q4'", "digit = '8'"], found.Select(segment => segment.Predicate));
        // Inside 126/225, outside 54/675.
        Assert.Equal(0.56 - 0.08, found[0].Effect, 1e-12);
        Assert.Equal(0.48 * 225, found[0].ExcessBad, 1e-9);
        Assert.InRange(found[0].QValue, 0, 1e-30);
    }

    [Fact]
    public void Chance_small_segments_and_the_whole_are_not_found()
    {
        SegmentCounts[] counts = [new("a = 'chance'", 100, 12), new("a = 'small'", 10, 10), new("a = 'all'", 1000, 100), new("a = 'better'", 100, 1)];

        Assert.Empty(SegmentSearch.Find(counts, 1000, 100, Options));
    }
}
