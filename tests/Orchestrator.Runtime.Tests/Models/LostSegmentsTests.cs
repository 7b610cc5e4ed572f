using System.Collections.Immutable;
using Orchestrator.Runtime.Models;

namespace Orchestrator.Runtime.Tests.Models;

/// <summary>Where a challenger loses what the champion gets right, and how sure a difference of two models is.</summary>
public sealed class LostSegmentsTests
{
    private const int Rows = 400;

    private static readonly int[] _all = [.. Enumerable.Range(0, Rows)];

    [Fact]
    public void What_is_lost_in_two_conditions_at_once_is_found_there_and_nowhere_else()
    {
        var examples = Examples();
        var found = Assert.Single(LostSegments.Find(examples, Scored(_ => true), Scored(row => !IsLost(row))));

        Assert.Equal(("age = 'q4' and work = 'a'", 50L, 50L), (found.Predicate, found.Rows, found.Bad));
        Assert.Equal(_all.Where(IsLost), LostSegments.Members(examples, found.Predicate));
        Assert.Equal(200, LostSegments.Members(examples, "work = 'a'").Length);
    }

    [Fact]
    public void Losses_that_are_spread_evenly_make_no_segment() =>
        Assert.Empty(LostSegments.Find(Examples(), Scored(_ => true), Scored(row => row % 7 != 0)));

    /// <summary>Fifty of 400 rows lost and none won: far from chance by any metric; the same models do not differ at all.</summary>
    [Theory]
    [InlineData("model_f1")]
    [InlineData("model_mcc")]
    [InlineData("model_auroc")]
    [InlineData("model_log_loss")]
    public void A_metric_of_classes_is_tested_by_itself(string metric)
    {
        var (first, second) = (Scored(_ => true), Scored(row => !IsLost(row)));

        Assert.InRange(second.Compare(metric, first, _all)!.PValue, 0, 1e-4);
        Assert.Equal(1, second.Compare(metric, second, _all)!.PValue);
        Assert.Equal(second.Measure(_all).Values[metric], second.Value(metric, _all));
    }

    /// <summary>All eight rows of a segment lost: nothing varies, and yet it is a loss, as sure as eight rows can make it.</summary>
    [Fact]
    public void A_segment_that_is_lost_as_a_whole_is_a_loss()
    {
        int[] segment = [.. _all.Where(IsLost).Take(8)];

        var compared = Scored(row => !IsLost(row)).Compare("model_f1", Scored(_ => true), segment)!;

        Assert.Equal((-1.0, 1 / 128.0), (compared.Value, compared.PValue));
    }

    /// <summary>Errors of 1 that become 2 on every second row: the mean absolute error grows by a half, as sure as 200 rows make it; half of them better and half worse is chance.</summary>
    [Fact]
    public void Errors_of_numbers_are_tested_too()
    {
        ScoredNumbers Off(Func<int, double> by) => new([.. _all.Select(row => (double)row)], [.. _all.Select(row => row + by(row))]);
        var before = Off(_ => 1);

        var worse = Off(row => row % 2 == 0 ? 2 : 1).Compare("model_mae", before, _all)!;
        Assert.Equal(-0.5, worse.Value, 1e-12);
        Assert.InRange(worse.PValue, 0, 1e-12);
        Assert.InRange(Off(row => row % 2 == 0 ? 2 : 0.001).Compare("model_mae", before, _all)!.PValue, 0.9, 1);
    }

    private static bool IsLost(int row) => row % 2 == 0 && row / 2 % 4 == 3;

    private static Examples Examples() => new(
        new FeatureRows([.. _all.Select(row => $"r{row}")], [], [.. _all.Select(_ => (string?)"0")]),
        [.. _all.Select(row => $"{row}")],
        [.. _all.Select(row => ImmutableArray.Create(row % 2 == 0 ? "work = 'a'" : "work = 'b'"))],
        [.. _all.Select(_ => true)])
    {
        Slices = [.. _all.Select(row => ImmutableArray.Create($"age = 'q{(row / 2 % 4) + 1}'"))],
    };

    /// <summary>A binary model that gives the right class 0.8, or 0.2 where it is wrong.</summary>
    private static ScoredClasses Scored(Func<int, bool> isRight)
    {
        int[] labels = [.. _all.Select(row => row / 8 % 2)];
        int[] predictions = [.. _all.Select(row => isRight(row) ? labels[row] : 1 - labels[row])];
        double[][] probabilities = [.. predictions.Select(prediction => prediction == 1 ? new[] { 0.2, 0.8 } : [0.8, 0.2])];
        return new(["0", "1"], labels, probabilities, predictions, 1);
    }
}
