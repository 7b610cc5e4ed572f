using Microsoft.Data.Sqlite;
using Orchestrator.Core.Findings;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Findings;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Tests.Fixes;

public sealed class FixStoreTests : IAsyncLifetime
{
    private static readonly DateTimeOffset _at = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);
    private static readonly FixTerms _terms = new("notify", true, [], null, TimeSpan.FromDays(3), null);
    private static readonly Fix _fix = new("x-1", "f-1", "LabelErrors", "digits", "LabelErrors|digits", _terms, FixState.Preparing, _at);

    private readonly TestDatabase _database = new();

    public async ValueTask InitializeAsync() =>
        await _database.WriteAsync(tx => FindingStore.Save(tx, new Finding("f-1", "p-1", "digits", "LabelErrors", Labels.Empty, "r-1", _at)));

    [Fact]
    public async Task Promise_1_one_open_fix_per_dedup_key_whoever_tries()
    {
        await SaveAsync(_fix);

        var error = await Assert.ThrowsAsync<SqliteException>(() => SaveAsync(_fix with { Id = "x-2" }));
        Assert.Equal(19, error.SqliteErrorCode); // SQLITE_CONSTRAINT
        await SaveAsync(_fix with { Id = "x-3", DedupKey = "LabelErrors|churn" });
        await UpdateAsync(_fix with { State = FixState.Failed, EndedAt = _at.AddHours(1) });
        await SaveAsync(_fix with { Id = "x-4", OpenedAt = _at.AddHours(2) });

        Assert.Equal(["x-4", "x-1", "x-3"], _database.Read(connection => FixStore.List(connection, openOnly: false)).Select(fix => fix.Id));
        Assert.Equal(["x-4", "x-3"], _database.Read(connection => FixStore.List(connection, openOnly: true)).Select(fix => fix.Id));
    }

    [Fact]
    public async Task A_fix_is_found_by_its_finding_its_state_and_its_instance()
    {
        await SaveAsync(_fix, priority: 10);
        await SaveAsync(_fix with { Id = "x-2", DedupKey = "b", OpenedAt = _at.AddHours(1) }, priority: 50);
        await SaveAsync(_fix with { Id = "x-3", DedupKey = "c", OpenedAt = _at.AddHours(-1) }, priority: 10);
        await UpdateAsync(_fix with { Id = "x-4", DedupKey = "d" });
        await UpdateAsync(_fix with { Id = "x-2", DedupKey = "b", OpenedAt = _at.AddHours(1), InstanceId = "x-2-run" });

        Assert.Equal(["x-3", "x-1", "x-2"], _database.Read(connection => FixStore.OfFinding(connection, "f-1")).Select(fix => fix.Id));
        Assert.Equal(["x-2", "x-3", "x-1"], _database.Read(connection => FixStore.InState(connection, FixState.Preparing)).Select(fix => fix.Id));
        Assert.Equal("x-2", _database.Read(connection => FixStore.OfInstance(connection, "x-2-run"))!.Id);
        Assert.Null(_database.Read(connection => FixStore.OfInstance(connection, "x-1-run")));
        Assert.Null(_database.Read(connection => FixStore.Find(connection, "x-4")));
    }

    [Fact]
    public async Task The_guardrails_see_every_fix_with_what_it_asked_for()
    {
        await SaveAsync(_fix, labelBudget: 180);
        await UpdateAsync(_fix with { State = FixState.Compensated, EndedAt = _at.AddHours(3) });

        Assert.Equal(
            [new PastFix("LabelErrors", "digits", "LabelErrors|digits", FixState.Compensated, _at, _at.AddHours(3), 180)], _database.Read(FixStore.Past));
    }

    [Fact]
    public async Task Events_are_kept_in_their_order_with_who_made_them()
    {
        await SaveAsync(_fix);
        FixEvent[] events =
        [
            new FixEvent.Opened("x-1", "f-1", "LabelErrors", "digits", "LabelErrors|digits", _terms) { At = _at },
            new FixEvent.Started("x-1-run") { At = _at.AddHours(1) },
            new FixEvent.Ended(FixState.Failed, "the trainer failed", null) { At = _at.AddMinutes(30) },
        ];
        await _database.WriteAsync(tx => Append(tx, events));

        var history = _database.Read(connection => FixStore.History(connection, "x-1"));

        Assert.Equal(["opened by rule", "started by system", "ended by system"], history.Select(one => $"{Json.Name(one.Event.GetType().Name)} by {one.Actor}"));
        Assert.Equal(events.Select(@event => @event.At), history.Select(one => one.At));
        Assert.Equal(events[2], history[2].Event);
    }

    [Fact]
    public async Task The_kill_switch_is_remembered_and_audited()
    {
        Assert.False(_database.Read(KillSwitch.IsOn));
        await _database.WriteAsync(tx => KillSwitch.Set(tx, true, "lead@example.org", _at));
        _database.Reopen();
        Assert.True(_database.Read(KillSwitch.IsOn));
        await _database.WriteAsync(tx => KillSwitch.Set(tx, false, "lead@example.org", _at));
        Assert.False(_database.Read(KillSwitch.IsOn));

        Assert.Equal(
            ["kill_switch.off", "kill_switch.on"], _database.Read(connection => Orchestrator.Runtime.Audit.AuditStore.Latest(connection, 9)).Select(entry => entry.Action));
    }

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        return ValueTask.CompletedTask;
    }

    private static void Append(Transaction transaction, FixEvent[] events)
    {
        FixStore.Append(transaction, "x-1", "rule", events[0]);
        FixStore.Append(transaction, "x-1", "system", events[1]);
        FixStore.Append(transaction, "x-1", "system", events[2]);
    }

    private Task SaveAsync(Fix fix, int priority = 0, int labelBudget = 0) => _database.WriteAsync(tx => FixStore.Save(tx, fix, priority, labelBudget));

    private Task UpdateAsync(Fix fix) => _database.WriteAsync(tx => FixStore.Update(tx, fix));
}
