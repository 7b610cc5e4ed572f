using System.Globalization;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Series;

/// <summary>Moves old batches from the database into Parquet files, checked before a row is deleted, and drops what is older or larger than the operator keeps.</summary>
/// <remarks>
/// A kill at any step loses nothing: files are staged, compared with the rows and renamed to their place; one transaction names them and moves the mark up to which
/// rows do not count any more; only then are rows deleted. Folders that no row names are removed at the next run. After each change the memory is written as it is,
/// so that a restart need not compress again; nothing depends on that file.
/// </remarks>
public sealed class SampleCompaction(Database database, SampleStore samples, SampleFolder folder, SampleLimits limits, Clocks clocks)
{
    private const int PartSize = 1_000_000;

    /// <summary>Compacts what is due, then applies the limits; whether anything was done.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        database.Read(connection => { folder.Clear(SampleFileStore.All(connection), ChunkSnapshot.Stored(connection)); return true; });
        var compacted = false;
        while (database.Read(NextRange) is var (after, upTo) && upTo > after)
        {
            await CompactAsync(after, upTo, cancellation).ConfigureAwait(false);
            compacted = true;
        }

        var dropped = await DropAsync(cancellation).ConfigureAwait(false);
        if (compacted || dropped || samples.IsFromFiles)
        {
            await WriteSnapshotAsync(cancellation).ConfigureAwait(false);
        }

