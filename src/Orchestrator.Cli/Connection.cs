using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Orchestrator.Server;

namespace Orchestrator.Cli;

/// <summary>The server that a verb talks to: one that is told, one that runs on the workspace, or one hosted here for as long as the verb takes.</summary>
internal sealed class Connection : IAsyncDisposable
{
    private const string DefaultWorkspace = "workspace";

    public static readonly Option<string?> Workspace = new("--workspace")
    {
        Description = "The folder that holds everything the server keeps; where the operator's file says, or \"workspace\".",
    };

    public static readonly Option<string?> Config = new("--config") { Description = "The operator's file, orchestrator.yaml." };

    private static readonly Option<string?> Url = new("--url") { Description = "The server's address. Also: ORCHESTRATOR_URL." };

    private static readonly Option<string?> KeyFile = new("--key-file")
    {
        Description = "A file that holds the API key. Also: ORCHESTRATOR_KEY_FILE; for a server of this machine, admin.key of the workspace.",
    };

    private readonly ServerHost? _hosted;

    private Connection(Uri url, string keyFile, ServerHost? hosted)
    {
        _hosted = hosted;
        Client = new Client(url, ReadKey(keyFile));
    }

    public Client Client { get; }

    public static void AddOptions(Command command)
    {
        command.Add(Workspace);
        command.Add(Config);
        command.Add(Url);
        command.Add(KeyFile);
    }

    public static string WorkspaceOf(ParseResult parsed) =>
        parsed.GetValue(Workspace) ?? (parsed.GetValue(Config) is { } config ? ServerHost.WorkspaceOf(config) : DefaultWorkspace);

    public static async Task<Connection> OpenAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var workspace = WorkspaceOf(parsed);
        var keyFile = parsed.GetValue(KeyFile) ?? terminal.Variable("ORCHESTRATOR_KEY_FILE");
        if ((parsed.GetValue(Url) ?? terminal.Variable("ORCHESTRATOR_URL")) is { } told)
        {
            var url = ReadUrl(told);
            return new Connection(url, keyFile ?? KeyFor(url, workspace), hosted: null);
        }

        keyFile ??= WorkspaceFiles.AdminKey(workspace);
        if (ServerFile.Find(workspace) is { } running && await AnswersAsync(running.Url, cancellation))
        {
            return new Connection(running.Url, keyFile, hosted: null);
        }

        var hosted = await HostAsync(workspace, parsed.GetValue(Config), cancellation);
        return new Connection(hosted.Url, keyFile, hosted);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_hosted is not null)
        {
            await _hosted.DisposeAsync();
        }
    }

    private static async Task<ServerHost> HostAsync(string workspace, string? config, CancellationToken cancellation)
    {
        if (!Directory.Exists(workspace) && config is null)
        {
            throw new CommandException($"there is no workspace \"{workspace}\" and no server to ask; start one with \"orchestrator serve\", or say --workspace or --url");
        }

        var options = new ServerOptions(workspace) { Config = config, LogLevel = LogLevel.Error, Works = false };
        return await ServerHost.StartAsync(options, cancellation);
    }

    private static Uri ReadUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new CommandException($"\"{text}\" is no address of a server; say --url http://HOST:PORT");

    /// <summary>The workspace's own key is never sent to another machine.</summary>
    private static string KeyFor(Uri url, string workspace) =>
        url.IsLoopback ? WorkspaceFiles.AdminKey(workspace) : throw new CommandException($"no key is given for {url.Host}; say --key-file FILE");

    private static string ReadKey(string file)
    {
        if (!File.Exists(file))
        {
            throw new CommandException($"the key file {file} does not exist; say --key-file FILE, or ask an admin for a key");
        }

        return File.ReadAllText(file).Trim();
    }

    /// <summary>Whether anything listens: a server that was killed leaves its address behind.</summary>
    private static async Task<bool> AnswersAsync(Uri url, CancellationToken cancellation)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(IPAddress.Parse(url.Host.Trim('[', ']')), url.Port, cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
