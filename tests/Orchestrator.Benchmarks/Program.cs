using System.Globalization;
using Orchestrator.Benchmarks;

// deploy/bench.sh runs each part in a process of its own, so that peak memory is that of one part.
switch (args)
{
    case ["generate", var folder, var rows]:
        MetricsBenchmark.Generate(folder, long.Parse(rows, CultureInfo.InvariantCulture));
        return 0;
    case ["measure", var folder]:
        return MetricsBenchmark.Measure(folder);
    case ["rules"]:
        return await RulesBenchmark.RunAsync();
    case ["latency", var folder, var workflows]:
        return await LatencyBenchmark.RunAsync(folder, workflows, seconds: 60);
    default:
        await Console.Error.WriteLineAsync("usage: generate FOLDER ROWS | measure FOLDER | rules | latency FOLDER WORKFLOWS");
        return 2;
}
