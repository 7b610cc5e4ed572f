using Orchestrator.Runtime.Effects;

namespace Orchestrator.Runtime.Tests.Effects;

public sealed class EffectWorkerTests : IDisposable
{
    private readonly EffectRig _rig = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_result_and_what_follows_from_it_are_written_together()
    {
        await _rig.AddAsync("a");
        var worker = _rig.Worker(new TestHandler(EffectRig.Count));

        Assert.True(await worker.RunNextAsync(Cancel));
        Assert.False(await worker.RunNextAsync(Cancel));

        Assert.Equal(["a"], _rig.Counted);
        Assert.Equal("done", _rig.State("a"));
    }

    [Fact]
    public async Task Where_what_follows_cannot_be_written_the_effect_is_not_done()
    {
        await _rig.AddAsync("a");
        var handler = new TestHandler(attempt => attempt.Number == 1
            ? new EffectOutcome.Done("{}", tx =>
            {
                tx.Execute("insert into counted (key) values ('half')");
                throw new InvalidDataException("on purpose");
            })
            : EffectRig.Count(attempt));

        await Assert.ThrowsAsync<InvalidDataException>(() => _rig.Worker(handler).RunNextAsync(Cancel));
        Assert.Equal(("leased", 0), (_rig.State("a"), _rig.Counted.Count));

        _rig.Real.Advance(TimeSpan.FromSeconds(31));
        await _rig.Worker(handler).RunNextAsync(Cancel);
        Assert.Equal(["a"], _rig.Counted);
    }

    [Fact]
    public async Task Two_hundred_effects_are_done_once_each_by_eight_workers()
    {
        var keys = Enumerable.Range(100, 200).Select(i => $"e{i}").ToList();
        await Task.WhenAll(keys.Select(key => _rig.AddAsync(key)));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            var worker = _rig.Worker(new TestHandler(async (attempt, _) => { await Task.Yield(); return EffectRig.Count(attempt); }), $"worker {i}");
            while (await worker.RunNextAsync(Cancel))
            {
            }
        }));

        Assert.Equal(keys, _rig.Counted);
    }

    [Fact]
    public async Task A_failing_effect_is_tried_again_after_rising_waits_and_given_up_after_twelve_attempts()
    {
        await _rig.AddAsync("a");
        var handler = new TestHandler(attempt => attempt.Number % 2 == 0 ? new EffectOutcome.Retry("not yet") : throw new InvalidDataException("broken"));
        var worker = _rig.Worker(handler);

        await worker.RunNextAsync(Cancel);
        Assert.Equal(("ready", "broken"), (_rig.Open.State, _rig.Open.Note));
        foreach (var wait in new[] { 100, 300, 900, 2700, 8100, 24300, 30000, 30000, 30000, 30000, 30000 })
        {
            _rig.Real.Advance(TimeSpan.FromMilliseconds(wait - 1));
            Assert.False(await worker.RunNextAsync(Cancel));
            _rig.Real.Advance(TimeSpan.FromMilliseconds(1));
            Assert.True(await worker.RunNextAsync(Cancel));
        }

        Assert.Equal(("parked", "not yet", 12), (_rig.Open.State, _rig.Open.Note, _rig.Open.Attempts));
        Assert.Equal((12, "not yet"), (handler.Runs, Assert.Single(handler.GivenUp)));
    }

    [Fact]
    public async Task A_parked_effect_works_again_after_a_persons_word()
    {
        await _rig.AddAsync("a", repeatable: false);
        var broken = true;
        var handler = new TestHandler(attempt => broken ? throw new InvalidDataException("broken") : EffectRig.Count(attempt));
        await _rig.Worker(handler).RunNextAsync(Cancel);
        Assert.Equal("parked", _rig.State("a"));

        broken = false;
        await _rig.Database.WriteAsync(tx => _rig.Store.Retry(tx, "a"));
        await _rig.Worker(handler).RunNextAsync(Cancel);

        Assert.Equal(["a"], _rig.Counted);
    }

    [Fact]
    public async Task An_effect_that_ends_every_worker_is_given_up_without_ending_another()
    {
        await _rig.AddAsync("a");
        for (var i = 0; i < EffectWorker.AttemptLimit; i++)
        {
            await _rig.DieAsync();
        }

        var handler = new TestHandler(EffectRig.Count);
        await _rig.Worker(handler).RunNextAsync(Cancel);

        Assert.Equal((0, "given up after 12 attempts", "parked"), (handler.Runs, Assert.Single(handler.GivenUp), _rig.State("a")));
    }

    [Fact]
    public async Task What_is_not_repeatable_is_set_aside_when_an_earlier_attempt_ended_without_a_word()
    {
        await _rig.AddAsync("a", repeatable: false);
        await _rig.DieAsync();

        var handler = new TestHandler(EffectRig.Count);
        await _rig.Worker(handler).RunNextAsync(Cancel);

        Assert.Equal((0, "parked"), (handler.Runs, _rig.State("a")));
        Assert.Equal("an earlier attempt ended without a result, and doing it again could count twice", Assert.Single(handler.GivenUp));
    }

    [Fact]
    public async Task Stopping_the_server_gives_the_effect_back_and_counts_no_attempt()
    {
        await _rig.AddAsync("a");
        for (var i = 0; i < EffectWorker.AttemptLimit + 1; i++)
        {
            using var stop = new CancellationTokenSource();
            await _rig.Worker(new TestHandler(async (_, token) =>
            {
                await stop.CancelAsync();
                token.ThrowIfCancellationRequested();
                throw new InvalidOperationException("unreachable");
            })).RunNextAsync(stop.Token);
        }

        Assert.Equal(("ready", 0, "the server was stopped"), (_rig.Open.State, _rig.Open.Attempts, _rig.Open.Note));
        await _rig.Worker(new TestHandler(EffectRig.Count)).RunNextAsync(Cancel);
        Assert.Equal(["a"], _rig.Counted);
    }

    [Fact]
    public async Task Stopping_the_server_in_the_middle_of_what_is_not_repeatable_leaves_a_doubt()
    {
        await _rig.AddAsync("a", repeatable: false);
        using var stop = new CancellationTokenSource();

        await _rig.Worker(new TestHandler(async (_, token) =>
        {
            await stop.CancelAsync();
            token.ThrowIfCancellationRequested();
            throw new InvalidOperationException("unreachable");
        })).RunNextAsync(stop.Token);

        Assert.Equal(("parked", "the server was stopped"), (_rig.Open.State, _rig.Open.Note));
    }

    public void Dispose() => _rig.Dispose();
}
