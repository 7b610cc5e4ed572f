using System.Collections.Immutable;
using System.Data.Common;
using Dapper;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Datasets;

/// <summary>The rows of dataset versions, of what was current when, and of what was read from which files.</summary>
public static class DatasetVersionStore
{
    private const string Columns = "dataset as Dataset, version as Version, number as Number, manifest as Manifest, created_at as CreatedAt";

    private const string MoveColumns =
        "dataset as Dataset, sequence as Sequence, from_version as FromVersion, to_version as ToVersion, actor as Actor, reason as Reason, at as At, quarantine as Quarantine";

    /// <summary>Registers a version under the next number; one that is known keeps its own.</summary>
    public static void Add(Transaction transaction, DatasetManifest manifest, DateTimeOffset now)
    {
        const string Insert = """
            insert into dataset_version (dataset, version, number, manifest, created_at)
            select @Dataset, @Version, coalesce(max(number), 0) + 1, @manifest, @now from dataset_version where dataset = @Dataset
            on conflict (dataset, version) do nothing
            """;
        transaction.Execute(Insert, new { manifest.Dataset, manifest.Version, manifest = Json.Write(manifest), now = now.ToMicros() });
    }

    public static DatasetVersion? Find(DbConnection connection, string dataset, string version) =>
        connection.QuerySingleOrDefault<Row>($"select {Columns} from dataset_version where dataset = @dataset and version = @version", new { dataset, version })
            ?.ToVersion();

    /// <summary>Versions of a dataset, newest first.</summary>
    public static IReadOnlyList<DatasetVersion> List(DbConnection connection, string dataset) =>
        connection.Query<Row>($"select {Columns} from dataset_version where dataset = @dataset order by number desc", new { dataset })
            .Select(row => row.ToVersion()).ToList();

    /// <summary>Names of the datasets that have a version.</summary>
    public static IReadOnlyList<string> Datasets(DbConnection connection) =>
        connection.Query<string>("select distinct dataset from dataset_version order by dataset").AsList();

    /// <summary>The version that is current; null before the first.</summary>
    public static DatasetVersion? Current(DbConnection connection, string dataset) => At(connection, dataset, int.MaxValue);

    /// <summary>A version with what was kept aside before a move that left it.</summary>
    public static DatasetVersion? Before(DbConnection connection, DatasetMove move, string version) =>
        At(connection, move.Dataset, move.Sequence - 1) is { } before && before.Id == version ? before : Find(connection, move.Dataset, version);

    /// <summary>The version that was current after so many moves, with what was kept aside then.</summary>
    private static DatasetVersion? At(DbConnection connection, string dataset, int sequence)
    {
        const string Select = """
            select to_version as ToVersion, quarantine as Quarantine from dataset_move where dataset = @dataset and sequence <= @sequence
            order by sequence desc limit 1
            """;
        if (connection.QueryFirstOrDefault<MoveRow>(Select, new { dataset, sequence }) is not { } move || Find(connection, dataset, move.ToVersion) is not { } version)
        {
            return null;
        }

        var aside = move.Quarantine is { } text ? Json.Read<ImmutableArray<QuarantinedRow>>(text) : version.Manifest.Quarantine ?? [];
        return version with { Manifest = version.Manifest with { Quarantine = aside.IsEmpty ? null : aside } };
    }

    /// <summary>What was current when, oldest first.</summary>
    public static IReadOnlyList<DatasetMove> History(DbConnection connection, string dataset) =>
        connection.Query<MoveRow>($"select {MoveColumns} from dataset_move where dataset = @dataset order by sequence", new { dataset })
            .Select(row => row.ToMove()).ToList();

    /// <summary>The move that an activity asked for; null where it did not yet.</summary>
    public static DatasetMove? MoveByKey(DbConnection connection, string key) =>
        connection.QuerySingleOrDefault<MoveRow>($"select {MoveColumns} from dataset_move where key = @key", new { key })?.ToMove();

    /// <summary>Makes a version current; its sequence is the next of the dataset, whatever <paramref name="move"/> says.</summary>
    public static void Add(Transaction transaction, string? key, DatasetMove move)
    {
        const string Insert = """
            insert into dataset_move (dataset, sequence, key, from_version, to_version, actor, reason, at, quarantine)
            select @Dataset, coalesce(max(sequence), 0) + 1, @key, @From, @To, @Actor, @Reason, @At, @Quarantine from dataset_move where dataset = @Dataset
            """;
        transaction.Execute(
            Insert,
            new { move.Dataset, key, move.From, move.To, move.Actor, move.Reason, At = move.At.ToMicros(), Quarantine = Json.Write(move.Quarantine ?? []) });
    }

    /// <summary>Hash of the authored files that were read last; null before the first time.</summary>
    public static string? LastSource(DbConnection connection, string dataset) =>
        connection.QuerySingleOrDefault<string?>("select fingerprint from dataset_import where dataset = @dataset", new { dataset });

    public static void SetSource(Transaction transaction, DatasetManifest manifest, DateTimeOffset at)
    {
        const string Upsert = """
            insert into dataset_import (dataset, fingerprint, version, at) values (@Dataset, @Source, @Version, @at)
            on conflict (dataset) do update set fingerprint = excluded.fingerprint, version = excluded.version, at = excluded.at
            """;
        transaction.Execute(Upsert, new { manifest.Dataset, manifest.Source, manifest.Version, at = at.ToMicros() });
    }

    private sealed class Row
    {
        public string Dataset { get; init; } = "";
        public string Version { get; init; } = "";
        public long Number { get; init; }
        public string Manifest { get; init; } = "";
        public long CreatedAt { get; init; }

        public DatasetVersion ToVersion() => new(Dataset, Version, (int)Number, Json.Read<DatasetManifest>(Manifest), CreatedAt.ToInstant());
    }

    private sealed class MoveRow
    {
        public string Dataset { get; init; } = "";
        public long Sequence { get; init; }
        public string? FromVersion { get; init; }
        public string ToVersion { get; init; } = "";
        public string Actor { get; init; } = "";
        public string Reason { get; init; } = "";
        public long At { get; init; }
        public string? Quarantine { get; init; }

        public DatasetMove ToMove() => new(Dataset, (int)Sequence, FromVersion, ToVersion, Actor, Reason, At.ToInstant())
        {
            Quarantine = Quarantine is { } text ? Json.Read<ImmutableArray<QuarantinedRow>>(text) : null,
        };
    }
}
