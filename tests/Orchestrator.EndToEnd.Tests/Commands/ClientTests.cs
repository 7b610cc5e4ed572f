using System.Text.Json;
using Orchestrator.Runtime.Keys;

namespace Orchestrator.EndToEnd.Tests.Commands;

public sealed class ClientTests(LiveServer server) : IClassFixture<LiveServer>
{
    [Fact]
    public async Task A_verb_finds_the_server_of_its_workspace()
    {
        var ended = await Ended.RunAsync("status", "--workspace", server.Workspace);
        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.Matches("open findings +0", ended.Output);
    }

    [Fact]
    public async Task A_verb_reads_address_and_key_file_from_the_environment()
    {
        using var folder = new TempFolder();
        var key = folder.Write("key", server.AdminKey);
        var environment = new Dictionary<string, string> { ["ORCHESTRATOR_URL"] = server.Url.ToString(), ["ORCHESTRATOR_KEY_FILE"] = key };
        var ended = await Ended.RunAsync(environment, "status", "--json");
        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.Equal(0, JsonDocument.Parse(ended.Output).RootElement.GetProperty("open_findings").GetInt32());
    }

    [Fact]
    public async Task The_servers_words_reach_the_user()
    {
        var ended = await Ended.RunAsync("fixes", "show", "none", "--workspace", server.Workspace);
        Assert.Equal((2, "", "orchestrator: There is no fix \"none\". See /api/fixes for those that exist.\n"), (ended.ExitCode, ended.Output, ended.Error));
    }

    [Fact]
    public async Task A_key_without_the_role_is_refused_in_words()
    {
        using var folder = new TempFolder();
        var issued = await server.Part<KeyRing>().IssueAsync("eve", [Role.Viewer], "test", DateTimeOffset.UnixEpoch, CancellationToken.None);
        var ended = await Ended.RunAsync("labels", "next", "--url", server.Url.ToString(), "--key-file", folder.Write("key", issued.Text));
        Assert.Equal(2, ended.ExitCode);
        Assert.Equal("orchestrator: This needs the role labeler; the key of eve has viewer. Ask an admin for a key with that role.\n", ended.Error);
    }

    [Fact]
    public async Task A_workspace_key_is_never_sent_to_another_machine()
    {
        var ended = await Ended.RunAsync("status", "--url", "http://orchestrator.example.org", "--workspace", server.Workspace);
        Assert.Equal((2, "orchestrator: no key is given for orchestrator.example.org; say --key-file FILE\n"), (ended.ExitCode, ended.Error));
    }

    [Fact]
    public async Task A_missing_workspace_is_no_reason_to_make_one()
    {
        using var folder = new TempFolder();
        var ended = await Ended.RunAsync("status", "--workspace", folder["none"]);
        Assert.Equal(2, ended.ExitCode);
        Assert.StartsWith($"orchestrator: there is no workspace \"{folder["none"]}\" and no server to ask", ended.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["none"]));
    }

    [Fact]
    public async Task Without_a_server_the_verb_hosts_one_for_as_long_as_it_takes()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["workspace"]);
        var first = await Ended.RunAsync("status", "--workspace", folder["workspace"]);
        var second = await Ended.RunAsync("findings", "--workspace", folder["workspace"]);
        Assert.Equal((0, 0, "No findings.\n"), (first.ExitCode, second.ExitCode, second.Output));
        Assert.False(File.Exists(folder["workspace/server.json"]));
    }

    [Fact]
    public async Task A_port_in_use_is_told_in_a_sentence()
    {
        using var folder = new TempFolder();
        var port = server.Url.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var ended = await Ended.RunAsync("serve", "--workspace", folder["workspace"], "--port", port);
        Assert.Equal((2, $"orchestrator: the port {port} is in use by another process; say another --port, or 0 for any free one\n"), (ended.ExitCode, ended.Error));
    }

    [Fact]
    public async Task A_workspace_in_use_is_not_opened_twice()
    {
        var ended = await Ended.RunAsync("serve", "--workspace", server.Workspace, "--port", "0");
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("is in use by another process", ended.Error, StringComparison.Ordinal);
    }
}
