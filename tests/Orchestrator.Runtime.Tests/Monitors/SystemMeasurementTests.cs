using System.Globalization;
using Orchestrator.Core.Metrics;
using Orchestrator.Runtime.Monitors;

namespace Orchestrator.Runtime.Tests.Monitors;

/// <summary>Metrics of the serving system, of what serves, and of what moves together with the quality of predictions.</summary>
public sealed class SystemMeasurementTests
{
    private const string Model = """
        model: fraud
        task: {type: binary, positive: "1", threshold: 0.5}
        labels: observed
        """;

    private const string Monitor = """
        monitor: fraud
        model: fraud
        every: 1h
        datasets:
          log:
            connection: data
            path: log.csv
            split: production
            window: 1h
            roles: {id: id, time: at, label: y, prediction: p, error: failed, latency: {column: ms, unit: ms}, system: [queue, host], model_version: version}
        segments: [host]
        min_rows: 4
        metrics: [system, joint, data_freshness_seconds, model_champion_age_seconds, model_champion_info, model_rows_since_training]
        """;

    private const string Header = "id,at,y,p,failed,ms,queue,host,version";

    [Fact]
    public void Requests_errors_freshness_and_the_champion()
    {
        using var folder = new TempFolder();
        File.WriteAllLines(folder["log.csv"],
        [
            Header,
            "1,2026-01-05T22:00:00Z,1,1,,100,1,a,fraud-1",
            "2,2026-01-05T23:10:00Z,1,1,,100,1,a,fraud-2",
            "3,2026-01-05T23:20:00Z,0,1,timeout,300,2,a,fraud-2",
            "4,2026-01-05T23:30:00Z,1,1,false,200,3,b,fraud-2",
            "5,2026-01-05T23:59:00Z,0,0,,200,4,b,fraud-2",
            "6,2026-01-06T00:30:00Z,0,0,,200,4,b,fraud-2",
        ]);
        var request = Measured.Request(folder.Path, Monitor, Model);
        var champion = new ServingChampion("fraud-2", new DateTimeOffset(2026, 1, 5, 22, 0, 0, TimeSpan.Zero));

        var result = Measurement.Run(request with { Inputs = request.Inputs with { Champion = champion } });

        Assert.Empty(result.Shown());
        Assert.Equal(4, result.Value("system_requests_total"));
        Assert.Equal(4 / 3600.0, result.Value("system_requests_per_second"));
        Assert.Equal(0.25, result.Value("system_error_ratio"));
        Assert.Equal(0.2, result.Value("system_latency_seconds", ("quantile", "0.5"))!.Value, 1e-12);
        Assert.Equal(60, result.Value("data_freshness_seconds"));
        Assert.Equal(7200, result.Value("model_champion_age_seconds"));
        Assert.Equal(1, result.Value("model_champion_info", ("version", "fraud-2"), ("model", "fraud")));
        Assert.Equal(4, result.Value("model_rows_since_training"));
    }

    [Fact]
    public void A_window_without_rows_still_tells_how_old_the_newest_row_is()
    {
        using var folder = new TempFolder();
        File.WriteAllLines(folder["log.csv"], [Header, "1,2026-01-05T18:00:00Z,1,1,,100,1,a,fraud-1"]);

        var result = Measured.Run(folder.Path, Monitor, Model);

        Assert.Equal(6 * 3600, result.Value("data_freshness_seconds"));
        Assert.Equal(0, result.Value("system_requests_total"));
        Assert.Null(result.Value("system_error_ratio"));
        Assert.Contains(result.Shown(), text => text.Contains("no dataset gives what \"model_champion_age_seconds\" needs; missing: champion", StringComparison.Ordinal));
    }

