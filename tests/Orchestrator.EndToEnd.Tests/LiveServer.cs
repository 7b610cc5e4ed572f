using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Keys;
using Orchestrator.Server;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>The real server on a free loopback port, over a workspace with ten rows and a rule about them.</summary>
public sealed class LiveServer : IAsyncLifetime
{
    private ServerHost? _host;

    public TempFolder Folder { get; } = new();

    public string Workspace => Folder["workspace"];

    public Uri Url => _host!.Url;

    public Node Node => _host!.Node;

    public string AdminKey => File.ReadAllText(Path.Combine(Workspace, "admin.key")).Trim();

    public T Part<T>()
        where T : notnull => _host!.Parts.GetRequiredService<T>();

    public async ValueTask InitializeAsync() =>
        _host = await ServerHost.StartAsync(
            new ServerOptions(Workspace) { Config = TinySource.Write(Folder), LogLevel = LogLevel.None }, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _host!.DisposeAsync();
        Folder.Dispose();
    }

    /// <summary>A caller with a key; without one where it is null.</summary>
    public Caller Client(string? key) => new(Url, key);

    public Caller Admin() => Client(AdminKey);

    public async Task<Caller> ClientOfAsync(string name, params ImmutableArray<Role> roles)
    {
        var issued = await Part<KeyRing>().IssueAsync(name, roles, "test", DateTimeOffset.UnixEpoch, CancellationToken.None);
        return Client(issued.Text);
    }
}
