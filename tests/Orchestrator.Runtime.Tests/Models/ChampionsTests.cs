using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Tests.Models;

public sealed class ChampionsTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();
    private readonly Database _database;
    private readonly ArtifactStore _artifacts;
    private readonly Champions _champions;
    private readonly string[] _digests = new string[3];
    private int _keys;

    public ChampionsTests()
    {
        _database = Database.Open(_folder["test.db"], TimeProvider.System);
        _artifacts = ArtifactStore.Open(_folder["artifacts"]);
        _champions = new Champions(_database, _artifacts);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Three versions, digits-1 to digits-3, with the artifacts "one", "two" and "three".</summary>
    public async ValueTask InitializeAsync()
    {
        foreach (var (name, i) in new[] { "one", "two", "three" }.Select((name, i) => (name, i)))
        {
            _digests[i] = await _artifacts.PutTextAsync(name, Cancel);
            await RegisterAsync(name, _digests[i]);
        }
    }

    [Fact]
    public async Task Versions_are_numbered_and_registering_under_one_key_twice_is_registering_once()
    {
        var again = await RegisterAsync("two", _digests[1]);

        Assert.Equal("digits-2", again.Id);
        Assert.Equal(["digits-3", "digits-2", "digits-1"], _database.Read(connection => ModelStore.List(connection, "digits")).Select(version => version.Id));
    }

    [Fact]
    public async Task The_first_promotion_has_no_predecessor_and_the_next_one_has()
    {
        Assert.Equal(new ChampionOutcome.Moved(null, "digits-1"), await PromoteAsync(1));
        Assert.Equal(new ChampionOutcome.Moved("digits-1", "digits-2"), await PromoteAsync(2));
        Assert.Equal("digits-2", Champion());
    }

    [Fact]
    public async Task A_digest_that_did_not_pass_the_gate_is_not_promoted()
    {
        var outcome = await _champions.PromoteAsync(Change(), "digits-1", _digests[1], Cancel);

        Assert.Equal(new ChampionOutcome.Refused($"digits-1 is the artifact {_digests[0]}, but {_digests[1]} passed the gate"), outcome);
        Assert.Null(Champion());
    }

    [Fact]
    public async Task An_artifact_that_changed_on_the_disk_after_the_gate_is_not_promoted()
    {
        await File.WriteAllTextAsync(_artifacts.PathOf(_digests[0]), "uno", Cancel);

        var outcome = Assert.IsType<ChampionOutcome.Refused>(await PromoteAsync(1));

        Assert.Contains("is damaged", outcome.Reason, StringComparison.Ordinal);
        Assert.Null(Champion());
    }

    /// <summary>digits-2 passed against digits-1; meanwhile digits-3 was promoted.</summary>
    [Fact]
    public async Task A_challenger_that_was_compared_with_another_champion_is_not_promoted()
    {
        await PromoteAsync(1);
        await PromoteAsync(3);

        var outcome = await _champions.PromoteAsync(Change() with { Compared = new("digits-1") }, "digits-2", _digests[1], Cancel);

        Assert.Equal(new ChampionOutcome.Refused("the gate compared digits-2 with digits-1, but digits-3 serves now: it has to be compared anew"), outcome);
        Assert.Equal("digits-3", Champion());
        Assert.IsType<ChampionOutcome.Moved>(await _champions.PromoteAsync(Change() with { Compared = new("digits-3") }, "digits-2", _digests[1], Cancel));
    }

    [Fact]
    public async Task Another_models_version_is_not_promoted()
    {
        var outcome = await _champions.PromoteAsync(Change() with { Model = "churn" }, "digits-1", _digests[0], Cancel);

        Assert.Equal(new ChampionOutcome.Refused("the model churn has no version digits-1"), outcome);
    }

    [Fact]
    public async Task A_promotion_that_is_asked_for_twice_under_one_key_happens_once()
    {
        await PromoteAsync(1);
        var change = Change();
        var first = await _champions.PromoteAsync(change, "digits-2", _digests[1], Cancel);
        await PromoteAsync(3);
        var again = await _champions.PromoteAsync(change, "digits-2", _digests[1], Cancel);

        Assert.Equal(first, again);
        Assert.Equal("digits-3", Champion());
    }

    [Fact]
    public async Task Rolling_back_goes_to_the_predecessor_and_then_to_its_predecessor()
    {
        await PromoteAsync(1);
        await PromoteAsync(2);
        await PromoteAsync(3);

        Assert.Equal(new ChampionOutcome.Moved("digits-3", "digits-2"), await _champions.RollBackAsync(Change(), Cancel));
        Assert.Equal(new ChampionOutcome.Moved("digits-2", "digits-1"), await _champions.RollBackAsync(Change(), Cancel));
        Assert.Equal(
            new ChampionOutcome.Refused("no version of digits served before the present champion"), await _champions.RollBackAsync(Change(), Cancel));
    }

    [Fact]
    public async Task A_version_that_was_taken_back_is_no_version_to_go_back_to()
    {
        await PromoteAsync(1);
        await PromoteAsync(2);
        await PromoteAsync(3);
        await PromoteAsync(2);
        Assert.Equal(new ChampionOutcome.Moved("digits-2", "digits-3"), await _champions.RollBackAsync(Change(), Cancel));

        Assert.Equal(new ChampionOutcome.Moved("digits-3", "digits-1"), await _champions.RollBackAsync(Change(), Cancel));
    }

    [Fact]
    public async Task What_a_finding_blames_is_withdrawn_once_and_what_was_promoted_since_is_left_alone()
    {
        await PromoteAsync(1);
        await PromoteAsync(2);
        await _champions.PromoteAsync(Change() with { At = Start.AddHours(3) }, "digits-3", _digests[2], Cancel);

        Assert.Equal(
            new ChampionOutcome.Refused("digits-3 came to serve at 2026-01-05 03:00:00Z, after what was seen at 2026-01-05 02:00:00Z"),
            await _champions.WithdrawAsync(Change(), Start.AddHours(2), Cancel));
        var change = Change() with { At = Start.AddHours(4) };
        Assert.Equal(new ChampionOutcome.Moved("digits-3", "digits-2"), await _champions.WithdrawAsync(change, Start.AddHours(4), Cancel));
        Assert.Equal(new ChampionOutcome.Moved("digits-3", "digits-2"), await _champions.WithdrawAsync(change, Start.AddHours(4), Cancel));
        Assert.Equal(
            new ChampionOutcome.Refused("digits-2 serves because of a rollback already: which version is good is for a person to say"),
            await _champions.WithdrawAsync(Change(), Start.AddHours(5), Cancel));
        Assert.Equal("digits-2", Champion());
    }

    [Fact]
    public async Task Undoing_a_promotion_brings_its_predecessor_back_but_not_over_a_later_champion()
    {
        await PromoteAsync(1);
        await PromoteAsync(2);
        var undo = Change();
        Assert.Equal(new ChampionOutcome.Moved("digits-2", "digits-1"), await _champions.UndoAsync(undo, "digits-2", "digits-1", Cancel));
        await PromoteAsync(3);

        Assert.Equal(new ChampionOutcome.Moved("digits-2", "digits-1"), await _champions.UndoAsync(undo, "digits-2", "digits-1", Cancel));
        Assert.Equal(new ChampionOutcome.Moved("digits-3", "digits-3"), await _champions.UndoAsync(Change(), "digits-2", "digits-1", Cancel));
        Assert.Equal("digits-3", Champion());
    }

    [Fact]
    public async Task Every_move_is_told_with_who_why_and_when_and_is_audited()
    {
        await PromoteAsync(1);
        await _champions.PromoteAsync(new ChampionChange("k", "digits", "fix-7", "passed the gate", Start.AddHours(3)), "digits-2", _digests[1], Cancel);

        var history = _database.Read(connection => ChampionStore.History(connection, "digits"));

        Assert.Equal(
            new ChampionMove("digits", 2, MoveKind.Promotion, "digits-1", "digits-2", "fix-7", "passed the gate", Start.AddHours(3)), history[1]);
        Assert.Equal("model.promotion", _database.Read(connection => AuditStore.Latest(connection, 1))[0].Action);
    }

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<ModelVersion> RegisterAsync(string key, string digest) => _database.WriteAsync(
        transaction => ModelStore.Add(transaction, new TrainedModel(key, "digits", digest, "digits-train", "v", "{}"), Start), Cancel);

    private Task<ChampionOutcome> PromoteAsync(int number) => _champions.PromoteAsync(Change(), $"digits-{number}", _digests[number - 1], Cancel);

    private ChampionChange Change() => new($"key-{++_keys}", "digits", "lead", "because", Start);

    private string? Champion() => _database.Read(connection => ChampionStore.Champion(connection, "digits"));
}
