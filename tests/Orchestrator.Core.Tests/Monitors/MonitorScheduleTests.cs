using Orchestrator.Core.Monitors;

namespace Orchestrator.Core.Tests.Monitors;

/// <summary>Instants worked out by hand; Berlin leaves winter time on 2026-03-29 at 01:00 UTC and summer time on 2026-10-25 at 01:00 UTC.</summary>
public sealed class MonitorScheduleTests
{
    [Theory]
    [InlineData("2026-01-05T00:00:00Z", "2026-01-05T06:00:00Z")]
    [InlineData("2026-01-05T05:59:59.999999Z", "2026-01-05T06:00:00Z")]
    [InlineData("2026-01-05T06:00:00Z", "2026-01-05T12:00:00Z")]
    [InlineData("1969-12-31T23:00:00Z", "1970-01-01T00:00:00Z")]
    [InlineData("1969-12-31T18:00:00Z", "1970-01-01T00:00:00Z")]
    public void Every_six_hours_stands_on_the_grid_of_the_epoch(string after, string next) =>
        Assert.Equal(At(next), new MonitorSchedule.Every(TimeSpan.FromHours(6)).Next(At(after)));

    [Fact]
    public void Due_takes_the_end_and_leaves_the_start() =>
        Assert.Equal([At("2026-01-05T06:00:00Z"), At("2026-01-05T12:00:00Z")], new MonitorSchedule.Every(TimeSpan.FromHours(6)).Due(At("2026-01-05T00:00:00Z"), At("2026-01-05T12:00:00Z")));

    [Fact]
    public void A_sample_counts_until_one_period_after_the_next_firing()
    {
        Assert.Equal(At("2026-01-05T12:00:00Z"), new MonitorSchedule.Every(TimeSpan.FromHours(6)).ValidUntil(At("2026-01-05T00:00:00Z")));
        Assert.Equal(At("2026-01-13T03:00:00Z"), Cron("0 3 * * MON-FRI", "UTC").ValidUntil(At("2026-01-09T03:00:00Z")));
    }

    [Theory]
    [InlineData("0 3 * * *", "2026-01-05T03:00:00Z", "2026-01-06T03:00:00Z")]
    [InlineData("*/15 * * * *", "2026-01-05T00:14:59Z", "2026-01-05T00:15:00Z")]
    [InlineData("30 0 3 * * *", "2026-01-05T03:00:00Z", "2026-01-05T03:00:30Z")]
    [InlineData("0 0 29 2 *", "2026-01-05T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("0 12 1 * MON", "2026-01-05T12:00:00Z", "2026-01-12T12:00:00Z")]
    [InlineData("0 12 1 * MON", "2026-01-26T12:00:00Z", "2026-02-01T12:00:00Z")]
    [InlineData("0 0 * * 7", "2026-01-05T00:00:00Z", "2026-01-11T00:00:00Z")]
    [InlineData("0 0 31 DEC ?", "2026-12-31T00:00:00Z", "2027-12-31T00:00:00Z")]
    [InlineData("5,10-12 8/6 * JAN *", "2026-01-05T14:12:00Z", "2026-01-05T20:05:00Z")]
    public void Cron_in_utc(string cron, string after, string next) => Assert.Equal(At(next), Cron(cron, "UTC").Next(At(after)));

    // Fixed hours: a skipped time fires at the end of the gap, a repeated one the first time only.
    [Theory]
    [InlineData("0 3 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("30 2 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("30 2 * * *", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z")]
    [InlineData("30 2 * * *", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z")]
    [InlineData("30 2 * * *", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")]
    [InlineData("0 3 * * *", "2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z")]
    public void Fixed_hours_across_daylight_saving(string cron, string after, string next) =>
        Assert.Equal(At(next), Cron(cron, "Europe/Berlin").Next(At(after)));

    // Hours by "*": elapsed time, so nothing in the gap and both passes of the repeated hour.
    [Theory]
    [InlineData("30 * * * *", "2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z")]
    [InlineData("*/30 * * * *", "2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("30 * * * *", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z")]
    [InlineData("30 * * * *", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00Z")]
    public void Every_hour_across_daylight_saving(string cron, string after, string next) =>
        Assert.Equal(At(next), Cron(cron, "Europe/Berlin").Next(At(after)));

    [Theory]
    [InlineData("0 0 30 2 *", "the cron expression never fires: no month has such a day")]
    [InlineData("0 0 31 4,6,9,11 *", "the cron expression never fires: no month has such a day")]
    [InlineData("0 0 * *", "the cron expression has 4 fields")]
    [InlineData("60 0 * * *", "\"60\" is no minute of a cron expression")]
    [InlineData("0 24 * * *", "\"24\" is no hour of a cron expression")]
    [InlineData("0 0 * * MUN", "\"MUN\" is no day of the week of a cron expression")]
    [InlineData("*/0 * * * *", "\"*/0\" is no minute of a cron expression")]
    [InlineData("5-1 * * * *", "\"5-1\" is no minute of a cron expression")]
    [InlineData("0 0 L * *", "\"L\" is no day of the month of a cron expression")]
    public void A_cron_expression_that_cannot_be_is_refused(string cron, string problem) => Assert.Equal(problem, CronExpression.Parse(cron).Problem);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static MonitorSchedule.Cron Cron(string text, string zone) => new(CronExpression.Parse(text).Value!, TimeZoneInfo.FindSystemTimeZoneById(zone));
}
