using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Server;

/// <summary>A running server: it holds the workspace's lock from its start to its disposal.</summary>
public sealed class ServerHost : IAsyncDisposable
{
    public const int MaxBodyBytes = 256 * 1024;

    private readonly WebApplication _app;
    private readonly Workspace _workspace;
    private readonly Database _database;

    private ServerHost(WebApplication app, Workspace workspace, Database database)
    {
        _app = app;
        _workspace = workspace;
        _database = database;
    }

    /// <summary>Where it answers.</summary>
    public Uri Url { get; private set; } = new("http://127.0.0.1");

    /// <summary>The file that held the first admin key when it was made.</summary>
    public string AdminKeyFile => ServerFile.AdminKeyOf(_workspace.Folder);

    internal IServiceProvider Parts => _app.Services;

    /// <summary>Takes the workspace and answers; throws <see cref="ServerOptionsException"/>, <see cref="StorageException"/> or <see cref="IOException"/> where it cannot.</summary>
    public static async Task<ServerHost> StartAsync(ServerOptions options, Clocks clocks, CancellationToken cancellation)
    {
        options.Check();
        var workspace = Workspace.Open(options.Workspace);
        Database? database = null;
        try
        {
            database = Database.Open(workspace.DatabaseFile, clocks.Real);
            var server = new ServerHost(Composition.Build(options, clocks, database), workspace, database);
            await server.StartAsync(cancellation);
            return server;
        }
        catch
        {
            database?.Dispose();
            workspace.Dispose();
            throw;
        }
    }

    /// <summary>Completes when the server was asked to stop.</summary>
    public Task WaitAsync(CancellationToken cancellation) => _app.WaitForShutdownAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        ServerFile.Delete(_workspace.Folder);
        await _app.StopAsync();
        await _app.DisposeAsync();
        _database.Dispose();
        _workspace.Dispose();
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        var clocks = _app.Services.GetRequiredService<Clocks>();
        await _app.Services.GetRequiredService<KeyRing>().EnsureAdminAsync(AdminKeyFile, clocks.Now, cancellation);
        await _app.StartAsync(cancellation);
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        Url = new Uri(addresses!.Addresses.First());
        ServerFile.Write(_workspace.Folder, new ServerFile(Url, Environment.ProcessId));
    }
}

/// <summary>What a server leaves in its workspace so that the command line finds it.</summary>
public sealed record ServerFile(Uri Url, int Process)
{
    public static string AdminKeyOf(string workspace) => Path.Combine(workspace, "admin.key");

    /// <summary>The server of a workspace, as it was when it started; null where none left its file. It may be gone.</summary>
    public static ServerFile? Find(string workspace)
    {
        try
        {
            return Json.Read<ServerFile>(File.ReadAllText(PathOf(workspace)));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    internal static void Write(string workspace, ServerFile file)
    {
        var temporary = PathOf(workspace) + ".tmp";
        File.WriteAllText(temporary, Json.Write(file));
        File.Move(temporary, PathOf(workspace), overwrite: true);
    }

    internal static void Delete(string workspace) => File.Delete(PathOf(workspace));

    private static string PathOf(string workspace) => Path.Combine(workspace, "server.json");
}
