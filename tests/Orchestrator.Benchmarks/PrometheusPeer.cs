using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Orchestrator.Benchmarks;

/// <summary>Prometheus evaluating the same rules over the same series, which it scrapes from this process.</summary>
internal static class PrometheusPeer
{
    /// <summary>Before that the first ranges, of a minute, are not full, and it has less to do.</summary>
    private static readonly TimeSpan UntilFull = TimeSpan.FromSeconds(70);

    /// <summary>Seconds that its group took, the best of those it reported once it had all samples; null where it is not installed or never evaluated the group.</summary>
    public static async Task<double?> MeasureAsync(RulesWorkload workload, TimeSpan span)
    {
        if (Executable() is not { } executable)
        {
            return null;
        }

        var folder = Directory.CreateTempSubdirectory("bench-prometheus-").FullName;
        var (metrics, web) = (FreePort(), FreePort());
        using var listener = new HttpListener { Prefixes = { $"http://127.0.0.1:{metrics}/" } };
        listener.Start();
        var serving = ServeAsync(listener, workload);
        await File.WriteAllTextAsync(Path.Combine(folder, "rules.yml"), workload.Yaml()).ConfigureAwait(false);
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), $$"""
            global: {scrape_interval: 5s, evaluation_interval: 15s}
            rule_files: [rules.yml]
            scrape_configs: [{job_name: bench, static_configs: [{targets: ["127.0.0.1:{{metrics}}"]}]}]
            """).ConfigureAwait(false);
        using var process = Process.Start(new ProcessStartInfo(executable, [$"--config.file={folder}/prometheus.yml", $"--storage.tsdb.path={folder}/data", $"--web.listen-address=127.0.0.1:{web}", "--log.level=error"]))!;
        try
        {
            return await BestAsync(web, span).ConfigureAwait(false);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync().ConfigureAwait(false);
            listener.Stop();
            await serving.ConfigureAwait(false);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string? Executable() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "prometheus")).FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    private static async Task ServeAsync(HttpListener listener, RulesWorkload workload)
    {
        try
        {
            while (listener.IsListening)
            {
                var context = await listener.GetContextAsync().ConfigureAwait(false);
                workload.Next(0);
                context.Response.ContentType = "text/plain; version=0.0.4";
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(workload.Exposition())).ConfigureAwait(false);
                context.Response.Close();
            }
        }
        catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
        {
            // The benchmark is over.
        }
    }

    private static async Task<double?> BestAsync(int web, TimeSpan span)
    {
        using var client = new HttpClient();
        var (started, full) = (Stopwatch.GetTimestamp(), TimeProvider.System.GetUtcNow() + UntilFull);
        using var ticks = new PeriodicTimer(TimeSpan.FromSeconds(2));
        var seconds = new Dictionary<DateTimeOffset, double>();
        while (seconds.Count < 3 && Stopwatch.GetElapsedTime(started) < span && await ticks.WaitForNextTickAsync().ConfigureAwait(false))
        {
            if (await LastAsync(client, web).ConfigureAwait(false) is var (began, took) && began > full)
            {
                seconds[began] = took;
            }
        }

        return seconds.Count == 0 ? null : seconds.Values.Min();
    }

    /// <summary>When the last evaluation that is over began, and how many seconds it took.</summary>
    private static async Task<(DateTimeOffset Began, double Seconds)?> LastAsync(HttpClient client, int web)
    {
        try
        {
            using var answer = JsonDocument.Parse(await client.GetStringAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{web}/api/v1/rules"))).ConfigureAwait(false));
            var groups = answer.RootElement.GetProperty("data").GetProperty("groups");
            return groups.GetArrayLength() == 0
                ? null
                : (DateTimeOffset.Parse(groups[0].GetProperty("lastEvaluation").GetString()!, CultureInfo.InvariantCulture), groups[0].GetProperty("evaluationTime").GetDouble());
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
