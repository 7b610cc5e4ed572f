using Microsoft.Extensions.Logging;
using Orchestrator.Runtime;
using Orchestrator.Server;

namespace Orchestrator.EndToEnd.Tests.Keys;

/// <summary>A server whose people sign in at a provider on loopback.</summary>
public sealed class ProviderServer : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private LoopbackProvider? _provider;
    private ServerHost? _host;

    internal LoopbackProvider Provider => _provider!;

    public Uri Url => _host!.Url;

    public Node Node => _host!.Node;

    public async ValueTask InitializeAsync()
    {
        _provider = await LoopbackProvider.StartAsync();
        _folder.Write("client.secret", LoopbackProvider.ClientSecret);
        var config = TinySource.Write(_folder);
        await File.AppendAllTextAsync(config, $$"""

            sign_in:
              oidc: {authority: "{{_provider.Issuer}}", client_id: orchestrator, client_secret_file: client.secret, title: The company}
            people:
              "oidc:ml-leads": {roles: [approver]}
              "oidc:root": {roles: [admin]}
              bob@example.org: {roles: [labeler]}
            """);
        _host = await ServerHost.StartAsync(new ServerOptions(_folder["workspace"]) { Config = config, LogLevel = LogLevel.None, Works = false }, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _host!.DisposeAsync();
        await Provider.DisposeAsync();
        _folder.Dispose();
    }
}
