using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Metrics.Segments;

namespace Orchestrator.Core.Metrics.LabelErrors;

/// <summary>The metrics that follow from a search for wrong labels.</summary>
public static class LabelErrorMetrics
{
    public const string Ratio = "data_label_error_ratio";
    public const string Rows = "data_label_error_rows";
    public const string SegmentRatio = "data_segment_label_error_ratio";

    /// <summary>The search compares each row with thousands of others.</summary>
    private const int MostRows = 50_000;

    private static readonly MetricParameter JudgedRows = new MetricParameter.Whole("rows", 100, 1_000_000);

    private static readonly ImmutableArray<string> Needs = ["id", "label", RelationShape.Comparable];

    public static readonly ImmutableArray<Metric> Metrics =
    [
        new(Ratio, MetricKind.Data, "ratio", "Labelled rows whose label is suspect by confident learning over out-of-fold probabilities.", [], Needs) { Parameters = [JudgedRows] },
        new(Rows, MetricKind.Data, "rows", "Rows whose label is suspect.", [], Needs),
        new(SegmentRatio, MetricKind.Data, "ratio", "Labelled rows of a segment whose label is suspect.", ["segment"], Needs),
    ];

    /// <summary>Rows among which wrong labels are looked for at most.</summary>
    public static int RowsJudged(ImmutableSortedDictionary<string, JsonElement> parameters) =>
        parameters.TryGetValue(JudgedRows.Name, out var rows) ? rows.GetInt32() : MostRows;

    public static IEnumerable<MeasuredValue> Close(LabelErrorReport report, IEnumerable<SegmentCounts> segments)
    {
        var suspects = report.Flagged.Select(suspect => suspect.Id).ToImmutableArray();
        var rows = report.Ranked.Length;
        yield return MeasuredValue.Share(Ratio, [], (suspects.Length, rows), rows) with { Evidence = suspects };
        yield return MeasuredValue.Whole(Rows, suspects.Length, rows) with { Evidence = suspects };
        foreach (var segment in segments)
        {
            yield return MeasuredValue.Share(SegmentRatio, [("segment", segment.Predicate)], (segment.Bad, segment.Rows), segment.Rows);
        }
    }
}
