using System.Data.Common;
using Dapper;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Series;

/// <summary>The series in memory over the batches in the database: a batch counts once it is committed.</summary>
public sealed class SampleStore
{
    private readonly Lock _gate = new();
    private readonly SeriesHead _head = new();
    private long _measuredUpTo;

    /// <summary>Raised on the writer after a batch was committed; handlers must be short.</summary>
    public event Action? Arrived;

    /// <summary>Raised for each batch, in their order, before any snapshot shows it; handlers must be short.</summary>
    public event Action<long, IReadOnlyCollection<LabelledSample>>? Taken;

    public long Watermark
    {
        get
        {
            lock (_gate)
            {
                return _head.Watermark;
            }
        }
    }

    /// <summary>The last batch that a monitor brought; what rules record does not count.</summary>
    public long MeasuredUpTo
    {
        get
        {
            lock (_gate)
            {
                return _measuredUpTo;
            }
        }
    }

    public static string OfMonitor(string monitor) => $"monitor:{monitor}";

    public static string OfRules(string group) => $"rules:{group}";

    /// <summary>Rebuilds the memory from the stored batches.</summary>
    public void Load(DbConnection connection)
    {
        lock (_gate)
        {
            foreach (var row in connection.Query<BatchRow>("select seq as Seq, source as Source, body as Body from sample_batch order by seq", buffered: false))
            {
                Take(row.Seq, row.Source, Json.Read<List<StoredSample>>(row.Body).Select(sample => sample.ToSample()));
            }
        }
    }

    /// <summary>Stores a batch; its samples are seen by evaluations after the commit.</summary>
    public long Append(Transaction transaction, DateTimeOffset receivedAt, string source, IReadOnlyCollection<LabelledSample> samples)
    {
        const string Insert = "insert into sample_batch (seq, received_at, source, body) values (@seq, @ReceivedAt, @source, @Body)";
        var seq = transaction.Scalar<long>("select coalesce(max(seq), 0) + 1 from sample_batch");
        transaction.Execute(Insert, new { seq, ReceivedAt = receivedAt.ToMicros(), source, Body = Json.Write(samples.Select(StoredSample.Of)) });
        transaction.AfterCommit(() =>
        {
            lock (_gate)
            {
                Take(seq, source, samples);
                Taken?.Invoke(seq, samples);
            }

            Arrived?.Invoke();
        });
        return seq;
    }

    public SeriesSnapshot Snapshot()
    {
        lock (_gate)
        {
            return _head.Snapshot();
        }
    }

    /// <summary>Label sets of the last batch of a source, staleness markers aside.</summary>
    public static IReadOnlyList<Labels> LastLabels(Transaction transaction, string source)
    {
        var body = transaction.Scalar<string>("select body from sample_batch where source = @source order by seq desc limit 1", new { source });
        return body is null
            ? []
            : Json.Read<List<StoredSample>>(body).Where(sample => !sample.ToSample().Sample.IsStale).Select(sample => sample.L).ToList();
    }

    private void Take(long seq, string source, IEnumerable<LabelledSample> samples)
    {
        _head.Append(seq, samples);
        _measuredUpTo = source.StartsWith(OfMonitor(""), StringComparison.Ordinal) ? seq : _measuredUpTo;
    }

    private sealed class BatchRow
    {
        public long Seq { get; init; }
        public string Source { get; init; } = "";
        public string Body { get; init; } = "";
    }

    /// <summary>A sample as it is stored: labels, time, value (null marks staleness), end of validity, rows.</summary>
    private sealed record StoredSample(Labels L, long T, double? V, long U, int N)
    {
        public static StoredSample Of(LabelledSample sample) =>
            new(sample.Labels, sample.Sample.Time, sample.Sample.IsStale ? null : sample.Sample.Value, sample.Sample.ValidUntil, sample.Sample.Rows);

        public LabelledSample ToSample() => new(L, new Sample(T, V ?? Sample.Stale, U, N));
    }
}
