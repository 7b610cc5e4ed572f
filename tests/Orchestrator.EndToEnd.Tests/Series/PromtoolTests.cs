using System.Diagnostics;

namespace Orchestrator.EndToEnd.Tests.Series;

/// <summary>Prometheus's own tool reads us; its words are its own.</summary>
public sealed class PromtoolTests(PrometheusServer server) : IClassFixture<PrometheusServer>
{
    private static readonly string? _promtool =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "promtool")).FirstOrDefault(File.Exists);

    private string Url => $"http://promtool:{server.Live.AdminKey}@{server.Live.Url.Authority}";

    [Fact]
    public async Task It_asks_for_instants_ranges_series_and_labels()
    {
        Assert.SkipWhen(_promtool is null, "promtool is not installed (Debian: prometheus)");
        Assert.Equal(
            "http_requests_total{instance=\"a\", job=\"api\"} => 600 @[1767571800]\n",
            await RunAsync("query", "instant", "--time=1767571800", Url, "http_requests_total{instance=\"a\"}"));
        Assert.Equal(
            "http_requests_total{instance=\"a\", job=\"api\"} =>\n0 @[1767571200]\n60 @[1767571260]\n",
            await RunAsync("query", "range", "--start=1767571200", "--end=1767571260", "--step=1m", Url, "http_requests_total{instance=\"a\"}"));
        Assert.Equal(
            "{__name__=\"http_requests_total\", instance=\"b\", job=\"api\"}\n",
            await RunAsync("query", "series", "--start=1767571200", "--end=1767571260", "--match=http_requests_total{instance=\"b\"}", Url));
        Assert.Equal("a\nb\n", await RunAsync("query", "labels", "--start=1767571200", "--end=1767571260", Url, "instance"));
    }

    [Fact]
    public async Task It_accepts_exported_rules()
    {
        Assert.SkipWhen(_promtool is null, "promtool is not installed (Debian: prometheus)");
        using var folder = new TempFolder();
        var exported = await Commands.Ended.RunAsync("export", "prometheus", Repository.File("rules"), "--out", folder.Path);
        Assert.Equal((0, ""), (exported.ExitCode, exported.Error));
        var files = Directory.GetFiles(folder.Path, "*.rules.yaml", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        Assert.Contains("SUCCESS", await RunAsync(["check", "rules", .. files]), StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(_promtool!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"promtool {string.Join(' ', arguments)}: {output}{await error}");
        return output;
    }
}
