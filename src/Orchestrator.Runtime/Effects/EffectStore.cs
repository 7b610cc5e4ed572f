using System.Data.Common;
using Dapper;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Effects;

/// <summary>The rows of effects: asked for, claimed under a fence, closed by their result.</summary>
public sealed class EffectStore(EffectSignal signal)
{
    /// <summary>Asks for an effect; one whose key was ever used changes nothing. Whether it is new.</summary>
    public bool Add(Transaction transaction, Effect effect, DateTimeOffset now)
    {
        const string Insert = """
            insert into effect (key, kind, owner, body, state, due_at, repeatable, created_at)
            values (@Key, @Kind, @Owner, @Body, 'ready', @DueAt, @Repeatable, @CreatedAt)
            on conflict (key) do nothing
            """;
        var added = transaction.Execute(Insert, new
        {
            effect.Key,
            effect.Kind,
            effect.Owner,
            effect.Body,
            DueAt = effect.DueAt.ToMicros(),
            Repeatable = effect.Repeatable ? 1L : 0L,
            CreatedAt = now.ToMicros(),
        });
        transaction.AfterCommit(signal.Raise);
        return added == 1;
    }

    /// <summary>Claims the next effect that is due, counting the attempt before it runs; none where nothing is due.</summary>
    public static EffectAttempt? Claim(Transaction transaction, Claim claim)
    {
        const string Update = """
            update effect
            set state = 'leased', lease_owner = @Owner, lease_until = @Until, fence = fence + 1, attempts = attempts + 1
            where key = (
              select key from effect
              where kind in @Kinds and due_at <= @Now and retry_at <= @Real
                and (state = 'ready' or (state = 'leased' and lease_until < @Real))
              order by due_at, key limit 1)
            returning key as Key, kind as Kind, owner as Owner, body as Body, due_at as DueAt, repeatable as Repeatable, fence as Fence, attempts as Attempts
            """;
        var row = transaction.Single<ClaimRow>(Update, new
        {
            claim.Owner,
            claim.Kinds,
            Now = claim.Now.ToMicros(),
            Real = claim.Real.ToMicros(),
            Until = (claim.Real + claim.Lease).ToMicros(),
        });
        return row is null ? null : new EffectAttempt(row.ToEffect(), row.Fence, (int)row.Attempts);
    }

    /// <summary>Prolongs a lease; false where a later fence was given out or the effect was cancelled.</summary>
    public static bool Renew(Transaction transaction, EffectAttempt attempt, DateTimeOffset until) =>
        transaction.Execute(
            "update effect set lease_until = @until where key = @Key and fence = @Fence and state = 'leased'",
            new { until = until.ToMicros(), attempt.Effect.Key, attempt.Fence }) == 1;

    /// <summary>Whether the attempt holds the fence.</summary>
    public static bool Holds(Transaction transaction, EffectAttempt attempt) =>
        transaction.Scalar<long>("select count(*) from effect where key = @Key and fence = @Fence and state = 'leased'", new { attempt.Effect.Key, attempt.Fence }) == 1;

    /// <summary>Closes the row with its result; false, with nothing changed, where the attempt no longer holds the fence.</summary>
    public static bool Close(Transaction transaction, EffectAttempt attempt, string result, DateTimeOffset now) =>
        transaction.Execute(
            "update effect set state = 'done', result = @result, closed_at = @now where key = @Key and fence = @Fence and state = 'leased'",
            new { result, now = now.ToMicros(), attempt.Effect.Key, attempt.Fence }) == 1;

    /// <summary>Gives the row back for another attempt, not before <paramref name="retryAt"/> of the real clock.</summary>
    public static bool Release(Transaction transaction, EffectAttempt attempt, string note, DateTimeOffset retryAt) =>
        transaction.Execute(
            "update effect set state = 'ready', note = @note, retry_at = @retryAt where key = @Key and fence = @Fence and state = 'leased'",
            new { note, retryAt = retryAt.ToMicros(), attempt.Effect.Key, attempt.Fence }) == 1;

    /// <summary>Gives the row back as if it had not been claimed: whoever held it stopped in an orderly way.</summary>
    public static bool GiveBack(Transaction transaction, EffectAttempt attempt, string note) =>
        transaction.Execute(
            "update effect set state = 'ready', attempts = attempts - 1, note = @note where key = @Key and fence = @Fence and state = 'leased'",
            new { note, attempt.Effect.Key, attempt.Fence }) == 1;

