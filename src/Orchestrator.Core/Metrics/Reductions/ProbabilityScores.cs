using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Metrics.Reductions;

/// <summary>How good the stated probabilities are: log loss and Brier's score.</summary>
public sealed class ProbabilityScores : Reduction
{
    private static readonly ImmutableArray<string> Needs = ["label", "scores"];

    private static readonly ImmutableArray<(string Measure, string Unit, string Help)> Measures =
    [
        ("log_loss", "nats", "Mean negative logarithm of the probability given to the label; probabilities clipped to [1e-15, 1 - 1e-15]."),
        ("brier", "score", "Mean squared difference of probability and outcome: of the positive class (0 to 1), with more than two classes summed over them (0 to 2)."),
    ];

    public override ImmutableArray<Metric> Metrics =>
    [
        .. Measures.Select(m => new Metric($"model_{m.Measure}", MetricKind.Model, m.Unit, m.Help, [], Needs)),
        .. Measures.Select(m => new Metric($"model_segment_{m.Measure}", MetricKind.Model, m.Unit, $"The same on the rows of a segment. {m.Help}", ["segment"], Needs)),
    ];

    /// <summary>a is the sum of the losses, b the sum of the squares.</summary>
    public override IEnumerable<string> Plan(RelationShape shape)
    {
        var (loss, square) = Scores.Positive(shape) is { } positive ? Binary(shape, positive) : Multiclass(shape);
        yield return Sql.ByScope(shape, $"""
            select scope, '' as key, '' as other, count(*) as rows, {Sql.FixedSum("loss")} as a, {Sql.FixedSum("square")} as b
            from {Sql.Scoped(shape, $"{loss} as loss, {square} as square", Scores.Present(shape))} group by scope
            """);
    }

    public override IEnumerable<MeasuredValue> Close(RelationShape shape, IReadOnlyList<ReducedRow> rows) => rows.SelectMany(row => new MeasuredValue[]
    {
        new(Named(row.Scope, "log_loss"), InScope(row.Scope), row.A / row.Rows, row.Rows, row.Rows),
        new(Named(row.Scope, "brier"), InScope(row.Scope), row.B / row.Rows, row.Rows, row.Rows),
    });

    private static (string Loss, string Square) Binary(RelationShape shape, int positive)
    {
        var p = Sql.Name(RelationShape.Score(positive));
        var outcome = $"({Sql.Name(RelationShape.Label)} = {Sql.Text(shape.Classes[positive])})";
        return ($"-ln(case when {outcome} then {Clipped(p)} else 1 - {Clipped(p)} end)", $"({p} - cast({outcome} as double)) ** 2");
    }

    private static (string Loss, string Square) Multiclass(RelationShape shape)
    {
        var index = Sql.LabelIndex(shape.Classes);
        var squares = shape.Classes.Select((_, k) => $"({Sql.Name(RelationShape.Score(k))} - cast({index} = {k + 1} as double)) ** 2");
        return ($"-ln({Clipped($"{Scores.All(shape)}[{index}]")})", string.Join(" + ", squares));
    }

    private static string Clipped(string p) =>
        string.Create(CultureInfo.InvariantCulture, $"least(greatest({p}, cast({LogLoss.Clip:R} as double)), cast({1 - LogLoss.Clip:R} as double))");
}