    /// <summary>Latency 1 … 8 ms, right on the lower half: ranks are the values, so both coefficients are the same.</summary>
    [Fact]
    public void Latency_against_correctness_by_hand()
    {
        using var folder = new TempFolder();
        File.WriteAllLines(folder["log.csv"], [Header, .. Enumerable.Range(1, 8).Select(i => Row(i, i <= 4, i, "a"))]);

        var result = Measured.Run(folder.Path, Monitor, Model);

        // Σ(x − 4.5)² = 42, Σ(y − ½)² = 2, Σ(x − 4.5)(y − ½) = −8: r = −8 / √84; with t = r·√(6 / (1 − r²)) scipy 1.10 gives p.
        var r = -8 / Math.Sqrt(84);
        foreach (var variant in new[] { "point_biserial", "spearman" })
        {
            Assert.Equal(r, result.Value("joint_correlation", ("column", "latency"), ("with", "correct"), ("variant", variant))!.Value, 1e-12);
            Assert.Equal(0.004659214943993943, result.Value("joint_correlation_pvalue", ("column", "latency"), ("with", "correct"), ("variant", variant))!.Value, 1e-12);
        }

        Assert.Equal(r, result.Value("joint_correlation", ("column", "queue"), ("with", "correct"), ("variant", "spearman"))!.Value, 1e-12);
    }

    /// <summary>Host b is slower and its model is worse; on each host alone right and wrong rows have the same latencies.</summary>
    [Fact]
    public void A_confounder_does_not_pass()
    {
        using var folder = new TempFolder();
        var a = Enumerable.Range(0, 400).Select(i => Row(i, i % 10 != 0, 10 + (i / 10 % 20), "a"));
        var b = Enumerable.Range(400, 400).Select(i => Row(i, i % 10 < 3, 100 + (i / 10 % 20), "b"));
        File.WriteAllLines(folder["log.csv"], [Header, .. a, .. b]);

        var result = Measured.Run(folder.Path, Monitor, Model);

        foreach (var variant in new[] { "point_biserial", "spearman" })
        {
            Assert.True(result.Value("joint_correlation", ("column", "latency"), ("with", "correct"), ("variant", variant)) < -0.3);
            Assert.True(result.Value("joint_correlation_pvalue", ("column", "latency"), ("with", "correct"), ("variant", variant)) < 1e-9);
            Assert.Equal(0, result.Value("joint_correlation", ("column", "latency"), ("with", "correct"), ("variant", $"{variant}_stratified"))!.Value, 1e-9);
            Assert.Equal(1, result.Value("joint_correlation_pvalue", ("column", "latency"), ("with", "correct"), ("variant", $"{variant}_stratified"))!.Value, 1e-6);
        }
    }

    [Fact]
    public void What_holds_on_every_host_passes()
    {
        using var folder = new TempFolder();
        var rows = Enumerable.Range(0, 400).Select(i => Row(i, i % 20 < 12, i % 20, i % 40 < 20 ? "a" : "b"));
        File.WriteAllLines(folder["log.csv"], [Header, .. rows]);

        var result = Measured.Run(folder.Path, Monitor, Model);

        // Of 0 … 19 the lower 12 are right: Σ(x − 9.5)² = 665, Σ(y − 0.6)² = 4.8, Σxy = −48; the same on each host.
        var r = -48 / Math.Sqrt(665 * 4.8);
        Assert.Equal(r, result.Value("joint_correlation", ("column", "latency"), ("with", "correct"), ("variant", "point_biserial_stratified"))!.Value, 1e-9);
        Assert.True(result.Value("joint_correlation_pvalue", ("column", "latency"), ("with", "correct"), ("variant", "point_biserial_stratified")) < 1e-9);
    }

    [Fact]
    public void Neither_order_nor_threads_change_a_bit()
    {
        using var folder = new TempFolder();
        var random = new Random(7);
        var rows = Enumerable.Range(0, 3000).Select(i => Row(i, random.Next(3) > 0, Math.Exp(random.NextDouble() * 5), i % 3 == 0 ? "a" : "b")).ToArray();
        File.WriteAllLines(folder["log.csv"], rows.Prepend(Header));
        var expected = Measured.Run(folder.Path, Monitor, Model, threads: 1).Samples;
        foreach (var threads in new[] { 2, 4 })
        {
            random.Shuffle(rows);
            File.WriteAllLines(folder["log.csv"], rows.Prepend(Header));
            Assert.Equal(expected, Measured.Run(folder.Path, Monitor, Model, threads).Samples);
        }
    }

    private static string Row(int i, bool right, double latency, string host) =>
        string.Create(CultureInfo.InvariantCulture, $"{i},2026-01-05T23:30:00Z,1,{(right ? 1 : 0)},0,{latency},{latency},{host},fraud-1");
}
