using Orchestrator.Core.Profiles;

namespace Orchestrator.Core.Tests.Profiles;

public sealed class ThresholdTests
{
    // Mean 0.8, deviations -0.02, 0, 0.02: the sample's standard deviation is 0.02, four of them are 0.08.
    private static readonly double[] _accuracies = [0.78, 0.80, 0.82];

    [Fact]
    public void A_rule_fires_four_spreads_below_what_is_usual()
    {
        var threshold = Threshold.Below(_accuracies, 0.02)!;
        Assert.Equal(0.72, threshold.Value, 1e-12);
        Assert.Equal("0.72", threshold.Shown);
        Assert.Equal("on 3 parts of the reference it was 0.8 (0.78 to 0.82, spread 0.02); fires 4 spreads below", threshold.Reason);
    }

    [Fact]
    public void Where_hardly_anything_varies_a_least_step_keeps_the_rule_quiet()
    {
        var threshold = Threshold.Above([0.1, 0.1], 0.05)!;
        Assert.Equal(0.15, threshold.Value, 1e-12);
        Assert.Equal("on 2 parts of the reference it was 0.1 (0.1 to 0.1, spread 0); fires 0.05 above", threshold.Reason);
    }

    [Theory]
    [InlineData(0.4, 0.6)]
    [InlineData(0.1, 0.25)]
    public void Drift_counts_from_half_as_high_again_as_the_highest_part(double highest, double expected) =>
        Assert.Equal(expected, Threshold.BeyondHighest([0.05, highest], 0.25)!.Value, 1e-12);

    // 82 of 104 are 0.78846, and sqrt(0.78846 * 0.21154 / 100) = 0.0408399: twice the spread of the parts. Of 1,600 rows it is half of it, and the parts decide.
    [Theory]
    [InlineData(100, 0.636640)]
    [InlineData(1600, 0.72)]
    public void A_share_of_few_rows_fires_no_sooner_than_chance_allows(double rows, double expected) =>
        Assert.Equal(expected, Threshold.BelowChance(_accuracies, rows, 0.05)!.Value, 1e-6);

    [Fact]
    public void Nothing_measured_gives_no_threshold() => Assert.Null(Threshold.Below([], 0.02));
}
