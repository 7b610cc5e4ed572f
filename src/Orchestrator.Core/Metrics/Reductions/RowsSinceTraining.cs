using System.Collections.Immutable;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Metrics.Reductions;

/// <summary>How many rows the model that serves has met since it was trained.</summary>
public sealed class RowsSinceTraining : Reduction
{
    public const string Rows = "model_rows_since_training";

    public override ImmutableArray<Metric> Metrics =>
    [
        new(Rows, MetricKind.Model, "rows", "Rows with a time after the training of the champion, in the window or before it; absent where rows have no time.", [],
            [RelationShape.Champion, RelationShape.PredictionLog]) { CountsRows = true },
    ];

    public override bool NeedsLabels => false;

    public override IEnumerable<string> Plan(RelationShape shape)
    {
        var time = Sql.Name(RelationShape.Time);
        if (!shape.Roles.Contains("time"))
        {
            yield break;
        }

        yield return $"""
            select '' as scope, '' as key, '' as other, count(*) as rows, 0e0 as a, 0e0 as b
            from {Sql.Name(shape.AllRows)} where {time} > {shape.TrainedAt!.Value.ToMicros()} and {time} <= {shape.At.ToMicros()}
            """;
    }

    public override IEnumerable<MeasuredValue> Close(RelationShape shape, IReadOnlyList<ReducedRow> rows) => rows.Select(row => MeasuredValue.Whole(Rows, row.Rows, row.Rows));
}
