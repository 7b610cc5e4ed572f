using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Tests.Metrics;

public sealed class McNemarTests
{
    /// <summary>Twice the lower tail of a binomial with p = 1/2, by hand: (1 + 10) / 512, 1 / 16, (1 + 6 + 15) / 32 and so on.</summary>
    [Theory]
    [InlineData(1, 9, 11.0 / 512)]
    [InlineData(5, 0, 1.0 / 16)]
    [InlineData(2, 4, 22.0 / 32)]
    [InlineData(3, 3, 1.0)]
    [InlineData(0, 0, 1.0)]
    public void The_exact_p_is_twice_the_smaller_tail(long onlyFirst, long onlySecond, double expected)
    {
        Assert.Equal(expected, McNemar.Exact(onlyFirst, onlySecond), 1e-12);
        Assert.Equal(expected, McNemar.Exact(onlySecond, onlyFirst), 1e-12);
    }

    /// <summary>2 · ΣC(10000, i) / 2^10000 for i up to 4800, in exact fractions (Python): far beyond what 2^-n in a double can hold.</summary>
    [Fact]
    public void Many_rows_do_not_underflow()
    {
        Assert.Equal(1, McNemar.Exact(5000, 5000));
        Assert.Equal(6.593515598672442e-05, McNemar.Exact(4800, 5200), 1e-12);
    }
}
