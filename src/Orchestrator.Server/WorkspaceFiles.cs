using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Server;

/// <summary>The server of a workspace, as it was when it started; it leaves this so that the command line finds it.</summary>
public sealed record ServerFile(Uri Url, int Process)
{
    /// <summary>Null where none left its file; it may be gone.</summary>
    public static ServerFile? Find(string workspace) => WorkspaceFiles.Read<ServerFile>(workspace, WorkspaceFiles.Server);
}

/// <summary>What a workspace was started with last, so that a verb without a server opens it in the same way.</summary>
/// <param name="Config">Absolute path of the operator's file.</param>
/// <param name="Scenarios">Absolute paths of the scenarios whose stories it plays.</param>
internal sealed record StartFile(string? Config, ImmutableArray<string> Scenarios);

/// <summary>The small files beside the database.</summary>
public static class WorkspaceFiles
{
    internal const string Server = "server.json";
    internal const string Start = "start.json";

    public static string AdminKey(string workspace) => Path.Combine(workspace, "admin.key");

    internal static void Write<T>(string workspace, string name, T value)
    {
        var path = Path.Combine(workspace, name);
        File.WriteAllText(path + ".tmp", Json.Write(value));
        File.Move(path + ".tmp", path, overwrite: true);
    }

    internal static void Delete(string workspace, string name) => File.Delete(Path.Combine(workspace, name));

    internal static T? Read<T>(string workspace, string name)
        where T : class
    {
        try
        {
            return Json.Read<T>(File.ReadAllText(Path.Combine(workspace, name)));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }
}
