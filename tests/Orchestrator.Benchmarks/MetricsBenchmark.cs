using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Monitors;

namespace Orchestrator.Benchmarks;

/// <summary>Every metric of a monitor on a large prediction log of 50 columns, in 10 ways to form segments, against a reference.</summary>
internal static class MetricsBenchmark
{
    private const int Numbers = 30;
    private const int Wholes = 7;
    private const int Categories = 5;

    private const string Model = """
        model: bench
        task: {type: binary, positive: "1", threshold: 0.5}
        labels: observed
        """;

    private const string Roles =
        "{id: id, time: at, label: y, scores: {\"1\": p}, latency: {column: latency_ms, unit: ms}, error: failed, system: [queue], model_version: version, features: [\"f_*\", \"i_*\", \"c_*\"]}";

    /// <summary>The same bytes every time: values are hashes of the row's number.</summary>
    public static void Generate(string folder, long rows)
    {
        using var connection = Analytics.Open(new AnalyticsOptions());
        foreach (var (name, seed, shift) in new[] { ("reference", 1, "0"), ("current", 2, "0.3") })
        {
            var path = Path.Combine(folder, name);
            connection.Run($"copy ({Rows(rows, seed, shift)}) to {Sql.Text($"{path}.parquet")} (format parquet)");
            connection.Run($"copy (from {Sql.Text($"{path}.parquet")}) to {Sql.Text($"{path}.csv")} (format csv, header)");
        }
    }

    public static int Measure(string folder)
    {
        var clock = Stopwatch.StartNew();
        var monitor = MonitorFile.Read("bench.monitor.yaml", Authored()).Value ?? throw new InvalidOperationException("the benchmark's monitor cannot be read");
        var model = ModelFile.Read("bench.model.yaml", Model).Value;
        var sources = new DatasetSources(ImmutableDictionary<string, string>.Empty.Add("data", Path.GetFullPath(folder)));
        var at = new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero);
        var inputs = new DatasetInputs(monitor, model, sources, ImmutableDictionary<string, string>.Empty, at)
        {
            Champion = new ServingChampion("bench-1", at.AddDays(-30)),
        };

        var result = Measurement.Run(new MeasurementRequest(inputs, ImmutableDictionary<string, ConfirmedRows>.Empty) { Analytics = new(Environment.ProcessorCount, Path.Combine(folder, "spill")) });

        foreach (var problem in result.Problems)
        {
            Console.Error.WriteLine(problem.Diagnostic);
        }

        var process = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"orchestrator: {clock.Elapsed.TotalSeconds:F1} s, {process.TotalProcessorTime.TotalSeconds:F1} s CPU, {process.PeakWorkingSet64 / 1e9:F2} GB at most, {result.Samples.Length} samples of {result.Samples.Select(sample => sample.Labels.Name).Distinct().Count()} metrics"));
        Console.WriteLine($"digest of all samples: {Digest.Of(string.Join('\n', result.Samples.Select(sample => $"{sample.Labels} {BitConverter.DoubleToInt64Bits(sample.Sample.Value):x}")))}");
        return 0;
    }

    private static string Authored() => $$"""
        monitor: bench
        model: bench
        every: 1d
        datasets:
          reference: {connection: data, path: reference.parquet, split: production, roles: {{Roles}}}
          current: {connection: data, path: current.parquet, split: production, window: 1d, reference: reference, roles: {{Roles}}}
        segments: [c_0, c_1, c_2, c_3, c_4, {{string.Join(", ", Enumerable.Range(0, 5).Select(i => $"{{name: q_{i}, by: quartiles(f_{i})}}"))}}]
        metrics: [data, drift, model, system, joint, segments]
        """;

    private static string Rows(long rows, int seed, string shift)
    {
        string Uniform(int column) => string.Create(CultureInfo.InvariantCulture, $"(hash(i, {column}, {seed}) >> 11) / 9007199254740992.0");
        var numbers = Enumerable.Range(0, Numbers).Select(k => $"sqrt(-2 * ln({Uniform(k)} + 1e-12)) * cos(6.283185307179586 * {Uniform(k + 100)}) + {(k < 3 ? shift : "0")} as f_{k}");
        var wholes = Enumerable.Range(0, Wholes).Select(k => $"cast(floor({Uniform(k + 200)} * {10 * (k + 1) * (k + 1)}) as integer) as i_{k}");
        var categories = Enumerable.Range(0, Categories).Select(k => $"'v' || cast(floor({Uniform(k + 300)} * {4 + k}) as integer) as c_{k}");
        return $"""
            select 'r' || i as id, make_timestamp(1767225600000000 + i * 86400000000 // {rows} + 1) as at,
                case when {Uniform(400)} < p then '1' else '0' end as y, p, exp({Uniform(401)} * 3 + case when c_0 = 'v0' then 1 else 0 end) as latency_ms,
                cast(floor({Uniform(402)} * 20) as integer) as queue, {Uniform(403)} < 0.01 as failed, 'bench-1' as version, * exclude (i, p)
            from (select i, round({Uniform(404)}, 4) as p, {string.Join(", ", numbers.Concat(wholes).Concat(categories))} from range({rows}) t(i))
            """;
    }
}
