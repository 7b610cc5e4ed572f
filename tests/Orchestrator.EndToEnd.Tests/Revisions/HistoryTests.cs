using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests.Revisions;

/// <summary>Revisions of the past, and rules tried with other expressions, over the API.</summary>
public sealed class HistoryTests(LiveServer server) : IClassFixture<LiveServer>
{
    [Fact]
    public async Task Revisions_are_listed_newest_first_and_what_one_means_otherwise_is_told()
    {
        using var admin = server.Admin();
        var first = (await admin.JsonAsync("/api/revisions/history"))[0].GetProperty("id").GetString();
        server.Folder.Write("source/rules/tiny.rules.yaml", TinySource.Rules.Replace("< 11", "< 7", StringComparison.Ordinal));
        using var synced = await admin.PostAsync("/api/revisions/sync", new { });
        Assert.True((await Caller.JsonAsync(synced)).GetProperty("accepted").GetBoolean());

        var lines = (await admin.JsonAsync("/api/revisions/history")).EnumerateArray().Select(line => line.GetProperty("id").GetString()).ToList();
        Assert.Equal((2, first), (lines.Count, lines[1]));
        var change = Assert.Single((await admin.JsonAsync($"/api/revisions/{lines[0]}/difference?from={first}")).GetProperty("changes").EnumerateArray());
        Assert.Equal(("threshold of data_rows{dataset=\"tiny-train\"}", "11", "7"), (Text(change, "aspect"), Text(change, "before"), Text(change, "after")));
    }

    [Theory]
    [InlineData("Nothing", "data_rows < 5", 7, 404, "There is no rule \"Nothing\".")]
    [InlineData("FewRows", "data_rows < 5", 91, 422, "91 days and 13 characters cannot be tried.")]
    [InlineData("FewRows", "data_rows[5m]", 7, 422, "The expression cannot be the rule's: it gives a range vector, not an instant vector or a scalar.")]
    public async Task What_cannot_be_tried_is_refused_in_plain_words(string rule, string expression, int days, int status, string detail)
    {
        using var admin = server.Admin();
        using var answer = await admin.PostAsync($"/api/rules/{rule}/backtest", new { expression, days });
        var problem = await Caller.ProblemAsync(answer);
        Assert.Equal((status, detail), (problem.Status, problem.Detail));
    }

    [Fact]
    public async Task A_rule_is_tried_over_the_last_days()
    {
        using var admin = server.Admin();
        using var answer = await admin.PostAsync("/api/rules/FewRows/backtest", new { expression = "data_rows < 5", days = 3 });
        var tried = await Caller.JsonAsync(answer);
        Assert.Equal(TimeSpan.FromDays(3), tried.GetProperty("to").GetDateTimeOffset() - tried.GetProperty("from").GetDateTimeOffset());
        Assert.Equal(0, tried.GetProperty("after").GetProperty("alerts").GetInt32());
    }

    private static string? Text(JsonElement change, string name) => change.GetProperty(name).GetString();
}
