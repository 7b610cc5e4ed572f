using System.Net;
using System.Net.Sockets;
using LibGit2Sharp;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Revisions;

namespace Orchestrator.Runtime.Tests.Revisions;

/// <summary>A branch is followed forwards only; whatever becomes of it, the last good revision stays in force and what is wrong stays visible.</summary>
public sealed class GitFollowingTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestDatabase _database = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero));
    private readonly RulesRepository _rules;

    public GitFollowingTests()
    {
        _rules = new(_folder);
        _rules.Rule(1);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_branch_that_moves_forwards_is_followed(bool fetched)
    {
        var inForce = await FollowAsync(fetched);
        var second = _rules.Rule(2);

        Assert.True((await inForce.SyncAsync(Cancel)).Accepted);

        Assert.Equal($"commit {second}", inForce.Current!.Source);
        Assert.Equal("up > 2", inForce.Current.Groups[0].Rules[0].Expression.Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_branch_that_was_rewritten_is_refused_in_words_until_an_administrator_accepts_it(bool fetched)
    {
        var root = _rules.Commit("root");
        var good = _rules.Rule(2);
        var inForce = await FollowAsync(fetched);
        _rules.Reset(root);
        var other = _rules.Rule(3);

        for (var i = 0; i < 2; i++)
        {
            var refused = await inForce.SyncAsync(Cancel);
            Assert.False(refused.Accepted);
            Assert.Equal(
                [$"rules:1:1: SRC004 the branch \"main\" was rewritten: {good}, which is in force, is not among the ancestors of {other}; allowed: a branch that holds it, or \"orchestrator revisions accept {other}\" by an administrator"],
                refused.Diagnostics);
            Assert.Equal(refused.Diagnostics, _database.Read(RevisionStore.LastAttempt)!.Diagnostics);
            Assert.Equal($"commit {good}", inForce.Current!.Source);
        }

        Assert.True(await inForce.AcceptAsync(other, "admin", Cancel));
        Assert.True((await inForce.SyncAsync(Cancel)).Accepted);
        Assert.Equal($"commit {other}", inForce.Current!.Source);
        Assert.Contains(_database.Read(connection => AuditStore.Latest(connection, 10)), entry => entry.Action == "revision.history_accepted" && entry.Subject == other);

        _rules.Reset(root);
        _rules.Rule(4);
        Assert.False((await inForce.SyncAsync(Cancel)).Accepted);
    }

    [Fact]
    public async Task A_branch_that_went_back_is_refused_also_after_a_restart()
    {
        var first = _rules.Rule(2);
        _rules.Rule(3);
        var inForce = await FollowAsync(fetched: false);
        _rules.Reset(first);
        _database.Reopen();

        var next = Following(_rules.Path);
        next.Resume();
        Assert.StartsWith("rules:1:1: SRC004 ", Assert.Single((await next.SyncAsync(Cancel)).Diagnostics), StringComparison.Ordinal);
        Assert.Equal(inForce.Current!.Id, next.Current!.Id);
    }

    [Fact]
    public async Task A_commit_that_changes_no_rule_moves_what_is_followed_and_nothing_else()
    {
        var inForce = await FollowAsync(fetched: false);
        var id = inForce.Current!.Id;
        _rules.Write("README.md", "words");
        var second = _rules.Commit("words");

        Assert.True((await inForce.SyncAsync(Cancel)).Accepted);
        Assert.Equal(id, inForce.Current.Id);
        Assert.Equal(second, _database.Read(connection => GitHeadStore.Find(connection, new RulesSource.Git(_rules.Path, RulesRepository.Branch, null)))!.Commit);
    }

    [Fact]
    public async Task A_bad_commit_is_refused_and_the_next_good_one_followed()
    {
        var inForce = await FollowAsync(fetched: false);
        var good = inForce.Current!.Id;
        _rules.Write("rules/a.rules.yaml", "groups: [");
        _rules.Commit("bad");
        Assert.False((await inForce.SyncAsync(Cancel)).Accepted);
        Assert.Equal(good, inForce.Current.Id);

        _rules.Rule(5);
        Assert.True((await inForce.SyncAsync(Cancel)).Accepted);
        Assert.Equal("up > 5", inForce.Current.Groups[0].Rules[0].Expression.Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_branch_that_was_renamed_is_told_with_the_nearest(bool fetched)
    {
        var inForce = await FollowAsync(fetched);
        _rules.Rename("mains");

        var refused = await inForce.SyncAsync(Cancel);

        Assert.Equal([$"rules:1:1: SRC005 the repository {(fetched ? _rules.Url : _rules.Path)} has no branch \"main\"; allowed: mains; did you mean mains?"], refused.Diagnostics);
        Assert.NotNull(inForce.Current);
    }

    [Theory]
    [InlineData(false, "CONF020")]
    [InlineData(true, "SRC006")]
    public async Task A_repository_that_vanished_leaves_the_rules_in_force(bool fetched, string code)
    {
        var inForce = await FollowAsync(fetched);
        var good = inForce.Current!.Id;
        Directory.Move(_rules.Path, _folder["elsewhere"]);

        var refused = await inForce.SyncAsync(Cancel);

        Assert.StartsWith($"rules:1:1: {code} ", Assert.Single(refused.Diagnostics), StringComparison.Ordinal);
        Assert.Equal(good, inForce.Current.Id);
        Directory.Move(_folder["elsewhere"], _rules.Path);
        Assert.True((await inForce.SyncAsync(Cancel)).Accepted);
    }

    [Fact]
    public async Task A_fetch_that_hangs_is_ended_and_told()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var inForce = Following($"git://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/rules", TimeSpan.FromSeconds(1));

        var refused = await inForce.SyncAsync(Cancel);

        Assert.Contains("SRC006 the repository git://127.0.0.1:", Assert.Single(refused.Diagnostics), StringComparison.Ordinal);
        Assert.Contains("it took longer than 00:00:01", refused.Diagnostics[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_in_an_address_is_not_shown()
    {
        var refused = await Following("https://me:pw@127.0.0.1:1/rules.git").SyncAsync(Cancel);

        Assert.DoesNotContain("pw@", refused.Diagnostics[0] + refused.Source, StringComparison.Ordinal);
        Assert.StartsWith("rules:1:1: SRC006 the repository https://127.0.0.1:1/rules.git cannot be fetched", refused.Diagnostics[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_protocol_that_runs_programs_is_not_followed()
    {
        var refused = await Following("ext::sh://touch% " + _folder["touched"]).SyncAsync(Cancel);

        Assert.False(refused.Accepted);
        Assert.False(File.Exists(_folder["touched"]));
    }

    [Fact]
    public async Task Links_submodules_and_pointers_are_located()
    {
        var inForce = await FollowAsync(fetched: false);
        var good = inForce.Current!.Id;
        _rules.CommitEntry("rules/linked.rules.yaml", "../secret", Mode.SymbolicLink);
        _rules.CommitEntry("rules/linked-folder", "/etc", Mode.SymbolicLink);
        _rules.CommitEntry("rules/other", new string('1', 40), Mode.GitLink);
        _rules.CommitEntry("rules/pointer.rules.yaml", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", Mode.NonExecutableFile);

        var refused = await inForce.SyncAsync(Cancel);

        Assert.Equal(
            [
                "rules/linked-folder:1:1: SRC002 a link stands here, and links are not followed; allowed: the file or folder itself",
                "rules/linked.rules.yaml:1:1: SRC002 a link stands here, and links are not followed; allowed: the file or folder itself",
                "rules/other:1:1: SRC003 a submodule stands here, and other repositories are not read; allowed: the files themselves",
                "rules/pointer.rules.yaml:1:1: YAML007 the file is a Git LFS pointer, not the file itself; allowed: files kept in Git as they are",
            ],
            refused.Diagnostics.Order(StringComparer.Ordinal));
        Assert.Equal(good, inForce.Current.Id);
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    public async Task A_thousand_files_are_a_revision_and_one_more_is_none(int files, bool accepted)
    {
        var inForce = await FollowAsync(fetched: false);
        for (var i = 1; i < files; i++)
        {
            _rules.Write($"rules/m{i:0000}.model.yaml", $"model: m{i}\ntask: regression\n");
        }

        _rules.Commit("many");
        var attempt = await inForce.SyncAsync(Cancel);

        Assert.Equal(accepted, attempt.Accepted);
        string[] expected = accepted ? [] : ["rules/m1000.model.yaml:1:1: SRC001 the source has too many files; allowed: at most 1000"];
        Assert.Equal(expected, attempt.Diagnostics);
    }

    private async Task<InForce> FollowAsync(bool fetched)
    {
        var inForce = Following(fetched ? _rules.Url : _rules.Path);
        var attempt = await inForce.SyncAsync(Cancel);
        Assert.True(attempt.Accepted, string.Join('\n', attempt.Diagnostics));
        return inForce;
    }

    private InForce Following(string url, TimeSpan? timeout = null)
    {
        var git = new RulesSource.Git(url, RulesRepository.Branch, null) { Every = TimeSpan.Zero, Timeout = timeout ?? TimeSpan.FromMinutes(1) };
        return new InForce(_database.Open, git, _folder.Path, new Clocks(_clock, _clock)) { Remote = new GitRemote(_rules.Commands, _folder["workspace"], _folder.Path, TimeProvider.System) };
    }
}
