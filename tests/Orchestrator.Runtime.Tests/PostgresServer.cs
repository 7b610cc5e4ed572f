using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Orchestrator.Runtime.Tests;

/// <summary>A PostgreSQL server of its own on a free loopback port, stopped with its fixture; tests that need it skip loudly where none is installed.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    public const string Password = "pl4nted-s3cret";

    private readonly TempFolder _folder = new();
    private readonly string? _bin = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Where(Directory.Exists).Order(StringComparer.Ordinal).LastOrDefault()
        : null;

    private int _databases;

    public int Port { get; private set; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (_bin is null)
        {
            return;
        }

        await File.WriteAllTextAsync(_folder["password"], Password, Cancel);
        if (Environment.UserName == "root")
        {
            await RunAsync("chown", "-R", "postgres", _folder.Path);
        }

        await AsPostgresAsync("initdb", "-D", _folder["db"], "-U", "reader", "-A", "scram-sha-256", "--pwfile", _folder["password"], "--no-sync", "-E", "UTF8", "--locale", "C");
        Port = FreePort();
        await StartAsync();
    }

    public async Task StartAsync()
    {
        var options = string.Create(CultureInfo.InvariantCulture, $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=20");
        await AsPostgresAsync("pg_ctl", "-D", _folder["db"], "-w", "-t", "60", "-l", _folder["log"], "-o", options, "start");
    }

    /// <summary>As a machine does that loses its power.</summary>
    public Task StopAsync() => AsPostgresAsync("pg_ctl", "-D", _folder["db"], "-m", "immediate", "-w", "stop");

    /// <summary>A new database; its connection string.</summary>
    public async Task<string> CreateAsync(string sql)
    {
        Assert.SkipUnless(_bin is not null, "PostgreSQL is not installed: no server in /usr/lib/postgresql");
        var name = $"db{++_databases}";
        await RunSqlAsync(Dsn("postgres"), $"create database {name}");
        await RunSqlAsync(Dsn(name), sql);
        return Dsn(name);
    }

    public static async Task RunSqlAsync(string dsn, string sql)
    {
        await using var source = NpgsqlDataSource.Create(dsn);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_bin is not null && File.Exists(Path.Combine(_folder["db"], "postmaster.pid")))
        {
            await StopAsync();
        }

        _folder.Dispose();
    }

    private string Dsn(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Database={database};Username=reader;Password={Password};Pooling=false");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The server refuses to run as root.</summary>
    private Task AsPostgresAsync(string program, params string[] arguments)
    {
        var path = Path.Combine(_bin!, program);
        return Environment.UserName == "root" ? RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments]) : RunAsync(path, arguments);
    }

    private async Task RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { WorkingDirectory = _folder.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {string.Concat(output)}");
    }
}
