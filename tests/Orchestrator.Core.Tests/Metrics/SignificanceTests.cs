using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Tests.Metrics;

public sealed class SignificanceTests
{
    /// <summary>scipy.stats.fisher_exact's documented example, Fisher's tea tasting (2 · (1 + 16) / 70), and tables whose p is a fraction by hand.</summary>
    [Theory]
    [InlineData(8, 2, 1, 5, 0.034965034965034965)]
    [InlineData(3, 1, 1, 3, 34.0 / 70)]
    [InlineData(2, 0, 0, 2, 2.0 / 6)]
    [InlineData(5, 5, 5, 5, 1)]
    [InlineData(0, 4, 0, 4, 1)]
    public void Fishers_test_gives_the_exact_probability(long a, long b, long c, long d, double p) =>
        Assert.Equal(p, FisherExact.TwoSided(a, b, c, d), 1e-12);

    [Fact]
    public void Fishers_test_neither_overflows_nor_stalls_on_large_counts()
    {
        Assert.Equal(1, FisherExact.TwoSided(50_000, 450_000, 50_000, 450_000), 1e-9);
        Assert.InRange(FisherExact.TwoSided(60_000, 440_000, 50_000, 450_000), 0, 1e-200);
    }

    [Fact]
    public void Benjamini_and_Hochberg_take_the_least_scaled_p_at_or_above_each_rank()
    {
        Assert.Equal([0.05, 0.05, 0.05, 0.05, 0.05], FalseDiscoveryRate.Adjust([0.01, 0.02, 0.03, 0.04, 0.05]), Close);
        Assert.Equal([0.03, 0.9, 0.06], FalseDiscoveryRate.Adjust([0.01, 0.9, 0.04]), Close);
    }

    /// <summary>Newcombe (1998), table I, method 3.</summary>
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Wilsons_interval_equals_the_published_one(long successes, long rows, double low, double high)
    {
        var interval = Interval.Wilson(successes, rows);

        Assert.Equal(low, interval.Low, 5e-5);
        Assert.Equal(high, interval.High, 5e-5);
    }

    private static bool Close(double left, double right) => Math.Abs(left - right) < 1e-12;
}
