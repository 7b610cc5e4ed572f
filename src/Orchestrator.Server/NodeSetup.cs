using Orchestrator.Core.Monitors;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Rehearsal;

namespace Orchestrator.Server;

/// <summary>Reads what a server is to be started with into the options of its node.</summary>
internal static class NodeSetup
{
    private const string RulesFolder = "rules";

    public static NodeOptions Of(ServerOptions options, ILoggerFactory logging)
    {
        var start = Told(options) ?? WorkspaceFiles.Read<StartFile>(options.Workspace, WorkspaceFiles.Start) ?? new StartFile(null, []);
        return start.Scenarios is { IsDefaultOrEmpty: false } scenarios ? StorySetup.ReadAll(scenarios)[0].Options(options.Workspace, logging)
            : start.Config is { } config ? OfConfig(options, config, logging)
            : OfWorkspace(options, logging);
    }

    /// <summary>Keeps what was told, once the workspace is held.</summary>
    public static void Remember(ServerOptions options)
    {
        if (Told(options) is { } told)
        {
            WorkspaceFiles.Write(options.Workspace, WorkspaceFiles.Start, told);
        }
    }

    /// <summary>The operator's file; throws <see cref="ServerOptionsException"/> with its diagnostics where it has errors.</summary>
    public static OperatorFile Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new ServerOptionsException($"the operator's file \"{path}\" does not exist; say --config FILE");
        }

        var read = OperatorFile.Read(path, File.ReadAllText(path));
        return read.Value ?? throw new ServerOptionsException(string.Join('\n', read.Diagnostics));
    }

    /// <summary>The folder of the database, as the operator's file says.</summary>
    public static string WorkspaceOf(string config)
    {
        var database = Path.GetFullPath(Path.Combine(FolderOf(config), Read(config).Database));
        return Path.GetFileName(database) == "orchestrator.db"
            ? Path.GetDirectoryName(database)!
            : throw new ServerOptionsException($"{config}: the database is always named orchestrator.db; say storage: {{sqlite: FOLDER/orchestrator.db}}");
    }

    private static StartFile? Told(ServerOptions options) => options.Config is null && options.Scenarios.IsEmpty
        ? null
        : new StartFile(options.Config is { } config ? Path.GetFullPath(config) : null, [.. options.Scenarios.Select(Path.GetFullPath)]);

    private static NodeOptions OfConfig(ServerOptions options, string config, ILoggerFactory logging) =>
        new(options.Workspace, Read(config), FolderOf(config)) { Logging = logging };

    private static NodeOptions OfWorkspace(ServerOptions options, ILoggerFactory logging)
    {
        var folder = Path.GetFullPath(options.Workspace);
        Directory.CreateDirectory(Path.Combine(folder, RulesFolder));
        var standing = OperatorFile.Read("orchestrator.yaml", $"folder: {RulesFolder}\n").Value!;
        return new NodeOptions(options.Workspace, standing, folder) { Logging = logging };
    }

    private static string FolderOf(string config) => Path.GetDirectoryName(Path.GetFullPath(config))!;
}
