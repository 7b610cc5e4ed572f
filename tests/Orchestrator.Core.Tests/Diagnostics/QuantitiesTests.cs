using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Tests.Diagnostics;

public sealed class QuantitiesTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("500ms", 500)]
    [InlineData("30s", 30_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("2d", 172_800_000)]
    [InlineData("1w", 604_800_000)]
    [InlineData("1y", 31_536_000_000)]
    [InlineData("2m59s999ms", 179_999)]
    public void Durations_are_read_as_prometheus_reads_them(string text, long milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Duration.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("-1h")]
    [InlineData("1.5h")]
    [InlineData("30m1h")]
    [InlineData("1h 30m")]
    [InlineData("1H")]
    [InlineData("999999999y")]
    [InlineData("\u0CEDs")] // a digit of another script
    public void Other_texts_are_no_durations(string text) => Assert.Null(Duration.Parse(text));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(90_000, "1m30s")]
    [InlineData(129_600_000, "1d12h")]
    [InlineData(1_209_600_000, "2w")]
    [InlineData(1_500, "1s500ms")]
    public void Durations_are_written_as_they_are_read(long milliseconds, string text) =>
        Assert.Equal(text, Duration.Text(TimeSpan.FromMilliseconds(milliseconds)));

    [Theory]
    [InlineData("8GiB", 8_589_934_592)]
    [InlineData("500MB", 500_000_000)]
    [InlineData("1 KiB", 1024)]
    public void Sizes_are_bytes(string text, long bytes) => Assert.Equal(bytes, Quantities.Size(text));

    [Theory]
    [InlineData("10%", 0.1)]
    [InlineData("2.5%", 0.025)]
    [InlineData("100%", 1.0)]
    public void Shares_are_ratios(string text, double ratio) => Assert.Equal(ratio, Quantities.Share(text));

    [Fact]
    public void Budgets_are_counts_per_time()
    {
        Assert.Equal(new Budget(2, TimeSpan.FromDays(1)), Quantities.Budget("2/day"));
        Assert.Equal(new Budget(500, TimeSpan.FromDays(7)), Quantities.Budget("500/week"));
        Assert.Null(Quantities.Budget("2/fortnight"));
        Assert.Null(Quantities.Share("101%"));
        Assert.Null(Quantities.Size("8"));
        Assert.Null(Quantities.Budget("\u0CED/day"));
        Assert.Null(Quantities.Share("\u0CED%"));
        Assert.Null(Quantities.Size("\u0CEDMB"));
    }
}
