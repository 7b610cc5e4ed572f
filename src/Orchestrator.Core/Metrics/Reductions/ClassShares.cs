using System.Collections.Immutable;

namespace Orchestrator.Core.Metrics.Reductions;

/// <summary>How the labels fall on the classes.</summary>
public sealed class ClassShares : Reduction
{
    public const string Share = "data_class_share";
    public const string Balance = "data_class_balance_ratio";

    public override ImmutableArray<Metric> Metrics =>
    [
        new(Share, MetricKind.Data, "ratio", "Labelled rows that carry the class; 0 for a class of the label set that never appears.", ["class"], ["label"]),
        new(Balance, MetricKind.Data, "ratio", "Entropy of the class shares over its maximum: 1 where all classes are equally frequent.", [], ["label"]),
    ];

    public override IEnumerable<string> Plan(RelationShape shape)
    {
        var label = Sql.Name(RelationShape.Label);
        yield return $"""
            select '' as scope, {label} as key, '' as other, count(*) as rows, 0e0 as a, 0e0 as b
            from {Sql.Name(shape.Table)} where {label} is not null group by all order by key
            """;
    }

    public override IEnumerable<MeasuredValue> Close(RelationShape shape, IReadOnlyList<ReducedRow> rows)
    {
        var n = rows.Sum(row => row.Rows);
        if (n == 0)
        {
            yield break;
        }

        var counts = rows.ToDictionary(row => row.Key, row => row.Rows);
        foreach (var name in shape.Classes)
        {
            yield return MeasuredValue.Share(Share, [("class", name)], (counts.GetValueOrDefault(name), n), n);
        }

        if (shape.Classes.Length > 1)
        {
            var entropy = rows.Sum(row => (double)row.Rows / n * Math.Log((double)n / row.Rows));
            yield return MeasuredValue.Whole(Balance, entropy / Math.Log(shape.Classes.Length), n);
        }
    }
}
