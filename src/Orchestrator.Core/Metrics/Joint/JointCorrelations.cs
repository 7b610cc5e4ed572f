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

    /// <summary>key is the column, other what it goes with, a the correlation of the values and b that of their ranks among all rows; NaN where one side does not vary.</summary>
    public override IEnumerable<string> Plan(RelationShape shape)
    {
        var pairs = JointPair.All(shape);
        if (pairs.IsEmpty)
        {
            yield break;
        }

        string Listed(Func<JointPair, string> of) => Sql.List(pairs.Select(of));
        var scopes = Sql.List(["''", .. shape.Segments.Select((_, i) => Sql.Name(RelationShape.Segment(i)))]);
        yield return $"""
            with cells as (select unnest({Listed(pair => Sql.Text(pair.Column))}) as key, unnest({Listed(pair => Sql.Text(pair.With))}) as other,
                unnest({Listed(pair => $"cast({pair.X} as double)")}) as x, unnest({Listed(pair => $"cast({pair.Y} as double)")}) as y, {scopes} as scopes from {Sql.Name(shape.Table)}),
            known as (select * from cells where isfinite(x) and isfinite(y)),
            extents as (select key, other, count(*) as n, min(x) as low, greatest(max(x) / 2 - low / 2, 1e-300) as size, min(y) as y_low, greatest(max(y) / 2 - y_low / 2, 1e-300) as y_size
                from known group by key, other),
            {Ranks("x")}, {Ranks("y")},
            placed as (select key, other, scopes, (x / 2 - low / 2) / size as u, (y / 2 - y_low / 2) / y_size as v, 2 * x_rank - n - 1 as r, 2 * y_rank - n - 1 as s
                from known join extents using (key, other) join x_ranks using (key, other, x) join y_ranks using (key, other, y)),
            scoped as (select unnest(scopes) as scope, * exclude (scopes) from placed),
            sums as (select scope, key, other, count(*) as n,
                {Moments("u", "v", Sql.UnitSum)}, {Moments("r", "s", WholeSum)} from scoped where scope is not null group by scope, key, other)
            select scope, key, other, n as rows, {Coefficient("u", "v")} as a, {Coefficient("r", "s")} as b from sums order by scope, key, other
            """;
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

    /// <summary>The middle rank of each distinct value among all rows, from 1.</summary>
    private static string Ranks(string column) => $"""
        {column}_ranks as (select key, other, {column}, cast(sum(ties) over (partition by key, other order by {column} rows unbounded preceding) as bigint) - (ties - 1) / 2 as {column}_rank
            from (select key, other, {column}, cast(count(*) as double) as ties from known group by key, other, {column}))
        """;

    private static string Moments(string x, string y, Func<string, string> sum) => string.Join(", ",
        new[] { (x, x), (y, y), ($"{x}{x}", $"{x} * {x}"), ($"{y}{y}", $"{y} * {y}"), ($"{x}{y}", $"{x} * {y}") }.Select(moment => $"{sum(moment.Item2)} as m_{moment.Item1}"));

    /// <summary>Ranks are halves at most, twice their distance from the middle is whole.</summary>
    private static string WholeSum(string term) => $"cast(sum(cast({term} as bigint)) as double)";

    private static string Coefficient(string x, string y)
    {
        var (spread, otherSpread) = ($"(n * m_{x}{x} - m_{x} * m_{x})", $"(n * m_{y}{y} - m_{y} * m_{y})");
        return $"case when {spread} > 1e-12 * n * m_{x}{x} and {otherSpread} > 1e-12 * n * m_{y}{y} then (n * m_{x}{y} - m_{x} * m_{y}) / sqrt({spread} * {otherSpread}) else cast('nan' as double) end";
    }
}
