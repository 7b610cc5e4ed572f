using System.Collections.Immutable;

namespace Orchestrator.Core.Metrics.Reductions;

/// <summary>How much was asked of the serving system.</summary>
public sealed class Requests : Reduction
{
    public const string Total = "system_requests_total";
    public const string PerSecond = "system_requests_per_second";

    private static readonly ImmutableArray<string> Needs = [RelationShape.PredictionLog];

    public override ImmutableArray<Metric> Metrics =>
    [
        new(Total, MetricKind.System, "rows", "Requests in the prediction log's window: a count of the window, not one that grows.", [], Needs) { CountsRows = true },
        new(PerSecond, MetricKind.System, "per second", "Requests by seconds of the window; absent where the dataset has none.", [], Needs) { CountsRows = true },
    ];

    public override bool NeedsLabels => false;

    public override IEnumerable<string> Plan(RelationShape shape) =>
        [$"select '' as scope, '' as key, '' as other, count(*) as rows, 0e0 as a, 0e0 as b from {Sql.Name(shape.Table)}"];

    public override IEnumerable<MeasuredValue> Close(RelationShape shape, IReadOnlyList<ReducedRow> rows)
    {
        var n = rows.Sum(row => row.Rows);
        yield return MeasuredValue.Whole(Total, n, n);
        if (shape.Window is { TotalSeconds: > 0 } window)
        {
            yield return MeasuredValue.Whole(PerSecond, n / window.TotalSeconds, n);
        }
    }
}

/// <summary>How many requests failed.</summary>
public sealed class RequestErrors : Reduction
{
    public const string Ratio = "system_error_ratio";

    public override ImmutableArray<Metric> Metrics =>
        [new(Ratio, MetricKind.System, "ratio", "Requests whose error column holds true, a number other than 0, or a text other than empty and false.", [], ["error"])];

    public override bool NeedsLabels => false;

    /// <summary>a counts the errors.</summary>
    public override IEnumerable<string> Plan(RelationShape shape) =>
        [$"select '' as scope, '' as key, '' as other, count(*) as rows, cast(count(*) filter ({Sql.Name(RelationShape.Error)}) as double) as a, 0e0 as b from {Sql.Name(shape.Table)}"];

    public override IEnumerable<MeasuredValue> Close(RelationShape shape, IReadOnlyList<ReducedRow> rows) =>
        rows.Where(row => row.Rows > 0).Select(row => MeasuredValue.Share(Ratio, [], ((long)row.A, row.Rows), row.Rows));
}
