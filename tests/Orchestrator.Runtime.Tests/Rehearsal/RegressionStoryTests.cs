using System.Globalization;
using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Rehearsal;

namespace Orchestrator.Runtime.Tests.Rehearsal;

/// <summary>A model of numbers goes through the same loop as one of classes: served, measured, retrained, gated by an error that has to fall, promoted.</summary>
public sealed class RegressionStoryTests
{
    private static readonly string[] _features = ["temp", "atemp", "hum", "windspeed", "hr", "weekday", "season", "holiday", "workingday"];

    [Fact]
    public async Task A_model_of_winter_weeks_is_retrained_in_spring()
    {
        using var scenario = new SharedScenario("bike-rentals");
        var hours = SharedScenario.Table("bike-sharing", "hour.csv");
        var days = hours.Column("dteday").Select(day => DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture)).ToArray();
        var spring = new DateOnly(2011, 3, 26);
        int[] Rows(DateOnly from, DateOnly to) => [.. Enumerable.Range(0, days.Length).Where(row => days[row] >= from && days[row] < to)];
        scenario.Write("source/train.csv", hours, Rows(days[0], new DateOnly(2011, 1, 29)), ["instant", "cnt", .. _features]);
        scenario.Write("truth/served.csv", hours, Rows(spring, spring.AddDays(56)), "instant", "cnt");
        for (var week = 0; week < 8; week++)
        {
            var batch = string.Create(CultureInfo.InvariantCulture, $"source/batch-{week + 1}.csv");
            scenario.Write(batch, hours, Rows(spring.AddDays(7 * week), spring.AddDays(7 * (week + 1))), ["instant", .. _features]);
        }

        await scenario.RehearseAsync(
            (node, result) =>
            {
                Assert.Equal("model_rmse", result.Metric);
                Assert.True(result.After < 0.95 * result.Before, $"from {result.Before} to {result.After}");
                var fix = Assert.Single(node.Database.Read(connection => FixStore.List(connection, openOnly: false)));
                Assert.Equal(FixState.Succeeded, fix.State);
                Assert.Equal(2, result.Models.Length);
                Assert.True(result.Models[^1].Champion);
            },
            TestContext.Current.CancellationToken);
    }
}
