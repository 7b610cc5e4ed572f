using Microsoft.Extensions.Time.Testing;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Revisions;

namespace Orchestrator.Runtime.Tests.Revisions;

public sealed class InForceTests : IDisposable
{
    private static readonly DateTimeOffset _start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();
    private readonly TestDatabase _database = new();
    private readonly FakeTimeProvider _clock = new(_start);

    public InForceTests() => RulesCopy.Make(_folder.Path);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string RulesFile => Path.Combine(_folder["rules"], "digits.rules.yaml");

    [Fact]
    public async Task Promise_7_a_bad_commit_never_replaces_the_last_good_rules()
    {
        var inForce = Source();
        Assert.True((await inForce.SyncAsync(Cancel)).Accepted);
        var good = inForce.Current!.Id;
        var text = await File.ReadAllTextAsync(RulesFile, Cancel);

        foreach (var bad in new[] { text.Replace("measurements: 2", "measurement: 2", StringComparison.Ordinal), "groups: [", "", text + "\0" })
        {
            await File.WriteAllTextAsync(RulesFile, bad, Cancel);
            var attempt = await inForce.SyncAsync(Cancel);

            Assert.False(attempt.Accepted);
            Assert.NotEmpty(attempt.Diagnostics);
            Assert.Equal(good, inForce.Current.Id);
            Assert.False(_database.Read(RevisionStore.LastAttempt)!.Accepted);
        }

        _database.Reopen();
        var next = Source();
        next.Resume();
        Assert.Equal(good, next.Current!.Id);
        await next.SyncAsync(Cancel);
        Assert.Equal((good, good), (next.Current.Id, _database.Read(RevisionStore.InForce)!.Id));
    }

    [Fact]
    public async Task A_source_that_is_good_again_is_no_longer_told_to_be_bad()
    {
        var inForce = Source();
        await inForce.SyncAsync(Cancel);
        var text = await File.ReadAllTextAsync(RulesFile, Cancel);
        await File.WriteAllTextAsync(RulesFile, "groups: [", Cancel);
        await inForce.SyncAsync(Cancel);
        await File.WriteAllTextAsync(RulesFile, text, Cancel);

        Assert.True((await inForce.SyncAsync(Cancel)).Accepted);

        Assert.True(_database.Read(RevisionStore.LastAttempt)!.Accepted);
    }

    [Fact]
    public async Task A_source_that_is_gone_leaves_the_rules_in_force()
    {
        var inForce = Source();
        await inForce.SyncAsync(Cancel);
        var good = inForce.Current!.Id;
        Directory.Move(_folder["rules"], _folder["elsewhere"]);
        Directory.Move(_folder["workflows"], _folder["elsewhere-too"]);

        Assert.False((await inForce.SyncAsync(Cancel)).Accepted);
        Assert.Equal(good, inForce.Current.Id);
    }

    [Fact]
    public async Task A_folder_that_does_not_exist_is_told_and_does_not_keep_the_server_from_starting()
    {
        var inForce = new InForce(_database.Open, new RulesSource.Folder("nowhere"), _folder.Path, new Clocks(_clock, _clock));

        var attempt = await inForce.SyncAsync(Cancel);

        Assert.False(attempt.Accepted);
        Assert.Contains("nowhere", Assert.Single(attempt.Diagnostics), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_files_again_put_nothing_in_force()
    {
        var inForce = Source();
        await inForce.SyncAsync(Cancel);
        _clock.Advance(TimeSpan.FromHours(1));
        await inForce.SyncAsync(Cancel);

        Assert.Equal(_start, _database.Read(RevisionStore.Since));
        Assert.Single(_database.Read(connection => AuditStore.Latest(connection, 10)));
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    private InForce Source() => new(_database.Open, new RulesSource.Folder("."), _folder.Path, new Clocks(_clock, _clock));
}
