using System.Data.Common;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Models;

/// <summary>Why and by whom a champion is changed.</summary>
/// <param name="Key">Idempotency key: a second change under one key is the first.</param>
public sealed record ChampionChange(string Key, string Model, string Actor, string Reason, DateTimeOffset At)
{
    /// <summary>What the gate compared with: another champion by now refuses the promotion. Absent where a person promotes.</summary>
    public ComparedChampion? Compared { get; init; }
}

/// <summary>The version that served when a challenger was compared; null where none did.</summary>
public sealed record ComparedChampion(string? Version);

/// <summary>What came of asking for another champion.</summary>
public abstract record ChampionOutcome
{
    private ChampionOutcome()
    {
    }

    /// <param name="From">The champion before; null where there was none.</param>
    public sealed record Moved(string? From, string? To) : ChampionOutcome;

    public sealed record Refused(string Reason) : ChampionOutcome;
}

/// <summary>Moves the champion alias, to a gated artifact or back, and never to bytes that were not gated.</summary>
public sealed class Champions(Database database, ArtifactStore artifacts)
{
    /// <summary>Raised for each move, with its key, in the transaction in which it is written.</summary>
    public event Action<Transaction, string, ChampionMove>? Moved;

    /// <summary>Promotes a version whose registered digest, and whose artifact's own hash, is the gated digest.</summary>
    public async Task<ChampionOutcome> PromoteAsync(ChampionChange change, string version, string gatedDigest, CancellationToken cancellation)
    {
        var registered = database.Read(connection => ModelStore.Find(connection, version));
        var refusal = Refusal(change, version, gatedDigest, registered) ?? await DamageAsync(gatedDigest, cancellation);
        return refusal is not null
            ? new ChampionOutcome.Refused(refusal)
            : await database.WriteAsync<ChampionOutcome>(transaction => Promote(transaction, change, version), cancellation);
    }

    /// <summary>Puts the version back that served before the present champion; its artifact must be whole. People may do so again and again.</summary>
    public Task<ChampionOutcome> RollBackAsync(ChampionChange change, CancellationToken cancellation) => RollBackAsync(change, null, cancellation);

    /// <summary>Takes the promotion back that was in force at an instant: not one that came later, and not a second time where that brought no cure.</summary>
    public Task<ChampionOutcome> WithdrawAsync(ChampionChange change, DateTimeOffset seen, CancellationToken cancellation) => RollBackAsync(change, seen, cancellation);

    private async Task<ChampionOutcome> RollBackAsync(ChampionChange change, DateTimeOffset? seen, CancellationToken cancellation)
    {
        var (history, previous) = database.Read(connection =>
            (ChampionStore.History(connection, change.Model), ChampionStore.Previous(connection, change.Model)));
        if (Done(change) is { } done)
        {
            return done;
        }

        if (previous is null)
        {
            return new ChampionOutcome.Refused($"no version of {change.Model} served before the present champion");
        }

        return seen is { } instant && Outdated(history[^1], instant) is { } reason
            ? new ChampionOutcome.Refused(reason)
            : await RestoreAsync(change, history[^1].To, previous, cancellation);
    }

    private static string? Outdated(ChampionMove last, DateTimeOffset seen)
    {
        if (last.At > seen)
        {
            return $"{last.To} came to serve at {last.At:u}, after what was seen at {seen:u}";
        }

        return last.Kind == MoveKind.Rollback ? $"{last.To} serves because of a rollback already: which version is good is for a person to say" : null;
    }

    /// <summary>Undoes the promotion of a version, as long as it still serves: its predecessor comes back.</summary>
    public async Task<ChampionOutcome> UndoAsync(ChampionChange change, string promoted, string? predecessor, CancellationToken cancellation)
    {
        var champion = database.Read(connection => ChampionStore.Champion(connection, change.Model));
        if (Done(change) is { } done)
        {
            return done;
        }

        return champion == promoted
            ? await RestoreAsync(change, champion, predecessor, cancellation)
            : new ChampionOutcome.Moved(champion, champion);
    }

    private static string? Refusal(ChampionChange change, string version, string gatedDigest, ModelVersion? registered)
    {
        if (registered is null || registered.Model != change.Model)
        {
            return $"the model {change.Model} has no version {version}";
        }

        return registered.Digest == gatedDigest ? null : $"{version} is the artifact {registered.Digest}, but {gatedDigest} passed the gate";
    }

    private ChampionOutcome.Moved? Done(ChampionChange change) => database.Read(connection => Done(connection, change));

    private static ChampionOutcome.Moved? Done(DbConnection connection, ChampionChange change) =>
        ChampionStore.ByKey(connection, change.Key) is { } move ? new(move.From, move.To) : null;

    private async Task<ChampionOutcome> RestoreAsync(ChampionChange change, string? champion, string? version, CancellationToken cancellation)
    {
        var registered = version is null ? null : database.Read(connection => ModelStore.Find(connection, version));
        var refusal = registered is null ? null : await DamageAsync(registered.Digest, cancellation);
        return refusal is not null
            ? new ChampionOutcome.Refused(refusal)
            : await database.WriteAsync(transaction => Restore(transaction, change, champion, version), cancellation);
    }

    private async Task<string?> DamageAsync(string digest, CancellationToken cancellation)
    {
        try
        {
            await artifacts.ReadAsync(digest, cancellation);
            return null;
        }
        catch (StorageException error)
        {
            return error.Message;
        }
    }

    /// <summary>A comparison with another champion than the one that serves says nothing of the two.</summary>
    private ChampionOutcome Promote(Transaction transaction, ChampionChange change, string version)
    {
        if (Done(transaction.Connection, change) is { } done)
        {
            return done;
        }

        var serving = ChampionStore.Champion(transaction.Connection, change.Model);
        return change.Compared is { } compared && compared.Version != serving && serving != version
            ? new ChampionOutcome.Refused($"the gate compared {version} with {compared.Version ?? "nothing that served"}, but {serving ?? "no version"} serves now: it has to be compared anew")
            : Move(transaction, change, MoveKind.Promotion, (serving, version));
    }

    /// <summary>Moves back only from the champion that was seen: one that was promoted meanwhile stays.</summary>
    private ChampionOutcome Restore(Transaction transaction, ChampionChange change, string? champion, string? version)
    {
        if (Done(transaction.Connection, change) is { } done)
        {
            return done;
        }

        var serving = ChampionStore.Champion(transaction.Connection, change.Model);
        return serving == champion
            ? Move(transaction, change, MoveKind.Rollback, (champion, version))
            : new ChampionOutcome.Refused($"{serving} was promoted meanwhile");
    }

    private ChampionOutcome.Moved Move(Transaction transaction, ChampionChange change, MoveKind kind, (string? From, string? To) versions)
    {
        var (from, to) = versions;
        if (from != to)
        {
            var move = new ChampionMove(change.Model, 0, kind, from, to, change.Actor, change.Reason, change.At);
            ChampionStore.Add(transaction, change.Key, move);
            AuditStore.Append(transaction, change.At, change.Actor, $"model.{kind.ToString().ToLowerInvariant()}", change.Model, new { from, to, change.Reason });
            Moved?.Invoke(transaction, change.Key, move);
        }

        return new(from, to);
    }
}
