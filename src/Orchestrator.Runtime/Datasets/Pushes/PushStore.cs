using System.Collections.Immutable;
using System.Data.Common;
using Dapper;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Datasets.Pushes;

/// <summary>The rows of pushed batches, and the columns that those of a dataset have.</summary>
public static class PushStore
{
    private const string Columns = """
        dataset as Dataset, part as Part, batch as Batch, body as Body, file as File, rows as Rows, time_column as TimeColumn, first_time as FirstTime,
        last_time as LastTime, pushed_by as PushedBy, pushed_at as PushedAt
        """;

    /// <summary>Adds a batch and the columns that are known by it; false where a batch of that name is there.</summary>
    public static bool Add(Transaction transaction, PushedBatch batch, ImmutableArray<PushedColumn> columns)
    {
        const string Insert = """
            insert into pushed_batch (dataset, part, batch, body, file, rows, time_column, first_time, last_time, pushed_by, pushed_at)
            values (@Dataset, @part, @Batch, @Body, @File, @Rows, @Column, @First, @Last, @By, @at)
            on conflict (dataset, part, batch) do nothing
            """;
        const string Upsert = """
            insert into pushed_columns (dataset, part, columns) values (@Dataset, @part, @columns)
            on conflict (dataset, part) do update set columns = excluded.columns
            """;
        var part = Word(batch.Part);
        var at = batch.At.ToMicros();
        var times = batch.Times;
        var added = transaction.Execute(
            Insert,
            new { batch.Part.Dataset, part, batch.Batch, batch.Body, batch.File, batch.Rows, times?.Column, times?.First, times?.Last, batch.By, at }) == 1;
        if (added)
        {
            transaction.Execute(Upsert, new { batch.Part.Dataset, part, columns = Json.Write(columns) });
        }

        return added;
    }

    public static PushedBatch? Find(DbConnection connection, SourcePart part, string batch) =>
        connection.QuerySingleOrDefault<Row>(
            $"select {Columns} from pushed_batch where dataset = @Dataset and part = @part and batch = @batch", new { part.Dataset, part = Word(part), batch })?.ToBatch();

    /// <summary>The batches of a dataset in the order of their arrival.</summary>
    public static IReadOnlyList<PushedBatch> List(DbConnection connection, SourcePart part) =>
        connection.Query<Row>(
            $"select {Columns} from pushed_batch where dataset = @Dataset and part = @part order by pushed_at, batch", new { part.Dataset, part = Word(part) })
            .Select(row => row.ToBatch()).ToList();

    /// <summary>The columns that batches of a dataset have; empty before the first.</summary>
    public static ImmutableArray<PushedColumn> ColumnsOf(DbConnection connection, SourcePart part) =>
        connection.QuerySingleOrDefault<string>("select columns from pushed_columns where dataset = @Dataset and part = @part", new { part.Dataset, part = Word(part) })
            is { } columns ? Json.Read<ImmutableArray<PushedColumn>>(columns) : [];

    /// <summary>Names of all files that are needed.</summary>
    public static IReadOnlySet<string> Files(DbConnection connection) =>
        connection.Query<string>("select distinct file from pushed_batch").ToHashSet(StringComparer.Ordinal);

    private static string Word(SourcePart part) => part.IsLabels ? "labels" : "rows";

    private sealed class Row
    {
        public string Dataset { get; init; } = "";
        public string Part { get; init; } = "";
        public string Batch { get; init; } = "";
        public string Body { get; init; } = "";
        public string File { get; init; } = "";
        public long Rows { get; init; }
        public string? TimeColumn { get; init; }
        public long? FirstTime { get; init; }
        public long? LastTime { get; init; }
        public string PushedBy { get; init; } = "";
        public long PushedAt { get; init; }

        public PushedBatch ToBatch() => new(new(Dataset, Part == "labels"), Batch, Body, File, Rows, PushedBy, PushedAt.ToInstant())
        {
            Times = TimeColumn is null ? null : new(TimeColumn, FirstTime!.Value, LastTime!.Value),
        };
    }
}
