using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Datasets.Queries;

/// <summary>Parquet files under the workspace, named by their hash: <c>snapshots/HASH.parquet</c> for good, <c>snapshots/open/…</c> for what is read again.</summary>
internal sealed class SnapshotFolder
{
    /// <summary>As long a file of an open window stays for those who measure on it.</summary>
    private static readonly TimeSpan OpenFor = TimeSpan.FromHours(2);

    private readonly string _kept;
    private readonly string _open;
    private readonly string _staging;
    private readonly TimeProvider _clock;
    private readonly ConcurrentQueue<(string File, DateTimeOffset At)> _opened = [];
    private long _written;

    /// <summary>Clears what an earlier process left: half-written files, open windows, and files that no snapshot names.</summary>
    public SnapshotFolder(Workspace workspace, IReadOnlySet<string> needed, TimeProvider clock)
    {
        _clock = clock;
        _kept = Path.Combine(workspace.Folder, "snapshots");
        (_open, _staging) = (Path.Combine(_kept, "open"), Path.Combine(_kept, ".staging"));
        foreach (var folder in new[] { _open, _staging })
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            Directory.CreateDirectory(folder);
        }

        foreach (var stray in Directory.EnumerateFiles(_kept).Where(file => !needed.Contains(Path.GetFileNameWithoutExtension(file))))
        {
            File.Delete(stray);
        }
    }

    public string FileOf(string hash) => Path.Combine(_kept, $"{hash}.parquet");

    /// <summary>An empty folder that its maker removes.</summary>
    public string Stage() =>
        Directory.CreateDirectory(Path.Combine(_staging, Interlocked.Increment(ref _written).ToString(CultureInfo.InvariantCulture))).FullName;

    /// <summary>Gives a written file its lasting place; its hash.</summary>
    public async Task<string> KeepAsync(string written, CancellationToken cancellation)
    {
        var hash = await HashAsync(written, cancellation);
        using (var file = new FileStream(written, FileMode.Open, FileAccess.ReadWrite))
        {
            file.Flush(flushToDisk: true);
        }

        DurableFile.Place(written, FileOf(hash));
        return hash;
    }

    /// <summary>Gives a written file a place for as long as a measurement takes, and clears those that had theirs; its path.</summary>
    public string Open(string written)
    {
        while (_opened.TryPeek(out var oldest) && oldest.At < _clock.GetUtcNow() - OpenFor && _opened.TryDequeue(out oldest))
        {
            File.Delete(oldest.File);
        }

        var path = Path.Combine(_open, string.Create(CultureInfo.InvariantCulture, $"{Interlocked.Increment(ref _written)}.parquet"));
        File.Move(written, path);
        _opened.Enqueue((path, _clock.GetUtcNow()));
        return path;
    }

    private static async Task<string> HashAsync(string path, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
    }
}
