using System.Buffers.Binary;
using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using Dapper;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Series;

/// <summary>A file with all series as they were in memory up to a batch: for each its number and its compressed chunks.</summary>
/// <param name="Batch">The last batch whose samples are in it.</param>
/// <param name="Sha256">Of the file's bytes.</param>
internal sealed record ChunkSnapshot(long Batch, string Sha256)
{
    private const int BufferSize = 1 << 20;

    public string FileName => string.Create(CultureInfo.InvariantCulture, $"{Batch:d12}-{Sha256[..16]}.chunks");

    /// <summary>The one that is in force; none where there is none.</summary>
    public static ChunkSnapshot? Stored(DbConnection connection) =>
        connection.QuerySingleOrDefault<Row>("select batch as Batch, sha256 as Sha256 from chunk_snapshot where id = 1") is { } row ? new(row.Batch, row.Sha256) : null;

    public void Store(Transaction transaction)
    {
        const string Upsert = """
            insert into chunk_snapshot (id, batch, sha256) values (1, @Batch, @Sha256)
            on conflict (id) do update set batch = excluded.batch, sha256 = excluded.sha256
            """;
        transaction.Execute(Upsert, this);
    }

    public static void Remove(Transaction transaction) => transaction.Execute("delete from chunk_snapshot");

    /// <summary>Writes all series of a view into a file and flushes it to the disk.</summary>
    public static ChunkSnapshot Write(string path, SeriesSnapshot view, IReadOnlyDictionary<Labels, long> numbers, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        using var writer = new ByteWriter(BufferSize);
        foreach (var points in view.All)
        {
            var start = writer.Length;
            writer.Word(0);
            writer.Number(numbers[points.Labels]);
            points.Write(writer);
            writer.SetWord(start, (ulong)(writer.Length - start - sizeof(ulong)));
            if (writer.Length >= BufferSize)
            {
                cancellation.ThrowIfCancellationRequested();
                Flush();
            }
        }

        Flush();
        file.Flush(flushToDisk: true);
        return new ChunkSnapshot(view.Watermark, Convert.ToHexStringLower(hash.GetHashAndReset()));

        void Flush()
        {
            hash.AppendData(writer.Written);
            file.Write(writer.Written);
            writer.Clear();
        }
    }

    /// <summary>The series of a written file; throws <see cref="StorageException"/> where it is not the one that was stored, or names a series that nobody knows.</summary>
    public List<SeriesPoints> Read(string path, IReadOnlyDictionary<long, Labels> labels)
    {
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize, FileOptions.SequentialScan);
            var series = new List<SeriesPoints>();
            var record = new byte[BufferSize];
            Span<byte> size = stackalloc byte[sizeof(ulong)];
            while (file.ReadAtLeast(size, size.Length, throwOnEndOfStream: false) is var read and > 0)
            {
                var length = read == size.Length ? BinaryPrimitives.ReadInt64LittleEndian(size) : throw new FormatException("it is cut");
                ArgumentOutOfRangeException.ThrowIfGreaterThan(length, file.Length - file.Position);
                Array.Resize(ref record, (int)Math.Max(record.Length, length));
                var bytes = record.AsSpan(0, (int)length);
                file.ReadExactly(bytes);
                hash.AppendData(size);
                hash.AppendData(bytes);
                series.Add(Points(bytes, labels));
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset()) == Sha256 ? series : throw new FormatException("its digest is another");
        }
        catch (Exception error) when (error is IOException or FormatException or UnauthorizedAccessException or ArgumentException or OverflowException or OutOfMemoryException)
        {
            throw new StorageException($"the samples cannot be read from {path}: {error.Message}", error);
        }
    }

    private static SeriesPoints Points(ReadOnlySpan<byte> bytes, IReadOnlyDictionary<long, Labels> labels)
    {
        var reader = new ByteReader(bytes);
        var number = reader.Number();
        return SeriesPoints.Read(labels.TryGetValue(number, out var known) ? known : throw new FormatException($"no series has the number {number}"), ref reader);
    }

    private sealed class Row
    {
        public long Batch { get; init; }
        public string Sha256 { get; init; } = "";
    }
}
