using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests.Revisions;

public sealed class RevisionTests : IAsyncLifetime
{
    private readonly LiveServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_bad_revision_is_told_and_never_replaces_the_one_in_force()
    {
        using var admin = _server.Admin();
        var good = (await admin.JsonAsync("/api/revisions")).GetProperty("in_force").GetProperty("id").GetString();

        _server.Folder.Write("source/rules/tiny.rules.yaml", TinySource.Rules.Replace("owner:", "onwer:", StringComparison.Ordinal));
        var attempt = await SyncAsync(admin);
        Assert.False(attempt.GetProperty("accepted").GetBoolean());
        Assert.StartsWith("rules/tiny.rules.yaml:9:9: ", attempt.GetProperty("diagnostics")[0].GetString(), StringComparison.Ordinal);

        var shown = await admin.JsonAsync("/api/revisions");
        Assert.Equal(good, shown.GetProperty("in_force").GetProperty("id").GetString());
        Assert.False(shown.GetProperty("last_attempt").GetProperty("accepted").GetBoolean());
        Assert.Equal("FewRows", (await admin.JsonAsync("/api/rules"))[0].GetProperty("rule").GetString());
    }

    [Fact]
    public async Task A_good_revision_comes_into_force_with_its_files()
    {
        using var admin = _server.Admin();
        _server.Folder.Write("source/rules/tiny.rules.yaml", TinySource.Rules.Replace("FewRows", "TooFewRows", StringComparison.Ordinal));
        var attempt = await SyncAsync(admin);
        Assert.True(attempt.GetProperty("accepted").GetBoolean());

        var id = (await admin.JsonAsync("/api/revisions")).GetProperty("in_force").GetProperty("id").GetString();
        var files = (await admin.JsonAsync($"/api/revisions/{id}")).GetProperty("files");
        Assert.Contains("TooFewRows", files.GetProperty("rules/tiny.rules.yaml").GetString(), StringComparison.Ordinal);
        Assert.Equal("TooFewRows", (await admin.JsonAsync("/api/rules"))[0].GetProperty("rule").GetString());
    }

    [Fact]
    public async Task What_a_revision_means_otherwise_than_another_is_told()
    {
        using var admin = _server.Admin();
        var before = (await admin.JsonAsync("/api/revisions")).GetProperty("in_force").GetProperty("id").GetString();
        _server.Folder.Write("source/rules/tiny.rules.yaml", TinySource.Rules.Replace("< 11", "< 12", StringComparison.Ordinal));
        await SyncAsync(admin);

        var difference = await admin.JsonAsync($"/api/revisions/{before}/difference");

        var change = Assert.Single(difference.GetProperty("changes").EnumerateArray());
        Assert.Equal("rule FewRows (group tiny)", change.GetProperty("subject").GetString());
        Assert.Equal(("12", "11"), (change.GetProperty("before").GetString(), change.GetProperty("after").GetString()));
        Assert.Equal("threshold of data_rows{dataset=\"tiny-train\"}", change.GetProperty("aspect").GetString());
    }

    [Fact]
    public async Task There_is_no_history_to_accept_where_no_branch_is_followed()
    {
        using var admin = _server.Admin();
        using var refused = await admin.PostAsync("/api/revisions/accept", $$"""{"commit": "{{new string('a', 40)}}"}""");
        Assert.Equal(409, (int)refused.StatusCode);
        using var unclear = await admin.PostAsync("/api/revisions/accept", """{"commit": "main"}""");
        Assert.Equal(400, (int)unclear.StatusCode);
    }

    private static async Task<JsonElement> SyncAsync(Caller admin)
    {
        using var answer = await admin.PostAsync("/api/revisions/sync", "");
        return await Caller.JsonAsync(answer);
    }
}
