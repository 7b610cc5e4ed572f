using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Orchestrator.EndToEnd.Tests.Effects;

/// <summary>Debian's RabbitMQ on a free loopback port, with a node, a mapper daemon and a folder of its own; it can be killed and started again.</summary>
internal sealed class Broker : IAsyncDisposable
{
    private const string Server = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    private readonly string _folder = Directory.CreateTempSubdirectory("orchestrator-broker-").FullName;
    private readonly int _mapperPort = FreePort();
    private readonly int _nodePort = FreePort();
    private Process? _mapper;
    private Process? _server;

    private Broker()
    {
    }

    public int Port { get; } = FreePort();

    public string Transport => $"{{rabbitmq: {{host: 127.0.0.1, port: {Port}, user: guest, password_file: {PasswordFile}}}}}";

    private string PasswordFile => Path.Combine(_folder, "password");

    /// <summary>Skips the test where there is no RabbitMQ, or nobody who may start it under its own user.</summary>
    public static async Task<Broker> StartNewAsync(CancellationToken cancellation)
    {
        Assert.SkipUnless(File.Exists(Server), "RabbitMQ is not installed: apt-get install rabbitmq-server");
        Assert.SkipUnless(Environment.UserName == "root", "only root can start RabbitMQ under its own user");
        var broker = new Broker();
        await File.WriteAllTextAsync(broker.PasswordFile, "guest\n", cancellation);
        await File.WriteAllTextAsync(Path.Combine(broker._folder, "rabbitmq.conf"), $"listeners.tcp.1 = 127.0.0.1:{broker.Port}\n", cancellation);
        await File.WriteAllTextAsync(Path.Combine(broker._folder, "enabled_plugins"), "[].\n", cancellation);
        await RunAsync(["chown", "-R", "rabbitmq:rabbitmq", broker._folder], cancellation);
        broker._mapper = broker.Launch("epmd", "-port", $"{broker._mapperPort}");
        try
        {
            await broker.StartAsync(cancellation);
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Completes when it accepts connections.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        _server = Launch(Server);
        var said = new List<string>();
        while (await _server.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            said.Add(line);
            if (line.Contains("completed with", StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"RabbitMQ did not start:\n{string.Join('\n', said)}\n{await _server.StandardError.ReadToEndAsync(cancellation)}");
    }

    /// <summary>Kills it and all of its processes with SIGKILL.</summary>
    public async Task KillAsync(CancellationToken cancellation)
    {
        if (_server is { } server)
        {
            _server = null;
            await KillAsync(server, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync(CancellationToken.None);
        if (_mapper is not null)
        {
            await KillAsync(_mapper, CancellationToken.None);
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static async Task KillAsync(Process process, CancellationToken cancellation)
    {
        // The whole group that setsid made.
        await RunAsync(["sh", "-c", $"kill -KILL -{process.Id}"], cancellation);
        await process.WaitForExitAsync(cancellation);
        process.Dispose();
    }

    private static async Task RunAsync(string[] command, CancellationToken cancellation)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]))!;
        await process.WaitForExitAsync(cancellation);
        Assert.True(process.ExitCode == 0, string.Join(' ', command));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Process Launch(params string[] command)
    {
        string[] arguments = ["setpriv", "--reuid=rabbitmq", "--regid=rabbitmq", "--init-groups", .. command];
        var start = new ProcessStartInfo("setsid", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        foreach (var (name, value) in Settings())
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }

    private Dictionary<string, string> Settings() => new()
    {
        ["HOME"] = _folder,
        ["ERL_EPMD_PORT"] = $"{_mapperPort}",
        ["RABBITMQ_NODENAME"] = $"test{Port}@localhost",
        ["RABBITMQ_CONFIG_FILE"] = Path.Combine(_folder, "rabbitmq.conf"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_folder, "enabled_plugins"),
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_folder, "data"),
        ["RABBITMQ_LOG_BASE"] = Path.Combine(_folder, "log"),
        ["RABBITMQ_PID_FILE"] = Path.Combine(_folder, "pid"),
        ["RABBITMQ_DIST_PORT"] = $"{_nodePort}",
        ["RABBITMQ_USE_LONGNAME"] = "false",
    };
}
