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
        var last = transaction.Single<Head>("select sequence as Sequence, hash as Hash from audit_head where id = 1")!;
        var entry = new AuditEntry(last.Sequence + 1, at.ToMicros().ToInstant(), actor, action, subject, Json.Write(details), "");
        const string Insert = "insert into audit (sequence, at, actor, action, subject, body, hash) values (@Sequence, @At, @actor, @action, @subject, @Body, @Hash)";
        var hash = Hash(last.Hash, entry);
        transaction.Execute(Insert, new { entry.Sequence, At = at.ToMicros(), actor, action, subject, entry.Body, Hash = hash });
        transaction.Execute("update audit_head set sequence = @Sequence, hash = @hash where id = 1", new { entry.Sequence, hash });
    }

    /// <summary>The latest entries, newest first.</summary>
    public static IReadOnlyList<AuditEntry> Latest(DbConnection connection, int limit) =>
        connection.Query<Row>($"select {Columns} from audit order by sequence desc limit @limit", new { limit }).Select(row => row.ToEntry()).ToList();

    /// <summary>A page of entries, newest first; the mark is the sequence of the last one before it.</summary>
    /// <param name="words">Only entries whose actor, action or subject holds this text, whatever its case; all where it is empty.</param>
    public static Page<AuditEntry> Page(DbConnection connection, PageWish wish, string words = "")
    {
        const string Holds = """(@Like = '%%' or lower(actor) like @Like escape '\' or lower(action) like @Like escape '\' or lower(subject) like @Like escape '\')""";
        var parameters = new { Before = wish.After?.At ?? 0, Limit = wish.Limit + 1, Like = $"%{Escaped(words.ToLowerInvariant())}%" };
        var read = connection.Query<Row>($"select {Columns} from audit where (@Before = 0 or sequence < @Before) and {Holds} order by sequence desc limit @Limit", parameters)
            .Select(row => row.ToEntry()).ToList();
        var total = words.Length == 0 ? LastSequence(connection) : connection.ExecuteScalar<long>($"select count(*) from audit where {Holds}", parameters);
        return Page<AuditEntry>.Of(read, wish, total, entry => new PageMark(entry.Sequence, ""));
    }

    /// <summary>A blank stands for any sign, so that actions are found by their words.</summary>
    private static string Escaped(string words) => string.Concat(words.Select(c => c is '%' or '_' or '\\' ? $"\\{c}" : c is ' ' ? "_" : c.ToString()));

    /// <summary>The entries after a sequence, oldest first.</summary>
    public static IReadOnlyList<AuditEntry> After(DbConnection connection, long sequence) =>
        connection.Query<Row>($"select {Columns} from audit where sequence > @sequence order by sequence", new { sequence }).Select(row => row.ToEntry()).ToList();

    /// <summary>The sequence of the newest entry; 0 before the first.</summary>
    public static long LastSequence(DbConnection connection) => connection.ExecuteScalar<long>("select coalesce(max(sequence), 0) from audit");

    /// <summary>The sequence of the first entry whose hash does not follow from what is stored, or that is missing; null where the chain is whole.</summary>
    public static long? FirstBroken(DbConnection connection)
    {
        // One statement, so that entries and end are of the same commit.
        const string Select = $"""
            select {Columns}, 0 as IsHead from audit
            union all
            select sequence, 0, '', '', '', '', hash, 1 from audit_head
            order by IsHead, Sequence
            """;
        var previous = "";
        long expected = 1;
        foreach (var row in connection.Query<Row>(Select, buffered: false))
        {
            var entry = row.ToEntry();
            if (row.IsHead == 1)
            {
                return entry.Sequence == expected - 1 && entry.Hash == previous ? null : expected;
            }

            if (entry.Sequence != expected || entry.Hash != Hash(previous, entry))
            {
                return expected;
            }

            previous = entry.Hash;
            expected++;
        }

        return expected;
    }

    private static string Hash(string previous, AuditEntry entry)
    {
        var text = Json.Write(new object[] { previous, entry.Sequence, entry.At.ToMicros(), entry.Actor, entry.Action, entry.Subject, entry.Body });
        return Digest.Of(text);
    }

    private sealed class Head
    {
        public long Sequence { get; init; }
        public string Hash { get; init; } = "";
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
        public long IsHead { get; init; }

        public AuditEntry ToEntry() => new(Sequence, At.ToInstant(), Actor, Action, Subject, Body, Hash);
    }
}
