using Dapper;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime;

/// <summary>A domain clock that stands still until it is moved; its time is stored, so that a story goes on where it was.</summary>
public sealed class StoryClock : TimeProvider
{
    private long _now;

    public StoryClock(DateTimeOffset start) => _now = start.ToMicros();

    public override DateTimeOffset GetUtcNow() => Interlocked.Read(ref _now).ToInstant();

    /// <summary>The clock as it was stored; the start of the story where none was.</summary>
    public static StoryClock Resume(Database database, DateTimeOffset start) =>
        new(database.Read(connection => connection.ExecuteScalar<long?>("select now from story_clock where id = 1"))?.ToInstant() ?? start);

    /// <summary>Moves the clock forward and stores it in the same transaction; it never goes back.</summary>
    public void Move(Transaction transaction, DateTimeOffset now)
    {
        const string Upsert = """
            insert into story_clock (id, now) values (1, @now)
            on conflict (id) do update set now = excluded.now where excluded.now >= story_clock.now
            """;
        if (now < GetUtcNow() || transaction.Execute(Upsert, new { now = now.ToMicros() }) == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(now), $"the clock stands at {GetUtcNow():u} and does not go back to {now:u}");
        }

        transaction.AfterCommit(() => Interlocked.Exchange(ref _now, now.ToMicros()));
    }
}
