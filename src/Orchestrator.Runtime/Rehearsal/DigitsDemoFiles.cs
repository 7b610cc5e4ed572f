using System.Collections.Immutable;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>Where the demo's rows lie; the truth files answer label tasks and must stay out of every connection's folder.</summary>
public sealed record DigitsDemoFiles(string Train, ImmutableArray<string> Batches, string TrainTruth, string ProductionTruth)
{
    public static DigitsDemoFiles Under(string folder) => new(
        Path.Combine(folder, "source", "train.csv"),
        [.. Enumerable.Range(1, DigitsDemo.Batches).Select(i => Path.Combine(folder, "source", "production", $"batch-{i:0000}.csv"))],
        Path.Combine(folder, "truth", "train-truth.csv"),
        Path.Combine(folder, "truth", "production-truth.csv"));
}
