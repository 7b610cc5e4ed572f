using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Rehearsal;
using Orchestrator.Server.Rehearsal;

namespace Orchestrator.Server;

/// <summary>A running server: it holds the workspace's lock from its start to its disposal.</summary>
public sealed class ServerHost : IAsyncDisposable
{
    public const int MaxBodyBytes = 256 * 1024;

    private readonly WebApplication _app;
    private readonly ILoggerFactory _logging;

    private ServerHost(WebApplication app, Node node, ILoggerFactory logging)
    {
        _app = app;
        Node = node;
        _logging = logging;
    }

    /// <summary>Where it answers.</summary>
    public Uri Url { get; private set; } = new("http://127.0.0.1");

    /// <summary>The file that held the first admin key when it was made.</summary>
    public string AdminKeyFile => WorkspaceFiles.AdminKey(Node.Workspace.Folder);

    public Node Node { get; }

    internal IServiceProvider Parts => _app.Services;

    /// <summary>
    /// Takes the workspace and answers; throws <see cref="ServerOptionsException"/>, <see cref="StoryException"/>,
    /// <see cref="Runtime.Storage.StorageException"/> or <see cref="IOException"/> where it cannot.
    /// </summary>
    public static async Task<ServerHost> StartAsync(ServerOptions options, CancellationToken cancellation)
    {
        options.Check();
        var logging = LoggerFactory.Create(builder => Composition.AddLogging(builder, options.LogLevel));
        Node? node = null;
        WebApplication? app = null;
        try
        {
            node = await Node.OpenAsync(NodeSetup.Of(options, logging), cancellation);
            NodeSetup.Remember(options);
            app = Composition.Build(options, node, logging);
            var server = new ServerHost(app, node, logging);
            await server.StartAsync(cancellation);
            return server;
        }
        catch (Exception error)
        {
            await (app?.DisposeAsync() ?? ValueTask.CompletedTask);
            node?.Dispose();
            logging.Dispose();
            ThrowIfTaken(options, error);
            throw;
        }
    }

    /// <summary>The workspace that an operator's file speaks of.</summary>
    public static string WorkspaceOf(string config) => NodeSetup.WorkspaceOf(config);

    /// <summary>Plays the stories of the scenarios that the server was started with, through its schedule, bus and workers, from where they were to their end.</summary>
    public Task<StoryReport> PlayAsync(Action<DateTimeOffset, string> tell, CancellationToken cancellation) =>
        _app.Services.GetService<LiveStory>() is { } story
            ? story.PlayAsync(tell, cancellation)
            : throw new ServerOptionsException("there is no scenario to play; say --play FILE");

    /// <summary>Completes when the server was asked to stop.</summary>
    public Task WaitAsync(CancellationToken cancellation) => _app.WaitForShutdownAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        WorkspaceFiles.Delete(Node.Workspace.Folder, WorkspaceFiles.Server);
        await _app.StopAsync();
        await _app.DisposeAsync();
        Node.Dispose();
        _logging.Dispose();
    }

    private static void ThrowIfTaken(ServerOptions options, Exception error)
    {
        if (error.InnerException is AddressInUseException)
        {
            throw new ServerOptionsException($"the port {options.Port} is in use by another process; say another --port, or 0 for any free one");
        }
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        await _app.Services.GetRequiredService<KeyRing>().EnsureAdminAsync(AdminKeyFile, Node.Clocks.Now, cancellation);
        await _app.StartAsync(cancellation);
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        Url = new Uri(addresses!.Addresses.First());
        WorkspaceFiles.Write(Node.Workspace.Folder, WorkspaceFiles.Server, new ServerFile(Url, Environment.ProcessId));
    }
}
