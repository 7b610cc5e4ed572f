using System.Collections.Immutable;
using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Fixes;

/// <summary>A challenger and the champion on the same labelled rows, none of which the challenger was trained on.</summary>
/// <param name="Digest">Hash of the challenger's artifact that was scored.</param>
/// <param name="Champion">Null where nothing serves yet.</param>
/// <param name="Dataset">The dataset whose rows were scored.</param>
/// <param name="TrainedIds">Rows of the dataset whose id is also among the training rows; they were not scored.</param>
/// <param name="TrainedContents">Rows whose features are those of a training row of another id; they were not scored.</param>
public sealed record ModelEvaluation(
    string Model, string Challenger, string Digest, string? Champion, string Dataset, int TrainedIds, int TrainedContents)
{
    public required PairedResult Overall { get; init; }

    /// <summary>By predicate, such as <c>ink = 'q4'</c>: declared ones, then those found.</summary>
    public ImmutableArray<SegmentResult> Segments { get; init; } = [];

    /// <summary>Growth of the scoring time per row over the champion's, as a ratio; null where it was not measured.</summary>
    public double? LatencyGain { get; init; }
}

/// <summary>Two models on the same rows.</summary>
/// <param name="Champion">Null where there is no champion.</param>
/// <param name="OnlyChampion">Rows that only the champion got right; of numbers, rows to which it came nearer.</param>
/// <param name="OnlyChallenger">Rows that only the challenger got right; of numbers, rows to which it came nearer.</param>
public sealed record PairedResult(int Rows, MeasuredModel? Champion, MeasuredModel Challenger, int OnlyChampion, int OnlyChallenger)
{
    /// <summary>Two-sided p of the difference in correctness (McNemar, exact); of numbers, of the difference in nearness (sign test, which is the same sum).</summary>
    public double PValue => McNemar.Exact(OnlyChampion, OnlyChallenger);

    /// <summary>Two-sided p of the difference in the metric that the gate compares, where that is no count of rows; absent otherwise, or where it has no value.</summary>
    public double? MetricPValue { get; init; }

    /// <summary>Two-sided p of the difference in what the gate compares.</summary>
    public double GatePValue => MetricPValue ?? PValue;

    /// <summary>By how much the challenger is better in a metric; negative where it is worse, null where one of the two has no value.</summary>
    public double? Gain(string metric) =>
        Champion?.Values.TryGetValue(metric, out var before) == true && Challenger.Values.TryGetValue(metric, out var after)
            ? GateMetric.Gain(metric, before, after)
            : null;
}

/// <summary>The result within one segment.</summary>
public sealed record SegmentResult(string Predicate, PairedResult Result)
{
    /// <summary>Of a segment that was found because the challenger loses there: its q among all that were looked at; absent of a segment that the monitor declares.</summary>
    public double? FoundQ { get; init; }
}

/// <summary>What one model reached on some rows.</summary>
/// <param name="Values">By metric name; one that the rows cannot give is absent.</param>
/// <param name="Accuracy">95 % interval of the accuracy (Wilson); absent where numbers are predicted.</param>
public sealed record MeasuredModel(ImmutableSortedDictionary<string, double> Values, Interval? Accuracy);
