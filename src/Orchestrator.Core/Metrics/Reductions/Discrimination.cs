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

    public override IEnumerable<string> Plan(RelationShape shape) => [];

    /// <summary>
    /// key is the class, rows its positives, a its negatives; b is twice the pairs in which a positive wins plus the pairs that tie, and for precision the sum over the positives of the
    /// precision down to their score.
    /// </summary>
    public override IEnumerable<ColumnPlan> Columns(RelationShape shape) => shape.ScoredClasses.Select(name =>
    {
        var score = Sql.Name(RelationShape.Score(shape.Classes.IndexOf(name)));
        var isOfClass = $"cast(case when {Sql.Name(RelationShape.Label)} = {Sql.Text(name)} then 1 else 0 end as usmallint)";
        var columns = string.Join(", ", [score, isOfClass, .. SegmentScopes.Columns(shape)]);
        return new ColumnPlan([$"select {columns} from {Sql.Name(shape.Table)} where {Scores.Present(shape)}"], blocks => Ranked(shape, name, blocks[0]));
    });

    private static IEnumerable<ReducedRow> Ranked(RelationShape shape, string name, ColumnBlock block)
    {
        var ranked = RankedScores.Of(block.Numbers[0], block.Codes[0]);
        return SegmentScopes.Of(shape, block.Codes[1..]).SelectMany(scopes => ranked.Reduce(scopes)).SelectMany(pair => new ReducedRow[]
        {
            new(pair.Scope, name, "", pair.Sums.Positives, pair.Sums.Negatives, pair.Sums.DoubledWins),
            new(pair.Scope, name, Precision, pair.Sums.Positives, pair.Sums.Negatives, pair.Sums.Precision),
        });
    }

    public override IEnumerable<MeasuredValue> Close(RelationShape shape, IReadOnlyList<ReducedRow> rows) =>
        rows.GroupBy(row => row.Scope).SelectMany(scope => CloseScope(shape, scope.Key, [.. scope.OrderBy(row => row.Key, StringComparer.Ordinal)]));

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
