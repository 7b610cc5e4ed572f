using System.Data.Common;
using Dapper;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Series;

/// <summary>A folder of Parquet files with the samples of successive batches.</summary>
/// <param name="FirstBatch">The first batch that it holds.</param>
/// <param name="LastBatch">The last batch that it holds.</param>
/// <param name="LastTime">Time of its newest sample, in microseconds.</param>
public sealed record SampleFile(string Name, long FirstBatch, long LastBatch, long LastTime, long Samples, long Bytes);

/// <summary>The rows of sample files, and how far batches were compacted into them.</summary>
internal static class SampleFileStore
{
    private const string Columns = "name as Name, first_batch as FirstBatch, last_batch as LastBatch, last_time as LastTime, samples as Samples, bytes as Bytes";

    /// <summary>In the order of their batches.</summary>
    public static IReadOnlyList<SampleFile> All(DbConnection connection) =>
        connection.Query<Row>($"select {Columns} from sample_file order by first_batch").Select(row => row.ToFile()).ToList();

    public static long CompactedTo(DbConnection connection) => connection.ExecuteScalar<long>("select batch from sample_compaction where id = 1");

    /// <summary>From here on the batches of the file are read from it.</summary>
    public static void Add(Transaction transaction, SampleFile file)
    {
        const string Insert = """
            insert into sample_file (name, first_batch, last_batch, last_time, samples, bytes) values (@Name, @FirstBatch, @LastBatch, @LastTime, @Samples, @Bytes)
            """;
        transaction.Execute(Insert, file);
        SetCompactedTo(transaction, file.LastBatch);
    }

    public static void SetCompactedTo(Transaction transaction, long batch) =>
        transaction.Execute("update sample_compaction set batch = @batch where id = 1 and batch < @batch", new { batch });

    public static void Remove(Transaction transaction, string name) => transaction.Execute("delete from sample_file where name = @name", new { name });

    private sealed class Row
    {
        public string Name { get; init; } = "";
        public long FirstBatch { get; init; }
        public long LastBatch { get; init; }
        public long LastTime { get; init; }
        public long Samples { get; init; }
        public long Bytes { get; init; }

        public SampleFile ToFile() => new(Name, FirstBatch, LastBatch, LastTime, Samples, Bytes);
    }
}
