using System.Collections.Immutable;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Metrics.Reductions;

/// <summary>How old the newest row is.</summary>
public sealed class Freshness : Reduction
{
    public const string Seconds = "data_freshness_seconds";

    public override ImmutableArray<Metric> Metrics =>
        [new(Seconds, MetricKind.Data, "seconds", "Time between the newest row, in the window or before it, and the measurement; rows of a later instant do not count.", [], ["time"]) { CountsRows = true }];

    public override bool NeedsLabels => false;

    /// <summary>a is the instant of the newest row in microseconds.</summary>
    public override IEnumerable<string> Plan(RelationShape shape)
    {
        var time = Sql.Name(RelationShape.Time);
        yield return $"""
            select '' as scope, '' as key, '' as other, count(*) as rows, cast(max({time}) as double) as a, 0e0 as b
            from {Sql.Name(shape.AllRows)} where {time} <= {shape.At.ToMicros()} having count(*) > 0
            """;
    }

    public override IEnumerable<MeasuredValue> Close(RelationShape shape, IReadOnlyList<ReducedRow> rows) =>
        rows.Select(row => MeasuredValue.Whole(Seconds, (shape.At.ToMicros() - row.A) / Timestamp.PerSecond, row.Rows));
}
