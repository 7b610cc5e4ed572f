using System.Data.Common;
using Dapper;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Audit;

/// <summary>One audited decision.</summary>
public sealed record AuditEntry(long Sequence, DateTimeOffset At, string Actor, string Action, string Subject, string Body, string Hash);

/// <summary>The chain of decisions: each entry's hash covers the entry and the hash before it.</summary>
public static class AuditStore
{
    private const string Columns = "sequence as Sequence, at as At, actor as Actor, action as Action, subject as Subject, body as Body, hash as Hash";

    /// <summary>Appends a decision in the transaction that makes it.</summary>
    public static void Append(Transaction transaction, DateTimeOffset at, string actor, string action, string subject, object? details = null)
    {
        var last = transaction.Single<Row>($"select {Columns} from audit order by sequence desc limit 1");
        var entry = new AuditEntry(
            (last?.Sequence ?? 0) + 1, at.ToMicros().ToInstant(), actor, action, subject, Json.Write(details), "");
        const string Insert = "insert into audit (sequence, at, actor, action, subject, body, hash) values (@Sequence, @At, @actor, @action, @subject, @Body, @Hash)";
        transaction.Execute(Insert, new { entry.Sequence, At = at.ToMicros(), actor, action, subject, entry.Body, Hash = Hash(last?.Hash ?? "", entry) });
    }

    /// <summary>The latest entries, newest first.</summary>
    public static IReadOnlyList<AuditEntry> Latest(DbConnection connection, int limit) =>
        connection.Query<Row>($"select {Columns} from audit order by sequence desc limit @limit", new { limit }).Select(row => row.ToEntry()).ToList();

    /// <summary>The sequence of the first entry whose hash does not follow from what is stored; null where the chain is whole.</summary>
    public static long? FirstBroken(DbConnection connection)
    {
        var previous = "";
        long expected = 1;
        foreach (var entry in connection.Query<Row>($"select {Columns} from audit order by sequence", buffered: false).Select(row => row.ToEntry()))
        {
            if (entry.Sequence != expected || entry.Hash != Hash(previous, entry))
            {
                return expected;
            }

            previous = entry.Hash;
            expected++;
        }

        return null;
    }

    private static string Hash(string previous, AuditEntry entry)
    {
        var text = Json.Write(new object[] { previous, entry.Sequence, entry.At.ToMicros(), entry.Actor, entry.Action, entry.Subject, entry.Body });
        return Digest.Of(text);
    }

    private sealed class Row
    {
        public long Sequence { get; init; }
        public long At { get; init; }
        public string Actor { get; init; } = "";
        public string Action { get; init; } = "";
        public string Subject { get; init; } = "";
        public string Body { get; init; } = "";
        public string Hash { get; init; } = "";

        public AuditEntry ToEntry() => new(Sequence, At.ToInstant(), Actor, Action, Subject, Body, Hash);
    }
}
