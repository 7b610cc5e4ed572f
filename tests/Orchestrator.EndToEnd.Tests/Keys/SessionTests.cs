using System.Net;
using System.Text;
using Orchestrator.Runtime.Keys;

namespace Orchestrator.EndToEnd.Tests.Keys;

public sealed class SessionTests(LiveServer server) : IClassFixture<LiveServer>
{
    [Fact]
    public async Task A_key_opens_a_session_whose_cookie_scripts_and_foreign_pages_do_not_have()
    {
        using var browser = server.Client(null);
        using var answer = await SignInAsync(browser, server.AdminKey);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(server.AdminKey, cookie, StringComparison.Ordinal);
        Assert.Equal("admin", (await browser.JsonAsync("/api/session")).GetProperty("name").GetString());
        Assert.Equal("0.1.0", (await browser.JsonAsync("/api/status")).GetProperty("version").GetString());
    }

    [Fact]
    public async Task A_wrong_key_opens_nothing()
    {
        using var browser = server.Client(null);
        using var answer = await browser.PostAsync("/api/session", new { key = "orc_wrong" });
        Assert.Equal((403, "This key is not known, or it was revoked."), First(await Caller.ProblemAsync(answer)));
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "none")]
    [InlineData("Origin", "https://example.org")]
    [InlineData("Origin", "null")]
    public async Task What_a_foreign_page_sends_with_the_cookie_is_refused(string header, string value)
    {
        using var browser = server.Client(null);
        using var signedIn = await SignInAsync(browser, server.AdminKey);
        using var refused = await SendAsync(browser, "/api/revisions/sync", header, value);
        Assert.Equal((401, "This request comes from a page of another origin."), First(await Caller.ProblemAsync(refused)));
        using var own = await SendAsync(browser, "/api/revisions/sync", "Sec-Fetch-Site", "same-origin");
        Assert.NotEqual(HttpStatusCode.Unauthorized, own.StatusCode);
    }

    [Fact]
    public async Task A_foreign_page_cannot_sign_somebody_in()
    {
        using var browser = server.Client(null);
        using var answer = await SendAsync(browser, "/api/session", "Sec-Fetch-Site", "cross-site", $$"""{"key": "{{server.AdminKey}}"}""");
        Assert.Equal(403, (await Caller.ProblemAsync(answer)).Status);
    }

    [Fact]
    public async Task A_session_ends_when_it_is_closed_and_when_its_key_is_revoked()
    {
        using var admin = server.Admin();
        var issued = await server.Part<KeyRing>().IssueAsync("dan", [Role.Labeler], "test", DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken);
        using var closed = server.Client(null);
        using var revoked = server.Client(null);
        using var first = await SignInAsync(closed, issued.Text);
        using var second = await SignInAsync(revoked, issued.Text);

        using var close = await closed.SendAsync(HttpMethod.Delete, "/api/session");
        using var afterClose = await closed.GetAsync("/api/status");
        Assert.Equal(HttpStatusCode.Unauthorized, afterClose.StatusCode);
        Assert.Equal("dan", (await revoked.JsonAsync("/api/session")).GetProperty("name").GetString());

        using var revoke = await admin.SendAsync(HttpMethod.Delete, $"/api/keys/{issued.Key.Id}");
        using var afterRevoke = await revoked.GetAsync("/api/status");
        Assert.Equal((401, "The session has ended."), First(await Caller.ProblemAsync(afterRevoke)));
    }

    [Theory]
    [InlineData("/api/models/digits/promote", """{"version": "digits-1", "reason": "test"}""")]
    [InlineData("/api/models/digits/rollback", """{"reason": "test"}""")]
    public async Task A_session_whose_key_was_not_shown_of_late_moves_no_champion(string path, string body)
    {
        using var browser = server.Client(null);
        using var signedIn = await SignInAsync(browser, server.AdminKey);
        await server.Node.Database.WriteAsync(
            transaction => { transaction.Execute("update session set confirmed_at = 0"); }, TestContext.Current.CancellationToken);
        using var refused = await browser.PostAsync(path, body);
        Assert.True((await Caller.JsonAsync(refused)).GetProperty("confirm").GetBoolean());
        Assert.Equal((403, "The session alone does not open this."), First(await Caller.ProblemAsync(refused)));

        using var confirmed = await browser.PostAsync("/api/session/confirm", new { key = server.AdminKey });
        using var asked = await browser.PostAsync(path, body);
        Assert.NotEqual(HttpStatusCode.Forbidden, asked.StatusCode);
    }

    [Fact]
    public async Task Another_key_does_not_confirm_a_session()
    {
        using var browser = server.Client(null);
        using var signedIn = await SignInAsync(browser, server.AdminKey);
        using var other = await browser.PostAsync("/api/session/confirm", new { key = "orc_other" });
        using var own = await browser.PostAsync("/api/session/confirm", new { key = server.AdminKey });
        Assert.Equal((403, "This is not the key that the session was opened with."), First(await Caller.ProblemAsync(other)));
        Assert.Equal(HttpStatusCode.NoContent, own.StatusCode);
    }

    private static async Task<HttpResponseMessage> SignInAsync(Caller browser, string key)
    {
        var answer = await browser.PostAsync("/api/session", new { key });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer;
    }

    private static Task<HttpResponseMessage> SendAsync(Caller browser, string path, string header, string value, string body = "{}")
    {
        var content = new StringContent(body, Encoding.UTF8, "application/json");
        return browser.SendAsync(HttpMethod.Post, path, content, with: (header, value));
    }

    private static (int Status, string Detail) First((int Status, string Detail, string Next) problem) => (problem.Status, problem.Detail);
}
