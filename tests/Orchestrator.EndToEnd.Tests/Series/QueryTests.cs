namespace Orchestrator.EndToEnd.Tests.Series;

public sealed class QueryTests(LiveServer server) : IClassFixture<LiveServer>
{
    [Theory]
    [InlineData("data_rows / 4", 2.5)]
    [InlineData("1 + 2", 3)]
    public async Task A_query_gives_the_value_of_an_expression_at_an_instant(string query, double expected)
    {
        using var admin = server.Admin();
        using var measured = await admin.PostAsync("/api/monitors/tiny/measure", new { at = "2026-01-05T00:00:00Z" });
        Assert.True(measured.IsSuccessStatusCode, $"{measured.StatusCode}");
        var answer = await admin.JsonAsync($"/api/series/query?at=2026-01-05T00:00:00Z&query={Uri.EscapeDataString(query)}");
        Assert.Equal(expected, answer.GetProperty("samples")[0].GetProperty("points")[0].GetProperty("value").GetDouble());
    }

    [Fact]
    public async Task A_query_that_is_wrong_is_located()
    {
        using var admin = server.Admin();
        using var answer = await admin.GetAsync("/api/series/query?query=sum(data_rows))");
        var problem = await Caller.ProblemAsync(answer);
        Assert.Equal(422, problem.Status);
        Assert.StartsWith("At character 15 of the query: ", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_is_needed()
    {
        using var admin = server.Admin();
        using var answer = await admin.GetAsync("/api/series/query");
        Assert.Equal((400, "The parameter query is missing."), ((await Caller.ProblemAsync(answer)).Status, (await Caller.ProblemAsync(answer)).Detail));
    }
}
