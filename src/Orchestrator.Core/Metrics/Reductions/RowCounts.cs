using System.Collections.Immutable;

namespace Orchestrator.Core.Metrics.Reductions;

/// <summary>How many rows there are.</summary>
public sealed class RowCounts : Reduction
{
    public const string Rows = "data_rows";

    public override ImmutableArray<Metric> Metrics =>
        [new(Rows, MetricKind.Data, "rows", "Rows of the dataset in its window.", [], []) { CountsRows = true }];

    public override bool NeedsLabels => false;

    public override IEnumerable<string> Plan(RelationShape shape) =>
        [$"select '' as scope, '' as key, '' as other, count(*) as rows, 0e0 as a, 0e0 as b from {Sql.Name(shape.Table)}"];

    public override IEnumerable<MeasuredValue> Close(RelationShape shape, IReadOnlyList<ReducedRow> rows) =>
        rows.Select(row => MeasuredValue.Whole(Rows, row.Rows, row.Rows));
}
