using System.Data.Common;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Tests.Effects;

/// <summary>Workers over a database of their own, both clocks in the test's hand.</summary>
internal sealed class EffectRig : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);

    public EffectRig()
    {
        Store = new EffectStore(new EffectSignal());
        Clocks = new Clocks(Domain, Real);
    }

    public TestDatabase Database { get; } = new();

    public FakeTimeProvider Domain { get; } = new(Start);

    public FakeTimeProvider Real { get; } = new(new DateTimeOffset(2030, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public Clocks Clocks { get; }

    public EffectStore Store { get; }

    public Task AddAsync(string key, bool repeatable = true) =>
        Database.WriteAsync(tx =>
        {
            tx.Execute("create table if not exists counted (key text not null)");
            Store.Add(tx, new Effect(key, "work", "x-1", "{}", Start, repeatable), Start);
        });

    public EffectWorker Worker(IEffectHandler handler, string name = "worker") => new(name, Database.Open, Clocks, [handler], NullLogger<EffectWorker>.Instance);

    /// <summary>A worker that took the effect and was never heard of again.</summary>
    public async Task<EffectAttempt> DieAsync()
    {
        var claim = new Claim("dead", ["work"], Start, Real.GetUtcNow(), TimeSpan.FromSeconds(30));
        var attempt = await Database.WriteAsync(tx => EffectStore.Claim(tx, claim));
        await Database.WriteAsync(EffectStore.EndLeases);
        return attempt!;
    }

    public EffectStatus Open => Assert.Single(Database.Read(EffectStore.Open));

    public List<string> Counted => Database.Read(connection => connection.Query<string>("select key from counted order by key").AsList());

    public string State(string key) => Database.Read((DbConnection connection) => connection.ExecuteScalar<string>("select state from effect where key = @key", new { key }))!;

    public static EffectOutcome Count(EffectAttempt attempt) =>
        new EffectOutcome.Done("{}", tx => tx.Execute("insert into counted (key) values (@Key)", new { attempt.Effect.Key }));

    public void Dispose() => Database.Dispose();
}

/// <summary>A handler whose work is the test's.</summary>
internal sealed class TestHandler(Func<EffectAttempt, CancellationToken, Task<EffectOutcome>> work) : IEffectHandler
{
    public TestHandler(Func<EffectAttempt, EffectOutcome> work)
        : this((attempt, _) => Task.FromResult(work(attempt)))
    {
    }

    public string Kind => "work";

    public int Runs { get; private set; }

    public List<string> GivenUp { get; } = [];

    public Task<EffectOutcome> RunAsync(EffectAttempt attempt, CancellationToken cancellation)
    {
        Runs++;
        return work(attempt, cancellation);
    }

    public void GiveUp(Transaction transaction, Effect effect, string reason) => GivenUp.Add(reason);
}
