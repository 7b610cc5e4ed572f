using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Expressions.Peer;

/// <summary>A Prometheus server of its own on a free loopback port, without anything to scrape, stopped at the end; tests that need it skip loudly where none is installed.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly Process _process;
    private readonly HttpClient _client;
    private Task _drained = Task.CompletedTask;

    private PrometheusServer(DirectoryInfo folder, Process process, int port)
    {
        _folder = folder;
        _process = process;
        _client = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")) };
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<PrometheusServer> StartAsync()
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/bin").Select(folder => Path.Combine(folder, "prometheus")).FirstOrDefault(File.Exists);
        Assert.SkipUnless(program is not null, "Prometheus is not installed: apt-get install prometheus");
        var folder = Directory.CreateTempSubdirectory("orchestrator-prometheus-");
        var configuration = Path.Combine(folder.FullName, "prometheus.yml");
        await File.WriteAllTextAsync(configuration, "global: {evaluation_interval: 1m}\n", Cancel);
        var port = FreePort();
        string[] arguments =
        [
            $"--config.file={configuration}", $"--storage.tsdb.path={Path.Combine(folder.FullName, "data")}", string.Create(CultureInfo.InvariantCulture, $"--web.listen-address=127.0.0.1:{port}"),
            "--web.enable-remote-write-receiver", "--storage.tsdb.retention.time=100y",
        ];
        var start = new ProcessStartInfo(program!, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        var server = new PrometheusServer(folder, Process.Start(start)!, port);
        if (await server.FailureToStartAsync() is { } failure)
        {
            await server.DisposeAsync();
            Assert.Fail($"Prometheus did not start: {failure}");
        }

        return server;
    }

    public async Task<string> VersionAsync()
    {
        using var document = JsonDocument.Parse(await _client.GetStringAsync("api/v1/status/buildinfo", Cancel));
        return document.RootElement.GetProperty("data").GetProperty("version").GetString()!;
    }

    public async Task WriteAsync(IEnumerable<LabelledSample> samples)
    {
        using var body = new ByteArrayContent(RemoteWrite.Body(samples));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        body.Headers.ContentEncoding.Add("snappy");
        using var response = await _client.PostAsync("api/v1/write", body, Cancel);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }

    /// <summary>What Prometheus answers at one instant, where the range has no step, or over a range.</summary>
    public async Task<Answer> QueryAsync(string expression, TimeRange range)
    {
        var form = new Dictionary<string, string> { ["query"] = expression };
        foreach (var (name, micros) in range.Step == 0 ? [("time", range.Start)] : new[] { ("start", range.Start), ("end", range.End), ("step", range.Step) })
        {
            form[name] = (micros / 1e6).ToString("F3", CultureInfo.InvariantCulture);
        }

        using var body = new FormUrlEncodedContent(form);
        using var response = await _client.PostAsync(range.Step == 0 ? "api/v1/query" : "api/v1/query_range", body, Cancel);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));
        return Answer.Of(document.RootElement);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        await _drained;
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>None once the server says that it is ready, otherwise all that it said.</summary>
    private async Task<string?> FailureToStartAsync()
    {
        var log = new List<string>();
        while (await _process.StandardError.ReadLineAsync(Cancel) is { } line)
        {
            log.Add(line);
            if (line.Contains("Server is ready", StringComparison.Ordinal))
            {
                _drained = _process.StandardError.ReadToEndAsync(CancellationToken.None);
                return null;
            }
        }

        return string.Join('\n', log);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
