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
    case ["samples-ingest", var folder, var series, var seconds]:
        return await SamplesBenchmark.IngestAsync(folder, int.Parse(series, CultureInfo.InvariantCulture), int.Parse(seconds, CultureInfo.InvariantCulture));
    case ["samples-memory", var series]:
        return SamplesBenchmark.Memory(int.Parse(series, CultureInfo.InvariantCulture));
    case ["samples-fill", var folder, var series]:
        return await SamplesBenchmark.FillAsync(folder, int.Parse(series, CultureInfo.InvariantCulture));
    case ["samples-restart", var folder]:
        return SamplesBenchmark.Restart(folder);
    case ["rules"]:
        return RulesBenchmark.Run();
    case ["rules-peer"]:
        return await RulesBenchmark.RunPeerAsync();
    case ["latency", var folder, var workflows]:
        return await LatencyBenchmark.RunAsync(folder, workflows, seconds: 60);
    case ["rows", var folder, var rows]:
        return await RowsBenchmark.RunAsync(folder, long.Parse(rows, CultureInfo.InvariantCulture));
    default:
        await Console.Error.WriteLineAsync("usage: generate FOLDER ROWS | measure FOLDER | samples-ingest FOLDER SERIES SECONDS | samples-memory SERIES | samples-fill FOLDER SERIES | samples-restart FOLDER | rules | rules-peer | latency FOLDER WORKFLOWS | rows FOLDER ROWS");
        return 2;
}
