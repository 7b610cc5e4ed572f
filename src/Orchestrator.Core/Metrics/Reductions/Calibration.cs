using System.Collections.Immutable;
using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Metrics.Reductions;

/// <summary>Whether stated probabilities come true.</summary>
public sealed class Calibration : Reduction
{
    private const string Help = "Expected calibration error over ten equal bins: of the positive class's probability, with more than two classes of the highest one.";
    private static readonly ImmutableArray<string> Needs = ["label", "scores"];

    public override ImmutableArray<Metric> Metrics =>
    [
        new("model_ece", MetricKind.Model, "ratio", Help, [], Needs),
        new("model_segment_ece", MetricKind.Model, "ratio", $"The same on the rows of a segment. {Help}", ["segment"], Needs),
    ];

    /// <summary>key is the bin, a the sum of the probabilities, b the rows in which they came true.</summary>
    public override IEnumerable<string> Plan(RelationShape shape)
    {
        var (probability, outcome) = Scores.Positive(shape) is { } positive
            ? (Sql.Name(RelationShape.Score(positive)), $"{Sql.Name(RelationShape.Label)} = {Sql.Text(shape.Classes[positive])}")
            : ($"list_max({Scores.All(shape)})", $"list_position({Scores.All(shape)}, list_max({Scores.All(shape)})) = {Sql.LabelIndex(shape.Classes)}");
        yield return Sql.ByScope(shape, $"""
            select scope, cast(bin as varchar) as key, '' as other, count(*) as rows, {Sql.FixedSum("p")} as a, cast(count(*) filter (outcome) as double) as b
            from (select scope, p, outcome, least(cast(floor({CalibrationError.Bins} * p) as integer), {CalibrationError.Bins - 1}) as bin
                from {Sql.Scoped(shape, $"{probability} as p, {outcome} as outcome", Scores.Present(shape))})
            group by scope, bin
            """);
    }

    public override IEnumerable<MeasuredValue> Close(RelationShape shape, IReadOnlyList<ReducedRow> rows) => rows.GroupBy(row => row.Scope).Select(scope =>
    {
        var n = scope.Sum(row => row.Rows);
        var error = CalibrationError.FromBins([.. scope.Select(row => (long)row.B)], [.. scope.Select(row => row.A)], n);
        return new MeasuredValue(Named(scope.Key, "ece"), InScope(scope.Key), error, n, n);
    });
}
