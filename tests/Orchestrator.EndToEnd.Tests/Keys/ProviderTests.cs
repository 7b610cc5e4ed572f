using System.Net;
using Orchestrator.Core.Series;

namespace Orchestrator.EndToEnd.Tests.Keys;

public sealed class ProviderTests(ProviderServer server) : IClassFixture<ProviderServer>, IAsyncLifetime
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private LoopbackProvider Provider => server.Provider;

    /// <summary>The provider of the test before may have done something wrong.</summary>
    public async ValueTask InitializeAsync()
    {
        Provider.Reset();
        Provider.Person = Ann("ml-leads");
        await ExecuteAsync("delete from session");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_person_comes_back_from_the_provider_with_the_roles_of_the_groups()
    {
        using var browser = Browser();
        Assert.Equal("The company", (await browser.JsonAsync("/api/session/ways")).GetProperty("provider").GetString());
        Assert.Equal("/fixes", await SignInAsync(browser, "?then=/fixes"));
        var session = await browser.JsonAsync("/api/session");
        Assert.Equal(("ann@example.org", "approver", "provider"), (session.GetProperty("name").GetString(), session.GetProperty("roles")[0].GetString(), session.GetProperty("way").GetString()));
        using var approves = await browser.PostAsync("/api/fixes/none/approve", new { plan_sha256 = "0" });
        using var keys = await browser.GetAsync("/api/keys");
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Forbidden), (approves.StatusCode, keys.StatusCode));
        Assert.Equal("openid profile email", Provider.Asked[0]["scope"]);
    }

    [Fact]
    public async Task A_person_may_be_named_instead_of_a_group()
    {
        Provider.Person = new() { ["sub"] = "7", ["email"] = "bob@example.org", ["email_verified"] = true };
        using var browser = Browser();
        Assert.Equal("/", await SignInAsync(browser, ""));
        Assert.Equal("labeler", (await browser.JsonAsync("/api/session")).GetProperty("roles")[0].GetString());
    }

    [Theory]
    [InlineData("aud", "another-client")]
    [InlineData("iss", "https://example.org")]
    [InlineData("nonce", "of another sign-in")]
    [InlineData("exp", "1000000000")]
    public async Task A_token_that_says_something_else_opens_nothing(string claim, string value)
    {
        Provider.Wrong[claim] = claim == "exp" ? long.Parse(value, System.Globalization.CultureInfo.InvariantCulture) : value;
        await AssertRefusedAsync("failed");
    }

    [Fact]
    public async Task A_token_that_somebody_else_signed_opens_nothing()
    {
        Provider.ForgesSignatures = true;
        await AssertRefusedAsync("failed");
    }

    [Fact]
    public async Task Whoever_says_no_at_the_provider_is_not_signed_in()
    {
        Provider.Person = null;
        await AssertRefusedAsync("denied");
    }

    [Fact]
    public async Task Whoever_has_no_role_here_is_told_so()
    {
        Provider.Person = Ann("accounting");
        await AssertRefusedAsync("stranger");
    }

    [Fact]
    public async Task An_address_that_the_provider_did_not_verify_names_nobody()
    {
        Provider.Person = new(Ann("ml-leads")) { ["email_verified"] = false };
        await AssertRefusedAsync("nameless");
    }

    [Fact]
    public async Task A_person_cannot_take_the_name_of_a_group()
    {
        Provider.Person = new(Ann()) { ["email"] = "oidc:root" };
        await AssertRefusedAsync("nameless");
    }

    [Theory]
    [InlineData("?then=https://example.org/")]
    [InlineData("?then=//example.org/")]
    [InlineData("?then=/%5Cexample.org/")]
    [InlineData("?then=fixes")]
    public async Task Nobody_is_sent_to_another_server_afterwards(string query)
    {
        using var browser = Browser();
        Assert.Equal("/", await SignInAsync(browser, query));
    }

    [Fact]
    public async Task A_way_back_is_good_once_and_only_in_the_browser_that_went()
    {
        using var browser = Browser();
        var back = await LeaveAsync(browser, "");
        using var stranger = Browser();
        using var foreign = await stranger.GetAsync(back);
        Assert.Equal("/signed-in?outcome=failed", foreign.Headers.Location!.OriginalString);
        Assert.False(await IsSignedInAsync(stranger));

        using var own = await browser.GetAsync(back);
        Assert.True(await IsSignedInAsync(browser));
        using var again = await browser.GetAsync(back);
        Assert.Equal("/signed-in?outcome=failed", again.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task A_foreign_page_cannot_send_anybody_to_sign_in()
    {
        using var browser = Browser();
        using var answer = await browser.SendAsync(HttpMethod.Get, "/api/session/provider", with: ("Sec-Fetch-Site", "cross-site"));
        Assert.Equal(403, (await Caller.ProblemAsync(answer)).Status);
        Assert.Empty(Provider.Asked);
    }

    [Fact]
    public async Task A_session_is_renewed_by_the_provider_with_the_groups_of_now()
    {
        using var browser = Browser();
        await SignInAsync(browser, "");
        await LetPassAsync();
        Provider.Person = Ann("root");
        var session = await browser.JsonAsync("/api/session");
        Assert.Equal(1, Provider.Refreshed);
        using var keys = await browser.GetAsync("/api/keys");
        Assert.Equal(HttpStatusCode.OK, keys.StatusCode);
        await LetPassAsync();
        Assert.True(await IsSignedInAsync(browser));
        Assert.Equal(2, Provider.Refreshed);
    }

    [Fact]
    public async Task Pages_that_renew_at_once_ask_the_provider_once()
    {
        using var browser = Browser();
        await SignInAsync(browser, "");
        await LetPassAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => browser.GetAsync("/api/session")));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(1, Provider.Refreshed);
        Assert.True(await IsSignedInAsync(browser));
    }

    [Fact]
    public async Task Whom_the_provider_does_not_know_any_more_is_signed_out()
    {
        using var browser = Browser();
        await SignInAsync(browser, "");
        Provider.Renews = false;
        Assert.True(await IsSignedInAsync(browser));
        await LetPassAsync();
        Assert.False(await IsSignedInAsync(browser));
        using var status = await browser.GetAsync("/api/status");
        Assert.Equal(HttpStatusCode.Unauthorized, status.StatusCode);
    }

    [Fact]
    public async Task Who_lost_the_last_group_is_signed_out()
    {
        using var browser = Browser();
        await SignInAsync(browser, "");
        await LetPassAsync();
        Provider.Person = Ann("accounting");
        Assert.False(await IsSignedInAsync(browser));
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_ends_no_session_and_makes_none_longer()
    {
        using var browser = Browser();
        await SignInAsync(browser, "");
        var before = (await browser.JsonAsync("/api/session")).GetProperty("expires_at").GetDateTimeOffset();
        await LetPassAsync();
        await ExecuteAsync($"update session set expires_at = {before.AddHours(-1).ToMicros()}");
        Provider.IsBroken = true;
        Assert.Equal(before.AddHours(-1), (await browser.JsonAsync("/api/session")).GetProperty("expires_at").GetDateTimeOffset());
        Provider.IsBroken = false;
        Assert.InRange((await browser.JsonAsync("/api/session")).GetProperty("expires_at").GetDateTimeOffset(), before.AddMinutes(-1), before.AddMinutes(10));
    }

    [Fact]
    public async Task Moving_a_champion_asks_the_person_to_sign_in_at_the_provider_again()
    {
        Provider.Person = Ann("root");
        using var browser = Browser();
        await SignInAsync(browser, "");
        await ExecuteAsync("update session set confirmed_at = 0");
        Assert.Equal(HttpStatusCode.Forbidden, await RollBackAsync(browser));

        // Another person at the same browser, and one whom the provider did not ask, confirm nothing.
        Provider.Person = new(Ann("root")) { ["sub"] = "8", ["email"] = "eve@example.org" };
        Assert.Equal("/signed-in?outcome=unconfirmed", await SignInAsync(browser, "?confirm=true"));
        Provider.Person = new(Ann("root")) { ["auth_time"] = 1_000_000_000 };
        Assert.Equal("/signed-in?outcome=unconfirmed", await SignInAsync(browser, "?confirm=true"));
        Assert.Equal(HttpStatusCode.Forbidden, await RollBackAsync(browser));

        Provider.Person = Ann("root");
        Assert.Equal("/signed-in", await SignInAsync(browser, "?confirm=true&then=/signed-in"));
        Assert.Equal(("login", "0"), (Provider.Asked[^1]["prompt"], Provider.Asked[^1]["max_age"]));
        Assert.Equal(HttpStatusCode.Conflict, await RollBackAsync(browser));
        Assert.Equal("ann@example.org", (await browser.JsonAsync("/api/session")).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Signing_out_ends_the_session_and_leads_to_the_providers_own_page()
    {
        using var browser = Browser();
        await SignInAsync(browser, "");
        using var answer = await browser.SendAsync(HttpMethod.Delete, "/api/session");
        var next = (await Caller.JsonAsync(answer)).GetProperty("provider").GetString()!;
        Assert.StartsWith($"{Provider.Issuer}/leave?", next, StringComparison.Ordinal);
        Assert.Contains("id_token_hint=", next, StringComparison.Ordinal);
        Assert.Contains($"post_logout_redirect_uri={Uri.EscapeDataString(server.Url.ToString())}", next, StringComparison.Ordinal);
        Assert.False(await IsSignedInAsync(browser));
    }

    [Fact]
    public async Task The_database_holds_no_token_that_can_be_read()
    {
        using var browser = Browser();
        await SignInAsync(browser, "");
        var tokens = server.Node.Database.Read(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "select tokens from session";
            return (string)command.ExecuteScalar()!;
        });
        Assert.DoesNotContain("refresh", System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(tokens)), StringComparison.Ordinal);
    }

    private static Dictionary<string, object> Ann(params string[] groups) => new() { ["sub"] = "42", ["email"] = "ann@example.org", ["email_verified"] = true, ["groups"] = groups };

    private Caller Browser() => new(server.Url, null, followsRedirects: false);

    private static async Task<bool> IsSignedInAsync(Caller browser)
    {
        using var answer = await browser.GetAsync("/api/session");
        return answer.StatusCode == HttpStatusCode.OK;
    }

    /// <summary>Goes to the provider and to where it sends people back.</summary>
    private static async Task<string> LeaveAsync(Caller browser, string query)
    {
        using var leave = await browser.GetAsync($"/api/session/provider{query}");
        Assert.Equal(HttpStatusCode.Redirect, leave.StatusCode);
        using var there = await browser.GetAsync(leave.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.Redirect, there.StatusCode);
        return there.Headers.Location!.OriginalString;
    }

    /// <summary>Where a person ends up who signs in.</summary>
    private static async Task<string> SignInAsync(Caller browser, string query)
    {
        using var back = await browser.GetAsync(await LeaveAsync(browser, query));
        return back.Headers.Location!.OriginalString;
    }

    private async Task AssertRefusedAsync(string outcome)
    {
        using var browser = Browser();
        Assert.Equal($"/signed-in?outcome={outcome}", await SignInAsync(browser, ""));
        Assert.False(await IsSignedInAsync(browser));
    }

    private static async Task<HttpStatusCode> RollBackAsync(Caller browser)
    {
        using var answer = await browser.PostAsync("/api/models/digits/rollback", new { reason = "test" });
        return answer.StatusCode;
    }

    /// <summary>As if the provider had been asked last a quarter of an hour ago.</summary>
    private Task LetPassAsync() => ExecuteAsync("update session set asked_at = asked_at - 900000000");

    private Task ExecuteAsync(string sql) => server.Node.Database.WriteAsync(transaction => { transaction.Execute(sql); }, Cancellation);
}
