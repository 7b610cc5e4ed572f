using System.Collections.Immutable;
using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Metrics.Reductions;

/// <summary>Whether scores put the right rows first.</summary>
public sealed class Discrimination : Reduction
{
    private const string Precision = "precision";
    private const string PrecisionHelp = "Area under the precision-recall curve as a step sum over distinct scores (average precision): of the positive class, with more than two classes the "
        + "mean of each against the rest; absent where a class has no rows or all of them.";

    private const string Help = "Area under the ROC curve, ties counting half: of the positive class, with more than two classes the mean of each against the rest; "
        + "absent where a class has no rows or all of them.";

    private static readonly ImmutableArray<string> Needs = ["label", "scores"];

    public override ImmutableArray<Metric> Metrics =>
    [
        new("model_auroc", MetricKind.Model, "ratio", Help, [], Needs),
        new("model_segment_auroc", MetricKind.Model, "ratio", $"The same on the rows of a segment. {Help}", ["segment"], Needs),
        new("model_auprc", MetricKind.Model, "ratio", PrecisionHelp, [], Needs),
        new("model_segment_auprc", MetricKind.Model, "ratio", $"The same on the rows of a segment. {PrecisionHelp}", ["segment"], Needs),
    ];

    /// <summary>
    /// key is the class, rows its positives, a its negatives; b is twice the pairs in which a positive wins plus the pairs that tie, and for precision the sum over the positives of the
    /// precision down to their score.
    /// </summary>
    public override IEnumerable<string> Plan(RelationShape shape)
    {
        var names = Sql.List(shape.ScoredClasses.Select(Sql.Text));
        var scores = Sql.List(shape.ScoredClasses.Select(name => Sql.Name(RelationShape.Score(shape.Classes.IndexOf(name)))));
        yield return $"""
            with rows as (select scope, unnest({names}) as key, unnest({scores}) as score, {Sql.Name(RelationShape.Label)} as label
                from {Sql.Scoped(shape, Scores.Present(shape))}),
            ties as (select scope, key, score, count(*) filter (label = key) as positives, count(*) filter (label <> key) as negatives
                from rows group by scope, key, score),
            ranked as (select *, cast(sum(positives) over above as bigint) as hits, cast(sum(negatives) over above as bigint) as misses
                from ties window above as (partition by scope, key order by score desc rows unbounded preceding)),
            sums as (select scope, key, cast(sum(positives) as bigint) as p, cast(sum(negatives) as bigint) as n,
                2 * cast(p as hugeint) * n + sum(cast(positives as hugeint) * (negatives - 2 * misses)) as wins,
                {Sql.WeightedSum("positives", "cast(hits as double) / (hits + misses)")} as precision
                from ranked group by scope, key)
            select scope, key, unnest(['', '{Precision}']) as other, p as rows, cast(n as double) as a, unnest([cast(wins as double), precision]) as b from sums order by scope, key, other
            """;
    }

    public override IEnumerable<MeasuredValue> Close(RelationShape shape, IReadOnlyList<ReducedRow> rows) =>
        rows.GroupBy(row => row.Scope).SelectMany(scope => CloseScope(shape, scope.Key, [.. scope]));

    private static IEnumerable<MeasuredValue> CloseScope(RelationShape shape, string scope, ReducedRow[] rows)
    {
        var n = rows[0].Rows + (long)rows[0].A;
        var classes = rows.Where(row => row.Other != Precision).ToArray();
        if (classes.Any(row => row.Rows == 0 || row.A is 0))
        {
            yield break;
        }

        var area = classes.Sum(row => Auroc.FromWins(row.B, row.Rows, (long)row.A)!.Value) / classes.Length;
        var value = new MeasuredValue(Named(scope, "auroc"), InScope(scope), area, n, n);
        yield return shape.Positive is null ? value : value with { Interval = Interval.HanleyMcNeil(value.Value, rows[0].Rows, (long)rows[0].A) };
        yield return new(Named(scope, "auprc"), InScope(scope), rows.Where(row => row.Other == Precision).Sum(row => row.B / row.Rows) / classes.Length, n, n);
    }
}
