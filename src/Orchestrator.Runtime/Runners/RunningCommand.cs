using System.Globalization;
using System.Text.Json;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Runners;

/// <summary>The note of a command that runs, on a file of its own, so that a server that was killed leaves nobody behind for good.</summary>
internal sealed class RunningCommand : IDisposable
{
    private readonly string _path;

    private RunningCommand(string path) => _path = path;

    private static string Boot { get; } = File.Exists("/proc/sys/kernel/random/boot_id") ? File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim() : "";

    /// <param name="attempts">The workspace's folder of attempts.</param>
    public static RunningCommand Note(string attempts, ProcessGroup group)
    {
        var folder = Directory.CreateDirectory(FolderOf(attempts)).FullName;
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{group.Leader}-{group.Started}.json"));
        File.WriteAllText(path, Json.Write(new Noted(group.Leader, group.Started, group.Mark, Boot)));
        return new RunningCommand(path);
    }

    /// <summary>Kills what a server that is gone left running; call it only while holding the workspace's lock.</summary>
    public static void KillOrphans(string attempts)
    {
        if (!Directory.Exists(attempts) && !Directory.Exists(FolderOf(attempts)))
        {
            return;
        }

        new ProcessGroup(0, 0, attempts).Kill();
        foreach (var path in Directory.Exists(FolderOf(attempts)) ? Directory.GetFiles(FolderOf(attempts)) : [])
        {
            if (Read(path) is { } noted && noted.Boot == Boot)
            {
                new ProcessGroup(noted.Leader, noted.Started, noted.Mark).Kill();
            }

            File.Delete(path);
        }
    }

    public void Dispose() => File.Delete(_path);

    private static string FolderOf(string attempts) => attempts + ".running";

    /// <summary>Null where the server was killed while it wrote the note: the marks find the command then.</summary>
    private static Noted? Read(string path)
    {
        try
        {
            return Json.Read<Noted>(File.ReadAllText(path));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Noted(int Leader, long Started, string Mark, string Boot);
}