        await DeleteRowsAsync(cancellation).ConfigureAwait(false);
        return compacted || dropped;
    }

    /// <summary>Batches that are old enough, as many as make one file; none where they are too few yet.</summary>
    private (long After, long UpTo) NextRange(System.Data.Common.DbConnection connection)
    {
        var after = SampleFileStore.CompactedTo(connection);
        var (upTo, bytes) = (after, 0L);
        foreach (var (seq, size) in SampleBatchStore.Sizes(connection, after, clocks.Now - limits.CompactAfter))
        {
            (upTo, bytes) = (seq, bytes + size);
            if (bytes >= limits.FileBytes)
            {
                break;
            }
        }

        return bytes >= limits.FileBytes / 16 ? (after, upTo) : (after, after);
    }

    private async Task CompactAsync(long after, long upTo, CancellationToken cancellation)
    {
        await database.WriteAsync(samples.Number, cancellation).ConfigureAwait(false);
        var snapshot = samples.Snapshot();
        if (Directory.Exists(folder.Staging))
        {
            Directory.Delete(folder.Staging, recursive: true);
        }

        Directory.CreateDirectory(folder.Staging);
        using var parquet = new SampleParquet();
        var lastTime = WriteParts(parquet, snapshot, (after, upTo), cancellation);
        var sum = Check(parquet, snapshot, (after, upTo));
        var bytes = Directory.EnumerateFiles(folder.Staging).Sum(path => new FileInfo(path).Length);
        var file = new SampleFile(SampleFolder.NameOf(after + 1, upTo), after + 1, upTo, lastTime, sum.Count, bytes);
        folder.Place(file.Name);
        await database.WriteAsync(transaction => SampleFileStore.Add(transaction, file), cancellation).ConfigureAwait(false);
    }

    /// <summary>Writes the batches' samples, series by series, from memory, where they are in order already; the time of the newest.</summary>
    private long WriteParts(SampleParquet parquet, SeriesSnapshot snapshot, (long After, long UpTo) batches, CancellationToken cancellation)
    {
        var (part, count, lastTime) = (0, 0, 0L);
        var written = new List<(long, string)>();
        parquet.Begin();
        foreach (var (id, labels) in samples.Numbered())
        {
            cancellation.ThrowIfCancellationRequested();
            var before = count;
            foreach (var sample in snapshot.Find(labels)?.UpTo(batches.UpTo).Since(batches.After).Samples ?? [])
            {
                parquet.Add(id, sample);
                lastTime = Math.Max(lastTime, sample.Time);
                count++;
            }

            if (count > before)
            {
                written.Add((id, Json.WriteLabels(labels)));
            }

            if (count >= PartSize)
            {
                parquet.Write(PartPath(part++));
                parquet.Begin();
                count = 0;
            }
        }

        parquet.Write(PartPath(part));
        parquet.WriteNames(Path.Combine(folder.Staging, "series.parquet"), ("series", "labels"), written);
        var sources = database.Read(connection => SampleBatchStore.Between(connection, batches.After, batches.UpTo).Select(batch => (batch.Seq, $"{batch.Source} {batch.ReceivedAt:O}")).ToList());
        parquet.WriteNames(Path.Combine(folder.Staging, "batches.parquet"), ("batch", "source"), sources);
        return lastTime;
    }

    private string PartPath(int number) => Path.Combine(folder.Staging, string.Create(CultureInfo.InvariantCulture, $"part-{number:d4}.parquet"));

    /// <summary>Reads the files back and compares them with the rows; throws <see cref="StorageException"/> where they differ.</summary>
    private SampleSum Check(SampleParquet parquet, SeriesSnapshot snapshot, (long After, long UpTo) batches)
    {
        var inFiles = default(SampleSum);
        foreach (var part in SampleFolder.Parts(folder.Staging))
        {
            parquet.Read(part, (long.MinValue, long.MaxValue), (number, read) =>
            {
                foreach (ref readonly var sample in read)
                {
                    inFiles = inFiles.With(number, sample);
                }
            });
        }

        var ids = samples.Numbered().ToDictionary(pair => pair.Labels, pair => pair.Id);
        if (inFiles != InRows(batches, ids, (_, _) => true) && inFiles != InRows(batches, ids, (labels, sample) => Counts(snapshot, labels, sample)))
        {
            throw new StorageException($"the samples of batches {batches.After + 1} to {batches.UpTo} were not written as they are stored: the rows stay");
        }

        return inFiles;
    }

    private SampleSum InRows((long After, long UpTo) batches, Dictionary<Labels, long> ids, Func<Labels, Sample, bool> counts)
    {
        var labels = ids.ToDictionary(pair => pair.Value, pair => pair.Key);
        var sum = default(SampleSum);
        return database.Read(connection =>
        {
            foreach (var batch in SampleBatchStore.Between(connection, batches.After, batches.UpTo))
            {
                var seen = new HashSet<(Labels, long)>();
                foreach (var (of, sample) in batch.Samples(labels))
                {
                    var numbered = sample with { Batch = batch.Seq };
                    sum = counts(of, numbered) && seen.Add((of, sample.Time)) ? sum.With(ids[of], numbered) : sum;
                }
            }

            return sum;
        });
    }

    /// <summary>Whether a sample is seen: not where another one came before it at its instant, nor where it is too old to be kept.</summary>
    private static bool Counts(SeriesSnapshot snapshot, Labels labels, Sample sample) =>
        snapshot.Find(labels)?.At(sample.Time) is { } seen && seen.Time == sample.Time && seen.Batch == sample.Batch;

    private async Task WriteSnapshotAsync(CancellationToken cancellation)
    {
        var view = samples.Snapshot();
        var numbers = samples.Numbered().ToDictionary(pair => pair.Labels, pair => pair.Id);
        var written = ChunkSnapshot.Write(folder.StagedSnapshot, view, numbers, cancellation);
        folder.Place(written);
        await database.WriteAsync(written.Store, cancellation).ConfigureAwait(false);
        samples.IsFromFiles = false;
        database.Read(connection => { folder.Clear(SampleFileStore.All(connection), written); return true; });
    }

    private async Task DeleteRowsAsync(CancellationToken cancellation)
    {
        var compacted = database.Read(SampleFileStore.CompactedTo);
        while (await database.WriteAsync(transaction => SampleBatchStore.Delete(transaction, compacted), cancellation).ConfigureAwait(false) > 0)
        {
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Drops files whose samples are all too old, and then the oldest while they take more room than allowed.</summary>
    private async Task<bool> DropAsync(CancellationToken cancellation)
    {
        var before = (clocks.Now - limits.Keep).ToMicros();
        var files = database.Read(SampleFileStore.All);
        var room = limits.Size - files.Sum(file => file.Bytes);
        var tooMuch = files.TakeWhile(file => (room += file.Bytes) - file.Bytes < 0).ToList();
        var gone = files.Where(file => file.LastTime < before).Union(tooMuch).ToList();
        var oldRows = gone.Count == files.Count ? database.Read(connection => OldUpTo(connection, before)) : 0;
        if (gone.Count > 0 || oldRows > 0)
        {
            await database.WriteAsync(
                transaction =>
                {
                    ChunkSnapshot.Remove(transaction);
                    gone.ForEach(file => SampleFileStore.Remove(transaction, file.Name));
                    SampleFileStore.SetCompactedTo(transaction, oldRows);
                },
                cancellation).ConfigureAwait(false);
        }

        samples.Forget(before, tooMuch.Count > 0 ? tooMuch[^1].LastBatch : 0);
        return gone.Count > 0 || oldRows > 0;
    }

    /// <summary>The last of the rows that follow the files and hold nothing but what is too old; 0 where the first holds more.</summary>
    private long OldUpTo(System.Data.Common.DbConnection connection, long before)
    {
        var labels = samples.Numbered().ToDictionary(pair => pair.Id, pair => pair.Labels);
        return SampleBatchStore.After(connection, SampleFileStore.CompactedTo(connection))
            .TakeWhile(batch => batch.ReceivedAt.ToMicros() < before && batch.Samples(labels).All(sample => sample.Sample.Time < before))
            .Select(batch => batch.Seq).DefaultIfEmpty().Last();
    }
}
