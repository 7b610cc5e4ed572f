using System.Net;

namespace Orchestrator.EndToEnd.Tests.Access;

public sealed class ProblemTests(LiveServer server) : IClassFixture<LiveServer>
{
    [Fact]
    public async Task A_request_without_a_key_is_told_how_to_send_one()
    {
        using var client = server.Client(null);
        using var answer = await client.GetAsync("/api/status");
        var (status, detail, next) = await Caller.ProblemAsync(answer);
        Assert.Equal(401, status);
        Assert.Equal("This request carries no API key.", detail);
        Assert.Contains("Authorization: Bearer KEY", next, StringComparison.Ordinal);
        Assert.Equal("Bearer realm=\"orchestrator\"", answer.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task A_wrong_key_is_not_taken_and_not_repeated()
    {
        using var client = server.Client("orc_wrong");
        using var answer = await client.GetAsync("/api/status");
        Assert.Equal((401, "The API key of this request is not known, or it was revoked."), First(await Caller.ProblemAsync(answer)));
        Assert.DoesNotContain("orc_wrong", (await Caller.JsonAsync(answer)).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_exist_is_hidden_from_those_without_a_key()
    {
        using var stranger = server.Client(null);
        using var hidden = await stranger.GetAsync("/api/nothing");
        Assert.Equal(HttpStatusCode.Unauthorized, hidden.StatusCode);

        using var admin = server.Admin();
        using var answer = await admin.GetAsync("/api/nothing");
        Assert.Equal((404, "There is nothing at /api/nothing."), First(await Caller.ProblemAsync(answer)));
    }

    [Theory]
    [InlineData("/api/findings/none", "There is no finding \"none\".")]
    [InlineData("/api/fixes/none", "There is no fix \"none\".")]
    [InlineData("/api/labels/queues/none", "There is no label queue \"none\".")]
    public async Task A_thing_that_does_not_exist_is_named(string path, string detail)
    {
        using var admin = server.Admin();
        using var answer = await admin.GetAsync(path);
        Assert.Equal((404, detail), First(await Caller.ProblemAsync(answer)));
    }

    [Theory]
    [InlineData("/api/findings?limit=many", "The parameter limit cannot be \"many\".")]
    [InlineData("/api/findings?limit=0", "The parameter limit cannot be 0: 1 to 1000 are allowed.")]
    [InlineData("/api/findings?limit=1001", "The parameter limit cannot be 1001: 1 to 1000 are allowed.")]
    [InlineData("/api/fixes?open=perhaps", "The parameter open cannot be \"perhaps\".")]
    public async Task A_parameter_that_cannot_be_read_is_named(string path, string detail)
    {
        using var admin = server.Admin();
        using var answer = await admin.GetAsync(path);
        Assert.Equal((400, detail), First(await Caller.ProblemAsync(answer)));
    }

    [Theory]
    [InlineData("{", "The JSON body cannot be read at $ (line 1).")]
    [InlineData("{\"name\": \"lead\"}", "The JSON body lacks \"roles\".")]
    [InlineData("{\"name\": \"lead\", \"roles\": [\"king\"]}", "The JSON body cannot be read at $.roles[0] (line 1).")]
    [InlineData("{\"name\": \"lead\", \"roles\": [\"viewer\"], \"crown\": 1}", "The JSON body cannot be read at $.crown (line 1).")]
    public async Task A_body_that_cannot_be_read_is_located_without_naming_types(string body, string detail)
    {
        using var admin = server.Admin();
        using var answer = await admin.PostAsync("/api/keys", body);
        Assert.Equal((400, detail), First(await Caller.ProblemAsync(answer)));
    }

    [Fact]
    public async Task A_body_of_another_kind_is_refused()
    {
        using var admin = server.Admin();
        using var answer = await admin.PostAsync("/api/keys", "name=lead", "text/plain");
        Assert.Equal((415, "The body of this request is not JSON."), First(await Caller.ProblemAsync(answer)));
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        using var admin = server.Admin();
        using var answer = await admin.PostAsync("/api/keys", new { name = new string('a', 300 * 1024) });
        Assert.Equal((413, "The body of this request is too large."), First(await Caller.ProblemAsync(answer)));
    }

    [Fact]
    public async Task A_method_that_is_not_served_is_named()
    {
        using var admin = server.Admin();
        using var answer = await admin.SendAsync(HttpMethod.Put, "/api/status");
        Assert.Equal((405, "/api/status cannot be called with PUT."), First(await Caller.ProblemAsync(answer)));
    }

    [Fact]
    public async Task A_role_that_does_not_suffice_is_named_with_the_one_that_would()
    {
        using var viewer = await server.ClientOfAsync("eve", Runtime.Keys.Role.Viewer);
        using var answer = await viewer.GetAsync("/api/keys");
        Assert.Equal((403, "This needs the role admin; the key of eve has viewer."), First(await Caller.ProblemAsync(answer)));
    }

    [Fact]
    public async Task A_foreign_host_name_is_refused()
    {
        using var admin = server.Admin();
        using var answer = await admin.SendAsync(HttpMethod.Get, "/api/status", host: "rebound.example.org");
        Assert.Equal((400, "This server does not answer to the name \"rebound.example.org\"."), First(await Caller.ProblemAsync(answer)));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/status")]
    [InlineData("/api/nothing")]
    public async Task Every_answer_carries_the_headers_that_protect_a_browser(string path)
    {
        using var client = server.Client(null);
        using var answer = await client.GetAsync(path);
        Assert.StartsWith("default-src 'none'; script-src 'self'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.False(answer.Headers.Contains("Server"));
    }

    private static (int Status, string Detail) First((int Status, string Detail, string Next) problem)
    {
        Assert.NotEqual("", problem.Next);
        return (problem.Status, problem.Detail);
    }
}
