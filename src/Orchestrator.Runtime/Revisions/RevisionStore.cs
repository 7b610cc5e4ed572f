using System.Collections.Immutable;
using System.Data.Common;
using Dapper;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Revisions;

/// <summary>A revision that passed every check, as it is stored.</summary>
/// <param name="Id">Hash of the files.</param>
public sealed record StoredRevision(
    string Id, string Source, string? Author, DateTimeOffset LoadedAt, ImmutableSortedDictionary<string, string> Files);

/// <summary>What the last look at the source found.</summary>
/// <param name="Accepted">Whether what was found is in force; if not, the last good revision still is.</param>
/// <param name="Diagnostics">One line each.</param>
public sealed record RevisionAttempt(DateTimeOffset At, string Source, bool Accepted, ImmutableArray<string> Diagnostics);

/// <summary>A revision as one line of a list.</summary>
/// <param name="LoadedAt">When it was first read.</param>
public sealed record PastRevision(string Id, string Source, string? Author, DateTimeOffset LoadedAt);

/// <summary>The rows of revisions and the pointer to the one in force.</summary>
public static class RevisionStore
{
    public static StoredRevision? InForce(DbConnection connection) =>
        connection.QuerySingleOrDefault<Row>(
            """
            select r.id as Id, r.source as Source, r.author as Author, r.loaded_at as LoadedAt, r.files as Files
            from revision r join revision_in_force f on f.revision_id = r.id
            """)?.ToRevision();

    public static StoredRevision? Find(DbConnection connection, string id) =>
        connection.QuerySingleOrDefault<Row>(
            "select id as Id, source as Source, author as Author, loaded_at as LoadedAt, files as Files from revision where id = @id", new { id })?.ToRevision();

    /// <summary>The revisions read last, newest first.</summary>
    public static IReadOnlyList<PastRevision> Latest(DbConnection connection, int limit) =>
        connection.Query<Row>("select id as Id, source as Source, author as Author, loaded_at as LoadedAt from revision order by loaded_at desc, id limit @limit", new { limit })
            .Select(row => new PastRevision(row.Id, row.Source, row.Author, row.LoadedAt.ToInstant())).ToList();

    /// <summary>When the pointer moved to the revision in force; null before the first.</summary>
    public static DateTimeOffset? Since(DbConnection connection) =>
        connection.ExecuteScalar<long?>("select since from revision_in_force")?.ToInstant();

    /// <summary>Keeps a revision and points to it.</summary>
    public static void PutInForce(Transaction transaction, StoredRevision revision)
    {
        const string Insert = """
            insert into revision (id, source, author, loaded_at, files) values (@Id, @Source, @Author, @At, @Files) on conflict (id) do nothing
            """;
        const string Point = """
            insert into revision_in_force (id, revision_id, since) values (1, @Id, @At)
            on conflict (id) do update set revision_id = excluded.revision_id, since = excluded.since
            """;
        var at = revision.LoadedAt.ToMicros();
        transaction.Execute(Insert, new { revision.Id, revision.Source, revision.Author, At = at, Files = Json.Write(revision.Files) });
        transaction.Execute(Point, new { revision.Id, At = at });
    }

    public static RevisionAttempt? LastAttempt(DbConnection connection) =>
        connection.QuerySingleOrDefault<AttemptRow>(
            "select at as At, source as Source, accepted as Accepted, diagnostics as Diagnostics from revision_attempt")?.ToAttempt();

    public static void SaveAttempt(Transaction transaction, RevisionAttempt attempt) =>
        transaction.Execute(
            """
            insert into revision_attempt (id, at, source, accepted, diagnostics) values (1, @At, @Source, @Accepted, @Diagnostics)
            on conflict (id) do update set at = excluded.at, source = excluded.source, accepted = excluded.accepted, diagnostics = excluded.diagnostics
            """,
            new { At = attempt.At.ToMicros(), attempt.Source, Accepted = attempt.Accepted ? 1L : 0L, Diagnostics = Json.Write(attempt.Diagnostics) });

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Source { get; init; } = "";
        public string? Author { get; init; }
        public long LoadedAt { get; init; }
        public string Files { get; init; } = "";

        public StoredRevision ToRevision() =>
            new(Id, Source, Author, LoadedAt.ToInstant(), Json.Read<ImmutableSortedDictionary<string, string>>(Files).WithComparers(StringComparer.Ordinal));
    }

    private sealed class AttemptRow
    {
        public long At { get; init; }
        public string Source { get; init; } = "";
        public long Accepted { get; init; }
        public string Diagnostics { get; init; } = "";

        public RevisionAttempt ToAttempt() => new(At.ToInstant(), Source, Accepted == 1, Json.Read<ImmutableArray<string>>(Diagnostics));
    }
}
