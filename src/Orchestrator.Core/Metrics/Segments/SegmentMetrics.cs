using System.Collections.Immutable;

namespace Orchestrator.Core.Metrics.Segments;

/// <summary>The metrics of segments that were found to be worse than the rest.</summary>
public static class SegmentMetrics
{
    public const string Effect = "segment_effect";

    public static readonly ImmutableArray<Metric> Metrics =
    [
        new(Effect, MetricKind.Segments, "ratio",
            "Share of bad rows inside the segment minus outside: suspect labels for data_label_error_ratio, wrong predictions for model_accuracy; only segments that are "
            + "significantly worse (Fisher's exact test, false discovery rate 5 %) and that no better segment explains.",
            ["segment", "metric"], ["label"]),
    ];

    public static IEnumerable<MeasuredValue> Close(string metric, IEnumerable<SegmentCandidate> found, long rows) =>
        found.Select(segment => new MeasuredValue(Effect, [("metric", metric), ("segment", segment.Predicate)], segment.Effect, segment.Rows, rows));
}
