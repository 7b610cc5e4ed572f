using System.Data.Common;
using Dapper;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Datasets.Queries;

/// <summary>Rows of a query that were read for a range of time and are not read again.</summary>
/// <param name="Source">Hash of the connection, the query and its columns.</param>
/// <param name="File">Hash of the Parquet file, which is its name.</param>
public sealed record Snapshot(string Source, string Dataset, TimeRange Range, string File, long Rows, DateTimeOffset ReadAt);

/// <summary>The rows of snapshots.</summary>
public static class SnapshotStore
{
    private const string Columns = "source as Source, dataset as Dataset, from_time as FromTime, to_time as ToTime, file as File, rows as Rows, read_at as ReadAt";

    public static void Add(Transaction transaction, Snapshot snapshot)
    {
        const string Insert = """
            insert into snapshot (source, dataset, from_time, to_time, file, rows, read_at) values (@Source, @Dataset, @After, @Until, @File, @Rows, @At)
            on conflict (source, from_time) do nothing
            """;
        var (range, at) = (snapshot.Range, snapshot.ReadAt.ToMicros());
        transaction.Execute(Insert, new { snapshot.Source, snapshot.Dataset, range.After, range.Until, snapshot.File, snapshot.Rows, At = at });
    }

    /// <summary>The snapshots of a source, by time.</summary>
    public static IReadOnlyList<Snapshot> List(DbConnection connection, string source) =>
        connection.Query<Row>($"select {Columns} from snapshot where source = @source order by from_time", new { source }).Select(row => row.ToSnapshot()).ToList();

    /// <summary>Names of all files that are needed.</summary>
    public static IReadOnlySet<string> Files(DbConnection connection) =>
        connection.Query<string>("select distinct file from snapshot").ToHashSet(StringComparer.Ordinal);

    private sealed class Row
    {
        public string Source { get; init; } = "";
        public string Dataset { get; init; } = "";
        public long FromTime { get; init; }
        public long ToTime { get; init; }
        public string File { get; init; } = "";
        public long Rows { get; init; }
        public long ReadAt { get; init; }

        public Snapshot ToSnapshot() => new(Source, Dataset, new(FromTime, ToTime), File, Rows, ReadAt.ToInstant());
    }
}
