using System.Net;
using Microsoft.Extensions.Logging;
using Orchestrator.EndToEnd.Tests.Commands;
using Orchestrator.Server;
using Orchestrator.Server.Keys;

namespace Orchestrator.EndToEnd.Tests.Keys;

public sealed class PasswordTests : IAsyncLifetime
{
    private const string Ann = "ann@example.org";
    private const string Password = "correct horse battery staple";

    private readonly TempFolder _folder = new();
    private ServerHost? _host;

    public async ValueTask InitializeAsync()
    {
        var config = TinySource.Write(_folder);
        await File.AppendAllTextAsync(config, $$"""

            sign_in: {passwords_file: people.passwords}
            people:
              {{Ann}}: {roles: [approver]}
              root@example.org: {roles: [admin]}
            """, TestContext.Current.CancellationToken);
        await GivePasswordAsync(Ann, Password);
        await GivePasswordAsync("nobody@example.org", Password);
        await GivePasswordAsync("root@example.org", Password);
        _host = await ServerHost.StartAsync(new ServerOptions(_folder["workspace"]) { Config = config, LogLevel = LogLevel.None, Works = false }, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _host!.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_person_signs_in_with_a_password_and_has_the_roles_that_the_operators_file_gives()
    {
        using var browser = Browser();
        Assert.True((await browser.JsonAsync("/api/session/ways")).GetProperty("password").GetBoolean());
        using var answer = await SignInAsync(browser, Ann, Password);
        var signedIn = await Caller.JsonAsync(answer);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((Ann, "approver", "password"), (signedIn.GetProperty("name").GetString(), signedIn.GetProperty("roles")[0].GetString(), signedIn.GetProperty("way").GetString()));
        using var approves = await browser.PostAsync("/api/fixes/none/approve", new { plan_sha256 = "0" });
        Assert.Equal(HttpStatusCode.NotFound, approves.StatusCode);
        using var keys = await browser.GetAsync("/api/keys");
        Assert.Equal((403, "This needs the role admin; ann@example.org has approver."), First(await Caller.ProblemAsync(keys)));
    }

    [Theory]
    [InlineData(Ann, "correct horse battery stapl", "a wrong password")]
    [InlineData(Ann, "", "no password")]
    [InlineData("eve@example.org", Password, "a stranger")]
    [InlineData("nobody@example.org", Password, "a password without roles")]
    [InlineData("Ann@example.org", Password, "another name")]
    public async Task Whoever_may_not_come_in_is_told_the_same_whatever_is_wrong(string name, string password, string what)
    {
        using var browser = Browser();
        using var answer = await SignInAsync(browser, name, password);
        Assert.True((403, "There is no person of this name with this password.") == First(await Caller.ProblemAsync(answer)), what);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task After_five_wrong_passwords_the_right_one_has_to_wait_and_other_people_need_not()
    {
        using var browser = Browser();
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            using var wrong = await SignInAsync(browser, Ann, $"wrong password number {attempt}");
            Assert.Equal(HttpStatusCode.Forbidden, wrong.StatusCode);
        }

        using var late = await SignInAsync(browser, Ann, Password);
        Assert.Equal((429, "There were too many wrong passwords."), First(await Caller.ProblemAsync(late)));
        Assert.InRange(late.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(15));
        using var other = await SignInAsync(browser, "root@example.org", Password);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task A_session_ends_when_the_password_changes_and_when_the_file_is_gone()
    {
        using var first = Browser();
        using var second = Browser();
        using var one = await SignInAsync(first, Ann, Password);
        await GivePasswordAsync(Ann, "another password of hers");
        using var ended = await first.GetAsync("/api/status");
        Assert.Equal((401, "The session has ended."), First(await Caller.ProblemAsync(ended)));

        using var two = await SignInAsync(second, Ann, "another password of hers");
        Assert.Equal(HttpStatusCode.OK, two.StatusCode);
        File.Delete(_folder["people.passwords"]);
        using var gone = await second.GetAsync("/api/status");
        Assert.Equal(HttpStatusCode.Unauthorized, gone.StatusCode);
        using var refused = await SignInAsync(second, Ann, "another password of hers");
        Assert.Equal((503, "Passwords cannot be looked at: the file people.passwords does not exist."), First(await Caller.ProblemAsync(refused)));
    }

    [Fact]
    public async Task Moving_a_champion_asks_for_the_password_again_and_takes_nobody_elses()
    {
        using var browser = Browser();
        using var signedIn = await SignInAsync(browser, "root@example.org", Password);
        await _host!.Node.Database.WriteAsync(transaction => { transaction.Execute("update session set confirmed_at = 0"); }, TestContext.Current.CancellationToken);
        using var refused = await browser.PostAsync("/api/models/digits/rollback", new { reason = "test" });
        Assert.True((await Caller.JsonAsync(refused)).GetProperty("confirm").GetBoolean());

        using var others = await browser.PostAsync("/api/session/confirm", new { name = Ann, password = Password });
        using var key = await browser.PostAsync("/api/session/confirm", new { key = (await File.ReadAllTextAsync(_host.AdminKeyFile, TestContext.Current.CancellationToken)).Trim() });
        Assert.Equal((403, "This is not the password that the session was opened with."), First(await Caller.ProblemAsync(others)));
        Assert.Equal(HttpStatusCode.Forbidden, key.StatusCode);
        using var own = await browser.PostAsync("/api/session/confirm", new { name = "root@example.org", password = Password });
        using var asked = await browser.PostAsync("/api/models/digits/rollback", new { reason = "test" });
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.Conflict), (own.StatusCode, asked.StatusCode));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"key": "orc_a", "name": "ann@example.org", "password": "a"}""")]
    [InlineData("""{"name": "ann@example.org"}""")]
    public async Task Half_a_sign_in_is_refused_in_words(string body)
    {
        using var browser = Browser();
        using var answer = await browser.PostAsync("/api/session", body);
        Assert.Equal((400, "This is neither a key nor a name with a password."), First(await Caller.ProblemAsync(answer)));
    }

    [Fact]
    public async Task A_password_that_is_too_short_gets_no_line()
    {
        var ended = await Ended.RunAsync("fourteen chars\n", new Dictionary<string, string>(), ["keys", "password", Ann, "--file", _folder["short"]]);
        Assert.Equal((2, false), (ended.ExitCode, File.Exists(_folder["short"])));
        Assert.StartsWith("orchestrator: a password has 15 to 256 characters, this one has 14;", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_file_of_passwords_holds_one_line_a_person_and_is_its_owners_alone()
    {
        await GivePasswordAsync(Ann, "another password of hers");
        var lines = await File.ReadAllLinesAsync(_folder["people.passwords"], TestContext.Current.CancellationToken);
        Assert.Equal(["nobody@example.org", "root@example.org", Ann], lines.Select(line => line[..line.LastIndexOf(':')]));
        Assert.DoesNotContain(lines, line => line.Contains("password of hers", StringComparison.Ordinal));
        Assert.True(Passwords.Fits(lines[2][(lines[2].LastIndexOf(':') + 1)..], "another password of hers"));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(_folder["people.passwords"]) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    private Caller Browser() => new(_host!.Url, null);

    private static Task<HttpResponseMessage> SignInAsync(Caller browser, string name, string password) => browser.PostAsync("/api/session", new { name, password });

    private async Task GivePasswordAsync(string name, string password)
    {
        var ended = await Ended.RunAsync(password + "\n", new Dictionary<string, string>(), ["keys", "password", name, "--file", _folder["people.passwords"]]);
        Assert.Equal("", ended.Error);
    }

    private static (int Status, string Detail) First((int Status, string Detail, string Next) problem) => (problem.Status, problem.Detail);
}
