using System.Collections.Concurrent;
using System.Globalization;

namespace Orchestrator.Runtime.Storage;

/// <summary>Files that can be made again at any time, under one folder: each is there whole or not at all, may be deleted by anybody, and those that were not used for longest go first.</summary>
public sealed class KeptFiles
{
    private const string Part = ".part";

    /// <summary>So long a file stays for those who are reading it.</summary>
    private static readonly TimeSpan _inUse = TimeSpan.FromHours(2);

    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, Lock> _making = new(StringComparer.Ordinal);
    private readonly string _folder;
    private readonly TimeProvider _clock;
    private readonly long _mostBytes;
    private long _written;

    /// <summary>Makes the folder where it is missing and clears what an earlier process left half-written.</summary>
    /// <param name="mostBytes">What all files may take together.</param>
    public KeptFiles(string folder, TimeProvider clock, long mostBytes)
    {
        (_folder, _clock, _mostBytes) = (Directory.CreateDirectory(folder).FullName, clock, mostBytes);
        foreach (var part in Directory.GetFiles(_folder, $"*{Part}"))
        {
            File.Delete(part);
        }
    }

    /// <summary>Told of each file that goes.</summary>
    public Action<string>? Gone { get; init; }

    /// <summary>The file of a name; null where it is not there.</summary>
    public string? Find(string name)
    {
        var file = Path.Combine(_folder, name);
        if (!File.Exists(file))
        {
            return null;
        }

        Touch(file);
        return file;
    }

    /// <summary>The file of a name; where it is not there it is made, once, however many ask for it.</summary>
    /// <param name="make">Writes the file to the path that it is given.</param>
    public string Of(string name, Action<string> make, CancellationToken cancellation)
    {
        var file = Path.Combine(_folder, name);
        if (!File.Exists(file))
        {
            MakeOnce(name, file, make, cancellation);
        }

        Touch(file);
        return file;
    }

    private void MakeOnce(string name, string file, Action<string> make, CancellationToken cancellation)
    {
        var making = _making.GetOrAdd(name, _ => new Lock());
        while (!making.TryEnter(_patience))
        {
            cancellation.ThrowIfCancellationRequested();
        }

        try
        {
            if (!File.Exists(file))
            {
                Make(file, make);
            }
        }
        finally
        {
            _making.TryRemove(name, out _);
            making.Exit();
        }
    }

    private void Make(string file, Action<string> make)
    {
        Directory.CreateDirectory(_folder);
        var part = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{Interlocked.Increment(ref _written)}{Part}"));
        try
        {
            make(part);
            File.Move(part, file, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }

        Touch(file);
        Trim();
    }

    private void Touch(string file) => File.SetLastWriteTimeUtc(file, _clock.GetUtcNow().UtcDateTime);

    private void Trim()
    {
        var kept = 0L;
        foreach (var file in new DirectoryInfo(_folder).GetFiles().Where(file => file.Extension != Part).OrderByDescending(file => file.LastWriteTimeUtc))
        {
            kept += file.Length;
            if (kept > _mostBytes && file.LastWriteTimeUtc < _clock.GetUtcNow() - _inUse)
            {
                file.Delete();
                Gone?.Invoke(file.FullName);
            }
        }
    }
}
