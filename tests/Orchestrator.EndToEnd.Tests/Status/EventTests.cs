using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests.Status;

public sealed class EventTests(LiveServer server) : IClassFixture<LiveServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_hears_that_something_was_written()
    {
        using var viewer = server.Admin();
        using var answer = await viewer.GetAsync("/api/events");
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        await using var stream = await answer.Content.ReadAsStreamAsync(Cancellation);
        using var lines = new StreamReader(stream);
        Assert.Equal("event: open", await NextEventAsync(lines));

        using var written = await viewer.SendAsync(HttpMethod.Put, "/api/kill-switch", JsonContent("""{"on": true}"""));
        Assert.True(written.IsSuccessStatusCode);
        Assert.Equal("event: written", await NextEventAsync(lines));
    }

    [Fact]
    public async Task What_the_pages_types_are_made_from_is_what_the_server_says_of_itself()
    {
        using var admin = server.Admin();
        var said = await admin.JsonAsync("/openapi/v1.json");
        var kept = JsonElement.Parse(await File.ReadAllTextAsync(Repository.File("src/Orchestrator.Web/openapi.json"), Cancellation));
        Assert.True(
            JsonElement.DeepEquals(said, kept),
            "src/Orchestrator.Web/openapi.json is not what /openapi/v1.json answers: keep the answer there, then run \"npm run types\" in src/Orchestrator.Web");
    }

    private static StringContent JsonContent(string json) => new(json, System.Text.Encoding.UTF8, "application/json");

    private static async Task<string?> NextEventAsync(StreamReader lines)
    {
        while (await lines.ReadLineAsync(Cancellation) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal) && line != "event: silent")
            {
                return line;
            }
        }

        return null;
    }
}
