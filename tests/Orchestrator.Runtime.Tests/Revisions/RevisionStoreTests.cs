using System.Collections.Immutable;
using Orchestrator.Runtime.Revisions;

namespace Orchestrator.Runtime.Tests.Revisions;

public sealed class RevisionStoreTests : IDisposable
{
    private static readonly DateTimeOffset _at = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);

    private static readonly StoredRevision _first = new(
        "r-1", "folder rules", null, _at, ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("b.rules.yaml", "groups: []\n").Add("A.model.yaml", "é"));

    private readonly TestDatabase _database = new();

    [Fact]
    public async Task The_revision_in_force_outlives_the_process()
    {
        Assert.Null(_database.Read(RevisionStore.InForce));
        await PutAsync(_first);
        await PutAsync(_first with { Id = "r-2", Author = "author@example.org", LoadedAt = _at.AddHours(1) });

        _database.Reopen();

        Assert.Equal(("r-2", "author@example.org"), (_database.Read(RevisionStore.InForce)!.Id, _database.Read(RevisionStore.InForce)!.Author));
        Assert.Equal(_at.AddHours(1), _database.Read(RevisionStore.Since));
        var first = _database.Read(connection => RevisionStore.Find(connection, "r-1"))!;
        Assert.Equal(_first with { Files = first.Files }, first);
        Assert.Equal(_first.Files, first.Files);
    }

    [Fact]
    public async Task An_earlier_revision_comes_into_force_again_with_a_time_of_its_own()
    {
        await PutAsync(_first);
        await PutAsync(_first with { Id = "r-2", LoadedAt = _at.AddHours(1) });
        await PutAsync(_first with { LoadedAt = _at.AddHours(2) });

        Assert.Equal(("r-1", _at), (_database.Read(RevisionStore.InForce)!.Id, _database.Read(RevisionStore.InForce)!.LoadedAt));
        Assert.Equal(_at.AddHours(2), _database.Read(RevisionStore.Since));
    }

    [Fact]
    public async Task The_last_look_at_the_source_replaces_the_one_before()
    {
        Assert.Null(_database.Read(RevisionStore.LastAttempt));
        await _database.WriteAsync(tx => RevisionStore.SaveAttempt(tx, new RevisionAttempt(_at, "folder rules", true, [])));
        await _database.WriteAsync(tx => RevisionStore.SaveAttempt(tx, new RevisionAttempt(_at.AddHours(1), "folder rules", false, ["a.rules.yaml:1:1: RULE001 broken"])));

        var last = _database.Read(RevisionStore.LastAttempt)!;

        Assert.Equal((_at.AddHours(1), false, "a.rules.yaml:1:1: RULE001 broken"), (last.At, last.Accepted, Assert.Single(last.Diagnostics)));
    }

    public void Dispose() => _database.Dispose();

    private Task PutAsync(StoredRevision revision) => _database.WriteAsync(tx => RevisionStore.PutInForce(tx, revision));
}
