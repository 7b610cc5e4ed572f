using System.Data.Common;
using Dapper;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Series;

/// <summary>The series in memory over the batches in the database and the files they were compacted into: a batch counts once it is committed.</summary>
public sealed class SampleStore
{
    private readonly Lock _gate = new();
    private readonly SeriesHead _head = new();
    private readonly SeriesCatalog _catalog = new();
    private long _measuredUpTo;

    /// <summary>Raised for each batch, in their order, before any snapshot shows it; handlers must be short.</summary>
    public event Action<long, IReadOnlyCollection<LabelledSample>>? Taken;

    /// <summary>Raised when series were forgotten with all their samples, before any snapshot shows it; handlers must be short.</summary>
    public event Action? Forgotten;

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

    /// <summary>Whether the memory had to be built from files, so that it is worth writing for the next start.</summary>
    internal bool IsFromFiles { get; set; }

    public static string OfMonitor(string monitor) => $"monitor:{monitor}";

    public static string OfRules(string group) => $"rules:{group}";

    /// <summary>Rebuilds the memory from what was written of it, or else from the files, and from the batches that came later.</summary>
    /// <param name="warn">Told why the memory had to be rebuilt from the files although it was written.</param>
    public void Load(DbConnection connection, SampleFolder files, Action<string> warn)
    {
        lock (_gate)
        {
            _catalog.Load(connection);
            var byNumber = _catalog.ByNumber();
            var loaded = LoadSnapshot(connection, files, byNumber, warn) ?? LoadFiles(connection, files, byNumber);
            _head.Append(loaded, []);
            var intake = new SampleIntake(_head, byNumber);
            foreach (var batch in SampleBatchStore.After(connection, loaded))
            {
                intake.Add(batch);
            }

            intake.Complete();
            if (intake.HasHeldMany)
            {
                GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true); // what it was held in is as large as all that stays, and nothing else would give it back soon
            }

            _measuredUpTo = Math.Max(_measuredUpTo, SampleBatchStore.LastOf(connection, OfMonitor("")));
        }
    }

    /// <summary>Stores a batch; its samples are seen by evaluations after the commit.</summary>
    public long Append(Transaction transaction, DateTimeOffset receivedAt, string source, IReadOnlyCollection<LabelledSample> samples)
    {
        long[] ids;
        lock (_gate)
        {
            ids = _catalog.Ids(transaction, samples.Select(sample => sample.Labels), hook => Later(transaction, hook));
        }

        var seq = SampleBatchStore.Insert(transaction, receivedAt, source, BatchBody.Write(ids, samples));
        Later(transaction, () => Take(seq, source, samples));
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
    public static IReadOnlyList<Labels> LastLabels(Transaction transaction, string source) =>
        [.. LastBatch(transaction, source).Where(sample => !sample.Sample.IsStale).Select(sample => sample.Labels)];

    /// <summary>The last batch of a source; empty where there is none.</summary>
    public static IReadOnlyList<LabelledSample> LastBatch(Transaction transaction, string source) =>
        SampleBatchStore.Last(transaction, source) is { } batch ? [.. batch.Samples(transaction)] : [];

    /// <summary>The samples of each batch of a source that is in the database, oldest first.</summary>
    public static IReadOnlyList<IReadOnlyList<LabelledSample>> Batches(DbConnection connection, string source)
    {
        var catalog = new SeriesCatalog();
        catalog.Load(connection);
        var labels = catalog.ByNumber();
        return [.. SampleBatchStore.After(connection, 0).Where(batch => batch.Source == source).Select(batch => batch.Samples(labels).ToList())];
    }

    /// <summary>Gives numbers to series that have none: those that an older version stored with their labels.</summary>
    internal void Number(Transaction transaction)
    {
        lock (_gate)
        {
            _catalog.Ids(transaction, _head.Snapshot().All.Select(points => points.Labels), hook => Later(transaction, hook));
        }
    }

    /// <summary>The numbers of all series, in the order of the numbers.</summary>
    internal (long Id, Labels Labels)[] Numbered()
    {
        lock (_gate)
        {
            return [.. _catalog.ByNumber().Select(pair => (pair.Key, pair.Value)).OrderBy(pair => pair.Key)];
        }
    }

    /// <summary>Forgets samples that retention does not keep.</summary>
    internal void Forget(long before, long upToBatch)
    {
        lock (_gate)
        {
            Labels[] gone = [.. _head.DropBefore(before), .. _head.DropUpTo(upToBatch)];
            _catalog.Forget(gone);
            if (gone.Length > 0)
            {
                Forgotten?.Invoke();
            }
        }
    }

    /// <summary>The last batch of the snapshot that was taken in; none where there is no snapshot, or batches after it are in files already.</summary>
    private long? LoadSnapshot(DbConnection connection, SampleFolder files, Dictionary<long, Labels> labels, Action<string> warn)
    {
        if (ChunkSnapshot.Stored(connection) is not { } snapshot || snapshot.Batch < SampleFileStore.CompactedTo(connection))
        {
            return null;
        }

        try
        {
            snapshot.Read(files.PathOf(snapshot), labels).ForEach(points => _head.Add(snapshot.Batch, points));
            return snapshot.Batch;
        }
        catch (StorageException error)
        {
            warn($"{error.Message}; they are read from Parquet and from the database instead, which takes longer");
            return null;
        }
    }

    private long LoadFiles(DbConnection connection, SampleFolder files, Dictionary<long, Labels> labels)
    {
        var (compacted, stored) = (SampleFileStore.CompactedTo(connection), SampleFileStore.All(connection));
        foreach (var points in files.Load(stored, labels))
        {
            _head.Add(compacted, points);
        }

        IsFromFiles = stored.Count > 0;
        return compacted;
    }

    private void Later(Transaction transaction, Action hook) => transaction.AfterCommit(() =>
    {
        lock (_gate)
        {
            hook();
        }
    });

    private void Take(long seq, string source, IReadOnlyCollection<LabelledSample> samples)
    {
        _head.Append(seq, samples);
        Taken?.Invoke(seq, samples);
        _measuredUpTo = source.StartsWith(OfMonitor(""), StringComparison.Ordinal) ? seq : _measuredUpTo;
    }
}
