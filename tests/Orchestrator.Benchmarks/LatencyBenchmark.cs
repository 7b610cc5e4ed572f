using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Series;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Findings;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Series;

namespace Orchestrator.Benchmarks;

/// <summary>From a batch that is committed to the finding that is open and the fix that is in preparation, on the embedded database, at 1,000 samples a second.</summary>
internal static class LatencyBenchmark
{
    private const int Rules = 100;
    private const int BatchSize = 100;

    public static async Task<int> RunAsync(string folder, string workflows, int seconds)
    {
        Author(folder, workflows);
        var options = new NodeOptions(Path.Combine(folder, "workspace"), OperatorFile.Read("orchestrator.yaml", Operator).Value!, folder) { Logging = NullLoggerFactory.Instance };
        using var node = await Node.OpenAsync(options, CancellationToken.None).ConfigureAwait(false);
        if (node.Revisions.Current is null)
        {
            var attempt = await node.Revisions.SyncAsync(CancellationToken.None).ConfigureAwait(false);
            await Console.Error.WriteLineAsync(string.Join('\n', attempt.Diagnostics)).ConfigureAwait(false);
            return 1;
        }

        var (times, batch) = (new List<double>(), 0);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (batch < seconds * 10 && await ticks.WaitForNextTickAsync().ConfigureAwait(false))
        {
            times.Add(await OneAsync(node, batch++).ConfigureAwait(false));
        }

        var (open, fixes) = node.Database.Read(connection => (FindingStore.List(connection, openOnly: true, 100_000).Count, FixStore.List(connection, openOnly: false, 100_000).Count));
        var sorted = times.Skip(times.Count / 10).Order().ToList();
        Console.WriteLine($"batch of {BatchSize} samples committed -> findings open, fixes in preparation: p50 {sorted[sorted.Count / 2]:F1} ms, p99 {sorted[sorted.Count * 99 / 100]:F1} ms; {times.Count} batches, {open} findings open, {fixes} fixes");
        return 0;
    }

    /// <summary>Milliseconds from the commit of the batch to the commit of what followed from it.</summary>
    private static async Task<double> OneAsync(Node node, int number)
    {
        var now = node.Clocks.Now;
        LabelledSample[] samples = [.. Enumerable.Range(0, BatchSize).Select(i => new LabelledSample(
            Labels.Of("quality", ("model", "bench"), ("part", $"p{((number / 20) + i) % 1000}"), ("kind", $"k{i}")),
            new Sample(now.ToMicros(), i == number % BatchSize ? 0.1 : 0.9)))];
        await node.Database.WriteAsync(transaction => { node.Samples.Append(transaction, now, SampleStore.OfMonitor("bench"), samples); }, CancellationToken.None).ConfigureAwait(false);
        var started = Stopwatch.GetTimestamp();
        await node.RunDueAsync(CancellationToken.None).ConfigureAwait(false);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static string Operator => """
        environment: bench
        folder: .
        storage: {sqlite: workspace/orchestrator.db}
        transport: {in_memory: true}
        """;

    private static void Author(string folder, string workflows)
    {
        Directory.CreateDirectory(Path.Combine(folder, "rules"));
        Directory.CreateDirectory(Path.Combine(folder, "workflows"));
        File.Copy(Path.Combine(workflows, "notify.json"), Path.Combine(folder, "workflows", "notify.json"));
        var rules = Enumerable.Range(0, Rules).Select(i => $$"""
                  - alert: Bad{{i}}
                    expr: quality{kind="k{{i}}"} < 0.5
                    labels: {severity: warning}
                    then: {workflow: notify, inputs: {target: nobody, message: "look"}, approval: required, dedup: [part, kind]}
            """);
        File.WriteAllText(Path.Combine(folder, "rules", "bench.rules.yaml"), $"groups:\n  - name: bench\n    interval: 1m\n    rules:\n{string.Join('\n', rules)}\n");
    }
}
