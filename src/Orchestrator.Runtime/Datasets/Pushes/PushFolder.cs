using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Datasets.Pushes;

/// <summary>What was pushed, as Parquet files under the workspace named by their hash: <c>pushed/HASH.parquet</c>.</summary>
internal sealed class PushFolder
{
    private readonly string _kept;
    private readonly string _staging;
    private long _written;

    /// <summary>Clears what an earlier process left: half-uploaded batches, and files that no batch names.</summary>
    public PushFolder(Workspace workspace, IReadOnlySet<string> needed)
    {
        _kept = Path.Combine(workspace.Folder, "pushed");
        _staging = Path.Combine(_kept, ".staging");
        if (Directory.Exists(_staging))
        {
            Directory.Delete(_staging, recursive: true);
        }

        Directory.CreateDirectory(_staging);
        foreach (var stray in Directory.EnumerateFiles(_kept).Where(file => !needed.Contains(Path.GetFileNameWithoutExtension(file))))
        {
            File.Delete(stray);
        }
    }

    public string FileOf(string hash) => Path.Combine(_kept, $"{hash}.parquet");

    /// <summary>An empty folder that its maker removes.</summary>
    public string Stage() =>
        Directory.CreateDirectory(Path.Combine(_staging, Interlocked.Increment(ref _written).ToString(CultureInfo.InvariantCulture))).FullName;

    /// <summary>Copies a stream into a file; its hash, or null where it is longer than the limit.</summary>
    public static async Task<string?> ReceiveAsync(Stream body, string path, long limit, CancellationToken cancellation)
    {
        const int block = 128 * 1024;
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(block);
        try
        {
            for (int count; (count = await body.ReadAsync(buffer, cancellation)) > 0;)
            {
                if (file.Length + count > limit)
                {
                    return null;
                }

                hash.AppendData(buffer, 0, count);
                await file.WriteAsync(buffer.AsMemory(0, count), cancellation);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Gives a written file its lasting place; its hash.</summary>
    public async Task<string> KeepAsync(string written, CancellationToken cancellation)
    {
        string hash;
        await using (var file = new FileStream(written, FileMode.Open, FileAccess.ReadWrite))
        {
            hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
            file.Flush(flushToDisk: true);
        }

        DurableFile.Place(written, FileOf(hash));
        return hash;
    }
}
