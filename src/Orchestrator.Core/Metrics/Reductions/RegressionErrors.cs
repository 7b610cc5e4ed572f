using System.Collections.Immutable;
using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Metrics.Reductions;

/// <summary>How far predicted numbers are from the true ones.</summary>
public sealed class RegressionErrors : Reduction
{
    private const string Errors = "errors";
    private const string Labels = "labels";
    private const string Scale = "scale";

    private static readonly ImmutableArray<string> Needs = [RelationShape.NumericLabel, RelationShape.NumericPrediction];

    private static readonly ImmutableArray<(string Measure, string Help)> Measures =
    [
        ("mae", "Mean absolute difference of prediction and label."),
        ("rmse", "Root of the mean squared difference of prediction and label."),
        ("r2", "Share of the labels' variance that the predictions explain; negative where they are worse than the mean, absent where all labels are equal."),
    ];

    public override ImmutableArray<Metric> Metrics =>
    [
        .. Measures.Select(m => new Metric($"model_{m.Measure}", MetricKind.Model, Unit(m.Measure), m.Help, [], Needs)),
        .. Measures.Select(m => new Metric($"model_segment_{m.Measure}", MetricKind.Model, Unit(m.Measure), $"The same on the rows of a segment. {m.Help}", ["segment"], Needs)),
    ];

    /// <summary>Sums of the errors and of the labels above the least one, both in units of the range: whole numbers of 2⁻⁵⁸, so that neither order nor threads change a bit.</summary>
    public override IEnumerable<string> Plan(RelationShape shape)
    {
        var (label, prediction) = (Sql.Name(RelationShape.Label), Sql.Name(RelationShape.Prediction));
        var known = $"{label} is not null and {prediction} is not null";
        yield return Sql.ByScope(shape, $"""
            with extent as (select min({label}) as low, greatest(max({label}) - low, max({prediction}) - low, low - min({prediction}), 1e-300) as size from {Sql.Name(shape.Table)} where {known}),
            terms as (select scope, (label - prediction) / size as e, (label - low) / size as y from {Sql.Scoped(shape, $"{label} as label, {prediction} as prediction", known)}, extent),
            sums as (select scope, count(*) as n, {Sql.UnitSum("abs(e)")} as e1, {Sql.UnitSum("e * e")} as e2, {Sql.UnitSum("y")} as y1, {Sql.UnitSum("y * y")} as y2 from terms group by scope)
            select scope, '' as key, unnest(['{Errors}', '{Labels}']) as other, n as rows, unnest([e1, y1]) as a, unnest([e2, y2]) as b from sums
            union all select 0, '', '{Scale}', cast(0 as bigint), low, size from extent where low is not null
            """);
    }

    public override IEnumerable<MeasuredValue> Close(RelationShape shape, IReadOnlyList<ReducedRow> rows)
    {
        var scale = rows.FirstOrDefault(row => row.Other == Scale);
        return scale is null ? [] : rows.Where(row => row.Other != Scale).GroupBy(row => row.Scope).SelectMany(scope => CloseScope(scope.Key, scope.ToDictionary(row => row.Other), scale.B));
    }

    private static IEnumerable<MeasuredValue> CloseScope(string scope, Dictionary<string, ReducedRow> sums, double scale)
    {
        var (errors, labels) = (sums[Errors], sums[Labels]);
        var n = errors.Rows;
        var (mean, square) = (errors.A / n, errors.B / n);
        var error = Math.Sqrt(Math.Max(0, square - (mean * mean)) / n);
        MeasuredValue Of(string measure, double value) => new(Named(scope, measure), InScope(scope), value, n, n);
        yield return Of("mae", mean * scale) with { Interval = Interval.Normal(mean * scale, error * scale) };
        yield return Of("rmse", Math.Sqrt(square) * scale);
        var variance = labels.B - (labels.A * labels.A / n);
        if (variance > labels.B * 1e-14)
        {
            yield return Of("r2", 1 - (errors.B / variance));
        }
    }

    private static string Unit(string measure) => measure == "r2" ? "score" : "label";
}