    /// <summary>Sets the row aside for a person.</summary>
    public static bool Park(Transaction transaction, EffectAttempt attempt, string note, DateTimeOffset now) =>
        transaction.Execute(
            "update effect set state = 'parked', note = @note, closed_at = @now where key = @Key and fence = @Fence and state = 'leased'",
            new { note, now = now.ToMicros(), attempt.Effect.Key, attempt.Fence }) == 1;

    /// <summary>A person's word to try a parked effect again, with its attempts counted anew.</summary>
    public bool Retry(Transaction transaction, string key)
    {
        transaction.AfterCommit(signal.Raise);
        return transaction.Execute(
            "update effect set state = 'ready', attempts = 0, retry_at = 0, closed_at = null where key = @key and state = 'parked'", new { key }) == 1;
    }

    /// <summary>Withdraws an effect that is not done yet.</summary>
    public static void Cancel(Transaction transaction, string key, DateTimeOffset now) =>
        transaction.Execute(
            "update effect set state = 'cancelled', closed_at = @now where key = @key and state in ('ready', 'leased', 'parked')",
            new { key, now = now.ToMicros() });

    /// <summary>Ends the leases of a process that is gone; call it only while holding the workspace's lock.</summary>
    public static void EndLeases(Transaction transaction) =>
        transaction.Execute("update effect set lease_until = 0 where state = 'leased'");

    /// <summary>Notes how far the attempt is.</summary>
    public static void Note(Transaction transaction, EffectAttempt attempt, string note) =>
        transaction.Execute(
            "update effect set note = @note where key = @Key and fence = @Fence and state = 'leased'",
            new { note, attempt.Effect.Key, attempt.Fence });

    /// <summary>The due instant of the earliest effect that waits for the domain clock; null where none does.</summary>
    public static DateTimeOffset? NextDue(DbConnection connection, IReadOnlyList<string> kinds) =>
        connection.ExecuteScalar<long?>("select min(due_at) from effect where state = 'ready' and kind in @kinds", new { kinds })?.ToInstant();

    /// <summary>Effects that are neither done nor cancelled, parked ones first.</summary>
    public static IReadOnlyList<EffectStatus> Open(DbConnection connection)
    {
        const string Select = """
            select key as Key, kind as Kind, owner as Owner, state as State, due_at as DueAt, attempts as Attempts, note as Note,
                   created_at as CreatedAt, closed_at as ClosedAt
            from effect where state in ('ready', 'leased', 'parked')
            order by case state when 'parked' then 0 when 'leased' then 1 else 2 end, due_at, key
            """;
        return connection.Query<StatusRow>(Select).Select(row => row.ToStatus()).ToList();
    }

    /// <summary>Effects that wait for a person after they failed too often.</summary>
    public static int CountParked(DbConnection connection) => connection.ExecuteScalar<int>("select count(*) from effect where state = 'parked'");

    /// <summary>Effects that could run now or are running, besides those of the future.</summary>
    public static long CountDue(DbConnection connection, DateTimeOffset now) =>
        connection.ExecuteScalar<long>(
            "select count(*) from effect where state in ('ready', 'leased') and due_at <= @now", new { now = now.ToMicros() });

    private sealed class ClaimRow
    {
        public string Key { get; init; } = "";
        public string Kind { get; init; } = "";
        public string Owner { get; init; } = "";
        public string Body { get; init; } = "";
        public long DueAt { get; init; }
        public long Repeatable { get; init; }
        public long Fence { get; init; }
        public long Attempts { get; init; }

        public Effect ToEffect() => new(Key, Kind, Owner, Body, DueAt.ToInstant(), Repeatable == 1);
    }

    private sealed class StatusRow
    {
        public string Key { get; init; } = "";
        public string Kind { get; init; } = "";
        public string Owner { get; init; } = "";
        public string State { get; init; } = "";
        public long DueAt { get; init; }
        public long Attempts { get; init; }
        public string? Note { get; init; }
        public long CreatedAt { get; init; }
        public long? ClosedAt { get; init; }

        public EffectStatus ToStatus() =>
            new(Key, Kind, Owner, State, DueAt.ToInstant(), (int)Attempts, Note, CreatedAt.ToInstant(), ClosedAt?.ToInstant());
    }
}

/// <summary>What a worker offers when it asks for work.</summary>
/// <param name="Owner">The worker's name, for people.</param>
/// <param name="Kinds">Kinds of effects that it can do.</param>
/// <param name="Now">The domain clock.</param>
/// <param name="Real">The real clock, which leases go by.</param>
/// <param name="Lease">How long the claim holds without a heartbeat.</param>
public sealed record Claim(string Owner, IReadOnlyList<string> Kinds, DateTimeOffset Now, DateTimeOffset Real, TimeSpan Lease);
