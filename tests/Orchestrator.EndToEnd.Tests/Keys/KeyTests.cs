using System.Net;
using System.Text;

namespace Orchestrator.EndToEnd.Tests.Keys;

public sealed class KeyTests(LiveServer server) : IClassFixture<LiveServer>
{
    [Fact]
    public void The_first_admin_key_is_256_bits_in_a_file_that_only_its_owner_reads()
    {
        var file = Path.Combine(server.Workspace, "admin.key");
        Assert.Equal(4 + 43, server.AdminKey.Length);
        Assert.StartsWith("orc_", server.AdminKey, StringComparison.Ordinal);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public async Task A_key_is_shown_once_and_kept_only_as_its_hash()
    {
        using var admin = server.Admin();
        var text = await IssueAsync(admin, "ann", "viewer");
        Assert.DoesNotContain(text, await admin.TextAsync("/api/keys"), StringComparison.Ordinal);
        Assert.DoesNotContain(text, await admin.TextAsync("/api/audit"), StringComparison.Ordinal);
        foreach (var file in Directory.GetFiles(server.Workspace).Where(file => Path.GetFileName(file).StartsWith("orchestrator.db", StringComparison.Ordinal)))
        {
            Assert.DoesNotContain(text, Encoding.Latin1.GetString(await ReadSharedAsync(file)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_key_works_in_either_header_and_says_whose_it_is()
    {
        using var admin = server.Admin();
        var text = await IssueAsync(admin, "bob", "labeler");
        using var client = server.Client(null);
        using var answer = await client.SendAsync(HttpMethod.Get, "/api/keys/mine", key: text);
        var mine = await Caller.JsonAsync(answer);
        Assert.Equal("bob", mine.GetProperty("name").GetString());
        Assert.Equal("labeler", mine.GetProperty("roles")[0].GetString());
    }

    [Fact]
    public async Task A_revoked_key_opens_nothing_from_then_on()
    {
        using var admin = server.Admin();
        var text = await IssueAsync(admin, "cid", "viewer");
        using var client = server.Client(text);
        var id = (await client.JsonAsync("/api/keys/mine")).GetProperty("id").GetString();
        using var revoked = await admin.SendAsync(HttpMethod.Delete, $"/api/keys/{id}");
        using var answer = await client.GetAsync("/api/status");
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task The_last_admin_key_stays()
    {
        using var admin = server.Admin();
        var id = (await admin.JsonAsync("/api/keys/mine")).GetProperty("id").GetString();
        using var answer = await admin.SendAsync(HttpMethod.Delete, $"/api/keys/{id}");
        Assert.Equal((409, "This is the last admin key in use.", "Make another admin key first."), await Caller.ProblemAsync(answer));
    }

    [Theory]
    [InlineData("{\"name\": \" \", \"roles\": [\"viewer\"]}", "A key needs the name of the person or machine that will hold it.")]
    [InlineData("{\"name\": \"a\\nb\", \"roles\": [\"viewer\"]}", "A key needs the name of the person or machine that will hold it.")]
    [InlineData("{\"name\": \"dan\", \"roles\": []}", "A key needs at least one role.")]
    public async Task A_key_needs_a_name_and_a_role(string body, string detail)
    {
        using var admin = server.Admin();
        using var answer = await admin.PostAsync("/api/keys", body);
        var problem = await Caller.ProblemAsync(answer);
        Assert.Equal((422, detail), (problem.Status, problem.Detail));
    }

    private static async Task<string> IssueAsync(Caller admin, string name, string role)
    {
        using var answer = await admin.PostAsync("/api/keys", new { name, roles = new[] { role } });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await Caller.JsonAsync(answer)).GetProperty("text").GetString()!;
    }

    private static async Task<byte[]> ReadSharedAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory, TestContext.Current.CancellationToken);
        return memory.ToArray();
    }
}
