using System.Collections.Immutable;

namespace Orchestrator.Core.Metrics.Reductions;

/// <summary>How long predictions took.</summary>
public sealed class Latencies : Reduction
{
    public const string Latency = "system_latency_seconds";

    private static readonly ImmutableArray<string> Quantiles = ["0.5", "0.9", "0.95", "0.99"];

    public override ImmutableArray<Metric> Metrics =>
        [new(Latency, MetricKind.System, "seconds", "Quantile of the time that a prediction took, interpolated between neighbouring rows.", ["quantile"], ["latency"])];

    public override bool NeedsLabels => false;

    /// <summary>key is the quantile, a its value.</summary>
    public override IEnumerable<string> Plan(RelationShape shape)
    {
        var latency = Sql.Name(RelationShape.Latency);
        yield return $"""
            select '' as scope, unnest({Sql.List(Quantiles.Select(Sql.Text))}) as key, '' as other, n as rows, unnest(q) as a, 0e0 as b
            from (select count({latency}) as n, quantile_cont({latency}, [{string.Join(", ", Quantiles)}]) as q from {Sql.Name(shape.Table)}) where n > 0
            """;
    }

    public override IEnumerable<MeasuredValue> Close(RelationShape shape, IReadOnlyList<ReducedRow> rows) =>
        rows.Select(row => new MeasuredValue(Latency, [("quantile", row.Key)], row.A, row.Rows, row.Rows));
}
