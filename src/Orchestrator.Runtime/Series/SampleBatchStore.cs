using System.Data.Common;
using Dapper;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Series;

/// <summary>A stored batch.</summary>
internal sealed record StoredBatch(long Seq, DateTimeOffset ReceivedAt, string Source, byte[] Body)
{
    /// <summary>The samples with their labels; series that are not known any more are left out.</summary>
    public IEnumerable<LabelledSample> Samples(IReadOnlyDictionary<long, Labels> labels) => BatchBody.IsJson(Body)
        ? BatchBody.ReadJson(Body)
        : BatchBody.Read(Body, Seq).Where(sample => labels.ContainsKey(sample.Series)).Select(sample => new LabelledSample(labels[sample.Series], sample.Sample));

    public IEnumerable<LabelledSample> Samples(Transaction transaction) =>
        Samples(BatchBody.IsJson(Body) ? [] : SeriesCatalog.Find(transaction, BatchBody.Read(Body, Seq).Select(sample => sample.Series)));
}

/// <summary>The rows of batches.</summary>
internal static class SampleBatchStore
{
    private const string Columns = "seq as Seq, received_at as ReceivedAt, source as Source, body as Body";

    public static long Insert(Transaction transaction, DateTimeOffset receivedAt, string source, byte[] body)
    {
        const string Sql = """
            insert into sample_batch (seq, received_at, source, body)
            values ((select coalesce(max(seq), 0) + 1 from sample_batch), @ReceivedAt, @source, @body) returning seq
            """;
        return transaction.Scalar<long>(Sql, new { ReceivedAt = receivedAt.ToMicros(), source, body });
    }

    /// <summary>The batches after one, in order, read as they are asked for.</summary>
    public static IEnumerable<StoredBatch> After(DbConnection connection, long seq) => Between(connection, seq, long.MaxValue);

    public static IEnumerable<StoredBatch> Between(DbConnection connection, long after, long upTo) =>
        connection.Query<Row>($"select {Columns} from sample_batch where seq > @after and seq <= @upTo order by seq", new { after, upTo }, buffered: false).Select(row => row.ToBatch());

    public static StoredBatch? Last(Transaction transaction, string source) =>
        transaction.Single<Row>($"select {Columns} from sample_batch where source = @source order by seq desc limit 1", new { source })?.ToBatch();

    /// <summary>The last batch whose source begins with a text; 0 where there is none.</summary>
    public static long LastOf(DbConnection connection, string beginning) =>
        connection.ExecuteScalar<long>("select coalesce(max(seq), 0) from sample_batch where substr(source, 1, length(@beginning)) = @beginning", new { beginning });

    /// <summary>Sizes of the batches after one that were received up to an instant, in order.</summary>
    public static IEnumerable<(long Seq, long Bytes)> Sizes(DbConnection connection, long after, DateTimeOffset until) =>
        connection.Query<(long, long)>(
            "select seq, length(body) from sample_batch where seq > @after and received_at <= @Until order by seq", new { after, Until = until.ToMicros() }, buffered: false);

    /// <summary>Deletes some of the rows up to a batch, but the last of each source, by which the next one knows which series ended; how many.</summary>
    public static int Delete(Transaction transaction, long upTo)
    {
        const string Sql = """
            delete from sample_batch where seq in (
              select seq from sample_batch b where seq <= @upTo and exists (select 1 from sample_batch later where later.source = b.source and later.seq > b.seq)
              order by seq limit 500)
            """;
        return transaction.Execute(Sql, new { upTo });
    }

    private sealed class Row
    {
        public long Seq { get; init; }
        public long ReceivedAt { get; init; }
        public string Source { get; init; } = "";
        public byte[] Body { get; init; } = [];

        public StoredBatch ToBatch() => new(Seq, ReceivedAt.ToInstant(), Source, Body);
    }
}
