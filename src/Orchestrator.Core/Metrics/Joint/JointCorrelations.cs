using System.Collections.Immutable;
using Orchestrator.Core.Metrics.Reductions;
using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Metrics.Joint;

/// <summary>Whether the serving system and the quality of the predictions move together, also within the segments.</summary>
public sealed class JointCorrelations : Reduction
{
    public const string Name = "joint_correlation";
    public const string PValue = "joint_correlation_pvalue";

    /// <summary>Fewer rows of a stratum say nothing about a correlation.</summary>
    private const int LeastStratum = 10;

    private static readonly ImmutableArray<string> Labels = ["column", "with", "variant"];
    private static readonly ImmutableArray<string> Needs = [RelationShape.OfSystem, RelationShape.AnyPrediction];

    public override ImmutableArray<Metric> Metrics =>
    [
        new(Name, MetricKind.Joint, "score",
            "Correlation of a system column with whether the prediction is correct (of a regression with the absolute error), and with the score: point_biserial or pearson of the values, "
            + "spearman of the ranks; _stratified is what remains within the segments (Fisher's z, pooled), of that way to form segments which leaves the least.", Labels, Needs),
        new(PValue, MetricKind.Joint, "ratio", "Probability of such a correlation or a stronger one between independent columns, two-sided.", Labels, Needs),
    ];

    public override IEnumerable<string> Plan(RelationShape shape) => [];

    /// <summary>key is the column, other what it goes with, a the correlation of the values and b that of their ranks among all rows; NaN where one side does not vary.</summary>
    public override IEnumerable<ColumnPlan> Columns(RelationShape shape) => JointPair.All(shape).Select(pair =>
    {
        string Finite(string value) => $"coalesce(cast({value} as double), cast('nan' as double))";
        var columns = string.Join(", ", [$"{Finite(pair.X)} as x", $"{Finite(pair.Y)} as y", .. SegmentScopes.Columns(shape)]);
        return new ColumnPlan([$"select * from (select {columns} from {Sql.Name(shape.Table)}) where isfinite(x) and isfinite(y)"], blocks => Reduced(shape, pair, blocks[0]));
    });

    private static IEnumerable<ReducedRow> Reduced(RelationShape shape, JointPair pair, ColumnBlock block)
    {
        var walk = JointWalk.Of(block.Numbers[0], block.Numbers[1]);
        return SegmentScopes.Of(shape, block.Codes).SelectMany(walk.Reduce)
            .Select(scope => new ReducedRow(scope.Name, pair.Column, pair.With, scope.Rows, scope.Values, scope.Ranks));
    }

    public override IEnumerable<MeasuredValue> Close(RelationShape shape, IReadOnlyList<ReducedRow> rows) =>
        rows.GroupBy(row => (row.Key, row.Other)).SelectMany(pair => new[] { (Name: pair.Key.Other == JointPair.Correct ? "point_biserial" : "pearson", Of: (Func<ReducedRow, double>)(row => row.A)), ("spearman", row => row.B) }
            .SelectMany(variant => Close(shape, [.. pair], variant.Name, variant.Of)));

    private static MeasuredValue[] Close(RelationShape shape, ReducedRow[] pair, string variant, Func<ReducedRow, double> coefficient)
    {
        var whole = pair.Single(row => row.Scope.Length == 0);
        var correlation = new Correlation(coefficient(whole), whole.Rows);
        if (!double.IsFinite(correlation.Coefficient))
        {
            return [];
        }

        var strata = shape.Segments
            .Select(segment => Correlation.Within(pair.Where(row => row.Scope.StartsWith($"{segment} = '", StringComparison.Ordinal)).Select(row => new Correlation(coefficient(row), row.Rows)), LeastStratum))
            .OfType<(Correlation Pooled, double PValue)>().ToArray();
        var both = Both(whole, variant, correlation, correlation.PValue);
        return strata.Length == 0 ? both : [.. both, .. Weakest(whole, $"{variant}_stratified", strata)];
    }

    private static MeasuredValue[] Weakest(ReducedRow whole, string variant, (Correlation Pooled, double PValue)[] strata)
    {
        var (pooled, p) = strata.OrderByDescending(stratum => stratum.PValue).ThenBy(stratum => Math.Abs(stratum.Pooled.Coefficient)).First();
        return Both(whole, variant, pooled, p);
    }

    private static MeasuredValue[] Both(ReducedRow pair, string variant, Correlation correlation, double p)
    {
        ImmutableArray<(string, string)> labels = [("column", pair.Key), ("with", pair.Other), ("variant", variant)];
        return [new(Name, labels, correlation.Coefficient, correlation.Rows, pair.Rows), new(PValue, labels, p, correlation.Rows, pair.Rows)];
    }
}
