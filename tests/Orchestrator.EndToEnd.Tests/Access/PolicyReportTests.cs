using System.Net;

namespace Orchestrator.EndToEnd.Tests.Access;

public sealed class PolicyReportTests(LiveServer server) : IClassFixture<LiveServer>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/studio/3.8.2/definitions")]
    [InlineData("/api/status")]
    public async Task Every_policy_says_where_violations_are_reported(string path)
    {
        using var client = server.Client(null);
        using var answer = await client.GetAsync(path);
        Assert.EndsWith("; report-uri /api/policy-reports", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_is_kept_in_short_words_for_admins()
    {
        using var browser = server.Client(null);
        using var admin = server.Admin();
        using var viewer = await server.ClientOfAsync("eve", Runtime.Keys.Role.Viewer);
        using var sent = await browser.PostAsync("/api/policy-reports", """{"csp-report": {"document-uri": "http://127.0.0.1/fixes\n", "effective-directive": "script-src-elem", "blocked-uri": "inline", "referrer": ""}}""", "application/csp-report");
        using var second = await browser.PostAsync("/api/policy-reports", $$$"""{"csp-report": {"blocked-uri": "{{{new string('x', 5000)}}}"}}""", "application/csp-report");
        using var odd = await browser.PostAsync("/api/policy-reports", "[1]");
        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.NoContent], [sent.StatusCode, second.StatusCode, odd.StatusCode]);
        var reports = await admin.JsonAsync("/api/policy-reports");
        Assert.Equal(200, reports[1].GetProperty("blocked").GetString()!.Length);
        Assert.Equal(("http://127.0.0.1/fixes ", "script-src-elem", "inline"), (reports[2].GetProperty("page").GetString(), reports[2].GetProperty("directive").GetString(), reports[2].GetProperty("blocked").GetString()));
        using var refused = await viewer.GetAsync("/api/policy-reports");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task What_is_no_report_is_refused_and_only_the_latest_hundred_are_kept()
    {
        using var browser = server.Client(null);
        using var admin = server.Admin();
        using var broken = await browser.PostAsync("/api/policy-reports", "{");
        using var large = await browser.PostAsync("/api/policy-reports", new string(' ', 20_000));
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.RequestEntityTooLarge), (broken.StatusCode, large.StatusCode));
        for (var number = 0; number < 120; number++)
        {
            using var sent = await browser.PostAsync("/api/policy-reports", "{}");
        }

        Assert.Equal(100, (await admin.JsonAsync("/api/policy-reports")).GetArrayLength());
    }
}
