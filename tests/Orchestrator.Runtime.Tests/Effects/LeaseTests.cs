using Dapper;
using Microsoft.Data.Sqlite;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Effects;

namespace Orchestrator.Runtime.Tests.Effects;

public sealed class LeaseTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly EffectRig _rig = new();
    private readonly TaskCompletionSource _begun = new();
    private readonly TaskCompletionSource _finish = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Long_work_keeps_its_lease()
    {
        await _rig.AddAsync("a");
        var work = _rig.Worker(Slow()).RunNextAsync(Cancel);
        await _begun.Task.WaitAsync(_patience, Cancel);

        for (var beat = 0; beat < 6; beat++)
        {
            _rig.Real.Advance(TimeSpan.FromSeconds(10));
            await UntilAsync(() => LeaseUntil() == _rig.Real.GetUtcNow().AddSeconds(30));
            Assert.False(await _rig.Worker(new TestHandler(EffectRig.Count)).RunNextAsync(Cancel));
        }

        _finish.SetResult();
        Assert.True(await work);
        Assert.Equal(["a"], _rig.Counted);
    }

    [Fact]
    public async Task The_late_result_of_a_worker_that_lost_its_lease_does_not_count()
    {
        await _rig.AddAsync("a");
        var late = _rig.Worker(Slow(attempt => new EffectOutcome.Done("late", tx => tx.Execute("insert into counted (key) values ('late')")))).RunNextAsync(Cancel);
        await _begun.Task.WaitAsync(_patience, Cancel);
        await _rig.Database.WriteAsync(EffectStore.EndLeases);
        await _rig.Worker(new TestHandler(EffectRig.Count)).RunNextAsync(Cancel);

        _finish.SetResult();
        await late;

        Assert.Equal(["a"], _rig.Counted);
    }

    [Fact]
    public async Task The_late_failure_of_a_worker_that_lost_its_lease_changes_nothing()
    {
        await _rig.AddAsync("a", repeatable: false);
        var handler = Slow(_ => new EffectOutcome.Retry("late"));
        var late = _rig.Worker(handler).RunNextAsync(Cancel);
        await _begun.Task.WaitAsync(_patience, Cancel);
        await _rig.Database.WriteAsync(tx => EffectStore.Cancel(tx, "a", EffectRig.Start));

        _finish.SetResult();
        await late;

        Assert.Equal("cancelled", _rig.State("a"));
        Assert.Empty(handler.GivenUp);
    }

    [Fact]
    public async Task Work_that_was_withdrawn_is_stopped_at_the_next_heartbeat()
    {
        await _rig.AddAsync("a");
        var work = _rig.Worker(Slow()).RunNextAsync(Cancel);
        await _begun.Task.WaitAsync(_patience, Cancel);
        await _rig.Database.WriteAsync(tx => EffectStore.Cancel(tx, "a", EffectRig.Start));

        _rig.Real.Advance(TimeSpan.FromSeconds(10));

        Assert.True(await work.WaitAsync(_patience, Cancel));
        Assert.Equal(("cancelled", 0), (_rig.State("a"), _rig.Counted.Count));
    }

    [Fact]
    public async Task A_heartbeat_that_cannot_be_written_does_not_lose_the_result()
    {
        await _rig.AddAsync("a", repeatable: false);
        var work = _rig.Worker(Slow()).RunNextAsync(Cancel);
        await _begun.Task.WaitAsync(_patience, Cancel);
        var tripped = new TaskCompletionSource();
        await _rig.Database.WriteAsync(tx =>
        {
            ((SqliteConnection)tx.Connection).CreateFunction<long>("fill_disk", () => tripped.TrySetResult() ? throw new SqliteException("the disk is full", 13) : 1);
            tx.Execute("create trigger full_disk before update of lease_until on effect begin select fill_disk(); end");
        });
        _rig.Real.Advance(TimeSpan.FromSeconds(10));
        await tripped.Task.WaitAsync(_patience, Cancel);
        _rig.Real.Advance(TimeSpan.FromSeconds(10));
        await UntilAsync(() => LeaseUntil() == _rig.Real.GetUtcNow().AddSeconds(30));

        _finish.SetResult();
        await work;

        Assert.Equal(("done", "a"), (_rig.State("a"), Assert.Single(_rig.Counted)));
    }

    public void Dispose() => _rig.Dispose();

    private static async Task UntilAsync(Func<bool> holds)
    {
        var waited = System.Diagnostics.Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(waited.Elapsed < _patience, "what the test waits for does not come");
            await Task.Yield();
        }
    }

    private DateTimeOffset LeaseUntil() => _rig.Database.Read(connection => connection.ExecuteScalar<long>("select lease_until from effect")).ToInstant();

    private TestHandler Slow(Func<EffectAttempt, EffectOutcome>? outcome = null) => new(async (attempt, token) =>
    {
        _begun.SetResult();
        await _finish.Task.WaitAsync(token);
        return (outcome ?? EffectRig.Count)(attempt);
    });
}
