using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Core.Metrics.Selection;

namespace Orchestrator.Core.Tests.Metrics;

public sealed class RowSelectionTests
{
    [Fact]
    public void The_row_whose_two_likeliest_classes_are_closest_is_asked_first_and_of_equal_ones_that_with_the_lower_id()
    {
        double[][] probabilities = [[0.9, 0.05, 0.05], [0.5, 0.5, 0], [0.4, 0.35, 0.25], [0.5, 0.5, 0]];
        var chosen = RowSelection.Uncertain(["d", "c", "b", "a"], probabilities, 3);
        Assert.Equal([3, 1, 2], chosen.Select(ranked => ranked.Row));
        Assert.Equal([1.0, 1.0, 0.95], chosen.Select(ranked => Math.Round(ranked.Score, 6)));
    }

    /// <summary>On a line: 0 is known; 10 is farthest, then 4 (4 from 0), then 7 (3 from 10 and from 4) before 1 (1 from 0).</summary>
    [Fact]
    public void Each_next_row_is_the_one_farthest_from_what_is_known_or_chosen()
    {
        var chosen = RowSelection.Diverse(["p", "q", "r", "s"], Line(1, 10, 4, 7), Line(0), 4);
        Assert.Equal([1, 2, 3, 0], chosen.Select(ranked => ranked.Row));
        Assert.Equal([1.0, 0.4, 0.3, 0.1], chosen.Select(ranked => Math.Round(ranked.Score, 6)));
    }

    [Fact]
    public void Where_nothing_is_known_the_first_row_is_the_one_farthest_from_the_mean_and_shuffling_changes_nothing()
    {
        var chosen = RowSelection.Diverse(["p", "q", "r", "s"], Line(-1, 3, 0, -2), null, 2).Select(ranked => "pqrs"[ranked.Row]);
        var shuffled = RowSelection.Diverse(["s", "r", "q", "p"], Line(-2, 0, 3, -1), null, 2).Select(ranked => "srqp"[ranked.Row]);
        Assert.Equal(['q', 's'], chosen);
        Assert.Equal(['q', 's'], shuffled);
    }

    [Fact]
    public void Similar_rows_are_those_nearest_to_any_example()
    {
        var chosen = RowSelection.Similar(["p", "q", "r", "s"], Line(1, 10, 4, 7), Line(9, 3), 2);
        Assert.Equal([1, 2], chosen.Select(ranked => ranked.Row));
        Assert.Equal([0.5, 0.5], chosen.Select(ranked => ranked.Score));
    }

    [Fact]
    public void No_rows_give_no_choice()
    {
        Assert.Empty(RowSelection.Uncertain([], [], 5));
        Assert.Empty(RowSelection.Diverse([], Line(), null, 5));
    }

    private static FeatureMatrix Line(params double[] values) => new(1, values);
}
