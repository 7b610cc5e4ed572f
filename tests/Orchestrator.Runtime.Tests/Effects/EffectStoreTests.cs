using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Tests.Effects;

public sealed class EffectStoreTests : IDisposable
{
    private static readonly DateTimeOffset _domain = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset _real = new(2030, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _tick = TimeSpan.FromMicroseconds(1);

    private readonly TestDatabase _database = new();
    private readonly EffectSignal _signal = new();
    private readonly EffectStore _store;

    public EffectStoreTests() => _store = new EffectStore(_signal);

    [Fact]
    public async Task An_effect_is_claimed_by_one_worker_at_a_time()
    {
        await AddAsync("a");

        var first = await ClaimAsync();
        var second = await ClaimAsync();

        Assert.Equal((1L, 1, "a"), (first!.Fence, first.Number, first.Effect.Key));
        Assert.Null(second);
    }

    [Fact]
    public async Task What_is_claimed_is_what_was_asked_for()
    {
        var asked = new Effect("a", "mail", "x-1", """{"to":"someone"}""", _domain.AddTicks(-30), Repeatable: false);
        await _database.WriteAsync(tx => _store.Add(tx, asked, _domain));

        Assert.Equal(asked, (await ClaimAsync("mail"))!.Effect);
    }

    [Fact]
    public async Task The_earliest_due_goes_first_and_then_the_lesser_key()
    {
        await AddAsync("late", _domain.AddHours(-1));
        await AddAsync("b", _domain.AddHours(-2));
        await AddAsync("a", _domain.AddHours(-2));

        Assert.Equal(["a", "b", "late", null], [(await ClaimAsync())?.Effect.Key, (await ClaimAsync())?.Effect.Key, (await ClaimAsync())?.Effect.Key, (await ClaimAsync())?.Effect.Key]);
    }

    [Fact]
    public async Task An_effect_waits_for_its_instant_of_the_domain_clock()
    {
        await AddAsync("a", _domain + _tick);

        Assert.Null(await ClaimAsync());
        Assert.Equal(_domain + _tick, _database.Read(connection => EffectStore.NextDue(connection, ["work"])));
        Assert.Null(_database.Read(connection => EffectStore.NextDue(connection, ["mail"])));
        Assert.NotNull(await ClaimAsync(at: _domain + _tick));
        Assert.Null(_database.Read(connection => EffectStore.NextDue(connection, ["work"])));
    }

    [Fact]
    public async Task A_worker_gets_only_kinds_that_it_can_do()
    {
        await AddAsync("a");

        Assert.Null(await ClaimAsync("mail"));
        Assert.NotNull(await ClaimAsync());
    }

    [Fact]
    public async Task A_lease_holds_to_its_last_instant_and_then_the_next_claim_has_a_higher_fence()
    {
        await AddAsync("a");
        await ClaimAsync();

        Assert.Null(await ClaimAsync(real: _real + _lease));
        var next = await ClaimAsync(real: _real + _lease + _tick);
        Assert.Equal((2L, 2), (next!.Fence, next.Number));
    }

    [Fact]
    public async Task A_renewed_lease_holds_longer()
    {
        await AddAsync("a");
        var attempt = await ClaimAsync();

        Assert.True(await _database.WriteAsync(tx => EffectStore.Renew(tx, attempt!, _real + _lease + _lease)));
        Assert.Null(await ClaimAsync(real: _real + _lease + _lease));
        Assert.NotNull(await ClaimAsync(real: _real + _lease + _lease + _tick));
    }

    [Fact]
    public async Task A_late_word_of_an_old_fence_changes_nothing()
    {
        await AddAsync("a");
        var old = (await ClaimAsync())!;
        var holder = (await ClaimAsync(real: _real + _lease + _tick))!;

        Assert.False(await _database.WriteAsync(tx => EffectStore.Close(tx, old, "old", _domain)));
        Assert.False(await _database.WriteAsync(tx => EffectStore.Renew(tx, old, _real.AddYears(1))));
        Assert.False(await _database.WriteAsync(tx => EffectStore.Release(tx, old, "old", _real)));
        Assert.False(await _database.WriteAsync(tx => EffectStore.Park(tx, old, "old", _domain)));
        await _database.WriteAsync(tx => EffectStore.Note(tx, old, "old"));
        var open = Assert.Single(_database.Read(EffectStore.Open));
        Assert.Equal(("leased", null, 2), (open.State, open.Note, open.Attempts));

        Assert.True(await _database.WriteAsync(tx => EffectStore.Close(tx, holder, "new", _domain)));
        Assert.False(await _database.WriteAsync(tx => EffectStore.Close(tx, holder, "again", _domain)));
        Assert.Equal("new", _database.Read(connection => Result(connection, "a")));
    }

    [Theory]
    [InlineData("done")]
    [InlineData("parked")]
    [InlineData("cancelled")]
    [InlineData("leased")]
    public async Task A_key_that_was_ever_used_asks_for_nothing_again(string state)
    {
        await AddAsync("a");
        var attempt = (await ClaimAsync())!;
        await _database.WriteAsync(tx => Bring(tx, attempt, state));

        Assert.False(await AddAsync("a", _domain.AddDays(-1)));
        Assert.Null(await ClaimAsync());
    }

    [Fact]
    public async Task A_released_effect_waits_for_its_instant_of_the_real_clock()
    {
        await AddAsync("a");
        var attempt = (await ClaimAsync())!;
        await _database.WriteAsync(tx => EffectStore.Release(tx, attempt, "the mail server is down", _real + _lease));

        Assert.Equal("the mail server is down", Assert.Single(_database.Read(EffectStore.Open)).Note);
        Assert.Null(await ClaimAsync(real: _real + _lease - _tick));
        Assert.Equal(2, (await ClaimAsync(real: _real + _lease))!.Number);
    }

    [Theory]
    [InlineData("ready", "cancelled")]
    [InlineData("leased", "cancelled")]
    [InlineData("parked", "cancelled")]
    [InlineData("done", "done")]
    public async Task A_withdrawn_effect_is_not_done_and_a_done_one_stays_done(string before, string after)
    {
        await AddAsync("a");
        var attempt = (await ClaimAsync())!;
        await _database.WriteAsync(tx => Bring(tx, attempt, before));

        await _database.WriteAsync(tx => EffectStore.Cancel(tx, "a", _domain));

        Assert.Equal(after, _database.Read(State));
        Assert.Null(await ClaimAsync(real: _real.AddDays(1)));
        Assert.False(await _database.WriteAsync(tx => EffectStore.Close(tx, attempt, "late", _domain)));
    }

    [Fact]
    public async Task A_parked_effect_is_tried_again_on_a_persons_word_with_its_attempts_counted_anew()
    {
        await AddAsync("a");
        var attempt = (await ClaimAsync())!;
        Assert.False(await _database.WriteAsync(tx => _store.Retry(tx, "a")));
        await _database.WriteAsync(tx => EffectStore.Park(tx, attempt, "in doubt", _domain));
        Assert.Null(await ClaimAsync(real: _real.AddDays(1)));

        Assert.True(await _database.WriteAsync(tx => _store.Retry(tx, "a")));

        var again = await ClaimAsync();
        Assert.Equal((2L, 1), (again!.Fence, again.Number));
    }

    [Fact]
    public async Task Leases_of_a_process_that_is_gone_end_at_once()
    {
        await AddAsync("a");
        await ClaimAsync();

        await _database.WriteAsync(EffectStore.EndLeases);

        Assert.Equal(2, (await ClaimAsync())!.Number);
    }

    [Fact]
    public async Task Open_effects_are_listed_with_those_first_that_wait_for_a_person()
    {
        await AddAsync("done");
        await _database.WriteAsync(tx => EffectStore.Close(tx, EffectStore.Claim(tx, Offer())!, "{}", _domain));
        await AddAsync("parked");
        await _database.WriteAsync(tx => EffectStore.Park(tx, EffectStore.Claim(tx, Offer())!, "in doubt", _domain));
        await AddAsync("leased");
        await ClaimAsync();
        await AddAsync("ready");
        await AddAsync("future", _domain.AddDays(1));

        Assert.Equal(["parked", "leased", "ready", "future"], _database.Read(EffectStore.Open).Select(effect => effect.Key));
        Assert.Equal(2, _database.Read(connection => EffectStore.CountDue(connection, _domain)));
    }

    [Fact]
    public async Task Listeners_hear_of_an_effect_only_after_its_commit()
    {
        var heard = 0;
        _signal.Ready += () => heard++;

        await AddAsync("a");
        await Assert.ThrowsAsync<InvalidDataException>(() => _database.WriteAsync(tx =>
        {
            _store.Add(tx, new Effect("b", "work", "x-1", "{}", _domain), _domain);
            throw new InvalidDataException("on purpose");
        }));

        Assert.Equal(1, heard);
        Assert.Equal(["a"], _database.Read(EffectStore.Open).Select(effect => effect.Key));
    }

    public void Dispose() => _database.Dispose();

    private static void Bring(Transaction transaction, EffectAttempt attempt, string state)
    {
        switch (state)
        {
            case "done":
                EffectStore.Close(transaction, attempt, "{}", _domain);
                break;
            case "parked":
                EffectStore.Park(transaction, attempt, "in doubt", _domain);
                break;
            case "cancelled":
                EffectStore.Cancel(transaction, attempt.Effect.Key, _domain);
                break;
            case "ready":
                EffectStore.Release(transaction, attempt, "again", _real);
                break;
        }
    }

    private static string? Result(System.Data.Common.DbConnection connection, string key) =>
        Dapper.SqlMapper.ExecuteScalar<string>(connection, "select result from effect where key = @key", new { key });

    private static string? State(System.Data.Common.DbConnection connection) => Dapper.SqlMapper.ExecuteScalar<string>(connection, "select state from effect");

    private static Claim Offer(string kind = "work", DateTimeOffset? at = null, DateTimeOffset? real = null) =>
        new("worker", [kind], at ?? _domain, real ?? _real, _lease);

    private Task<bool> AddAsync(string key, DateTimeOffset? due = null) =>
        _database.WriteAsync(tx => _store.Add(tx, new Effect(key, "work", "x-1", "{}", due ?? _domain), _domain));

    private Task<EffectAttempt?> ClaimAsync(string kind = "work", DateTimeOffset? at = null, DateTimeOffset? real = null) =>
        _database.WriteAsync(tx => EffectStore.Claim(tx, Offer(kind, at, real)));
}
