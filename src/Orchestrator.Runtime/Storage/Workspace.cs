using Orchestrator.Runtime.Runners;

namespace Orchestrator.Runtime.Storage;

/// <summary>The folder that holds everything the system keeps: database, artifacts, dataset versions, models; one process at a time.</summary>
public sealed class Workspace : IDisposable
{
    private readonly FileStream _lock;

    private Workspace(string folder, FileStream @lock)
    {
        Folder = folder;
        _lock = @lock;
    }

    public string Folder { get; }

    public string DatabaseFile => Path.Combine(Folder, "orchestrator.db");

    /// <summary>Output of activities while they run: <c>attempts/KEY/attempt-FENCE</c>.</summary>
    public string Attempts => Path.Combine(Folder, "attempts");

    /// <summary>Makes the folder where it is missing, takes its lock, kills the commands that a process that is gone left running and drops what its attempts left behind; throws <see cref="StorageException"/> where another process holds it.</summary>
    public static Workspace Open(string folder)
    {
        var full = Path.GetFullPath(folder);
        Make(full);
        var path = Path.Combine(full, "orchestrator.lock");
        var workspace = new Workspace(full, Lock(full, path));
        RunningCommand.KillOrphans(workspace.Attempts);
        if (Directory.Exists(workspace.Attempts))
        {
            Directory.Delete(workspace.Attempts, recursive: true);
        }

        return workspace;
    }

    private static FileStream Lock(string folder, string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error)
        {
            throw new StorageException($"the workspace {folder} is in use by another process (its lock is {path})", error);
        }
    }

    /// <summary>A folder that is made here is its owner's alone: it holds keys and data.</summary>
    private static void Make(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public void Dispose() => _lock.Dispose();
}
