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

    private static async Task<JsonElement> SyncAsync(Caller admin)
    {
        using var answer = await admin.PostAsync("/api/revisions/sync", "");
        return await Caller.JsonAsync(answer);
    }
}
