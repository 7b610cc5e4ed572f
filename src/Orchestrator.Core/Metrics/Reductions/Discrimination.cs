using System.Collections.Immutable;
using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Metrics.Reductions;

/// <summary>Whether scores put the right rows first.</summary>
public sealed class Discrimination : Reduction
{
    private const string Help = "Area under the ROC curve, ties counting half: of the positive class, with more than two classes the mean of each against the rest; "
        + "absent where a class has no rows or all of them.";

    private static readonly ImmutableArray<string> Needs = ["label", "scores"];

    public override ImmutableArray<Metric> Metrics =>
    [
        new("model_auroc", MetricKind.Model, "ratio", Help, [], Needs),
        new("model_segment_auroc", MetricKind.Model, "ratio", $"The same on the rows of a segment. {Help}", ["segment"], Needs),
    ];

    /// <summary>key is the class, rows its positives, a its negatives, b twice the pairs in which a positive wins plus the pairs that tie.</summary>
    public override IEnumerable<string> Plan(RelationShape shape)
    {
        var classes = Scores.Positive(shape) is { } positive ? [positive] : Enumerable.Range(0, shape.Classes.Length).ToArray();
        var names = Sql.List(classes.Select(k => Sql.Text(shape.Classes[k])));
        var scores = Sql.List(classes.Select(k => Sql.Name(RelationShape.Score(k))));
        yield return $"""
            with rows as (select scope, unnest({names}) as key, unnest({scores}) as score, {Sql.Name(RelationShape.Label)} as label
                from {Sql.Scoped(shape, Scores.Present(shape))}),
            ties as (select scope, key, score, count(*) filter (label = key) as positives, count(*) filter (label <> key) as negatives
                from rows group by scope, key, score),
            ranked as (select *, coalesce(sum(negatives) over (partition by scope, key order by score rows between unbounded preceding and 1 preceding), 0) as below from ties)
            select scope, key, '' as other, cast(sum(positives) as bigint) as rows, cast(sum(negatives) as double) as a,
                cast(sum(cast(positives as hugeint) * (2 * below + negatives)) as double) as b
            from ranked group by scope, key order by scope, key
            """;
    }

    public override IEnumerable<MeasuredValue> Close(RelationShape shape, IReadOnlyList<ReducedRow> rows) =>
        rows.GroupBy(row => row.Scope).Select(scope => CloseScope(shape, scope.Key, [.. scope])).OfType<MeasuredValue>();

    private static MeasuredValue? CloseScope(RelationShape shape, string scope, ReducedRow[] rows)
    {
        var areas = rows.Select(row => Auroc.FromWins(row.B, row.Rows, (long)row.A)).ToArray();
        if (areas.Any(area => area is null))
        {
            return null;
        }

        var n = rows[0].Rows + (long)rows[0].A;
        var value = new MeasuredValue(Named(scope, "auroc"), InScope(scope), areas.Sum(area => area!.Value) / areas.Length, n, n);
        return shape.Positive is null ? value : value with { Interval = Interval.HanleyMcNeil(value.Value, rows[0].Rows, (long)rows[0].A) };
    }
}
