using System.Collections.Immutable;
using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Metrics.Reductions;

/// <summary>What was predicted against what was true: everything that follows from the confusion counts.</summary>
public sealed class Confusions : Reduction
{
    public const string Confusion = "model_confusion_ratio";

    private static readonly ImmutableArray<string> Needs = ["label", "prediction"];

    private static readonly ImmutableArray<(string Measure, string Help)> Measures =
    [
        ("accuracy", "Labelled rows whose prediction equals the label."),
        ("precision", "Of the positive class; with more than two classes the mean over the classes."),
        ("recall", "Of the positive class; with more than two classes the mean over the classes."),
        ("f1", "Of the positive class; with more than two classes the mean over the classes."),
        ("mcc", "Matthews correlation of label and prediction (Gorodkin 2004)."),
    ];

    public override ImmutableArray<Metric> Metrics =>
    [
        .. Measures.Select(m => new Metric($"model_{m.Measure}", MetricKind.Model, Unit(m.Measure), m.Help, [], Needs)),
        .. Measures.Select(m => new Metric($"model_segment_{m.Measure}", MetricKind.Model, Unit(m.Measure), $"The same on the rows of a segment. {m.Help}", ["segment"], Needs)),
        new("model_class_precision", MetricKind.Model, "ratio", "Rows predicted as the class that carry it; absent where it is never predicted.", ["class"], Needs),
        new("model_class_recall", MetricKind.Model, "ratio", "Rows of the class that are predicted as it; absent where no row carries it.", ["class"], Needs),
        new("model_class_f1", MetricKind.Model, "ratio", "Harmonic mean of the class's precision and recall; absent where it is neither label nor prediction.", ["class"], Needs),
        new(Confusion, MetricKind.Model, "ratio", "Rows of a class that are predicted as another one; pairs that never occur have no series.", ["class", "other_class"], Needs),
    ];

    /// <summary>key is the label, other the prediction.</summary>
    public override IEnumerable<string> Plan(RelationShape shape)
    {
        var (label, prediction) = (Sql.Name(RelationShape.Label), Sql.Name(RelationShape.Prediction));
        yield return Sql.ByScope(shape, $"""
            select scope, key, other, count(*) as rows, 0e0 as a, 0e0 as b
            from {Sql.Scoped(shape, $"{label} as key, {prediction} as other", $"{label} is not null and {prediction} is not null")} group by scope, key, other
            """);
    }

    public override IEnumerable<MeasuredValue> Close(RelationShape shape, IReadOnlyList<ReducedRow> rows) =>
        rows.GroupBy(row => row.Scope).SelectMany(scope => CloseScope(shape, scope.Key, [.. scope]));

    private static IEnumerable<MeasuredValue> CloseScope(RelationShape shape, string scope, ReducedRow[] rows)
    {
        var matrix = Matrix(shape.Classes, rows);
        return scope.Length == 0 ? [.. Whole(shape, matrix, scope), .. Classes(shape, matrix), .. Pairs(matrix, rows)] : Whole(shape, matrix, scope);
    }

    private static IEnumerable<MeasuredValue> Whole(RelationShape shape, ConfusionMatrix matrix, string scope)
    {
        var positive = shape.Positive is null ? -1 : shape.Classes.IndexOf(shape.Positive);
        var labels = InScope(scope);
        MeasuredValue Of(string measure, double value) => new(Named(scope, measure), labels, value, matrix.Rows, matrix.Rows);
        yield return MeasuredValue.Share(Named(scope, "accuracy"), labels, (matrix.Correct, matrix.Rows), matrix.Rows);
        yield return Of("precision", positive < 0 ? matrix.MacroPrecision : matrix.Precision(positive));
        yield return Of("recall", positive < 0 ? matrix.MacroRecall : matrix.Recall(positive));
        yield return Of("f1", positive < 0 ? matrix.MacroF1 : matrix.F1(positive));
        yield return Of("mcc", matrix.Mcc);
    }

    private static IEnumerable<MeasuredValue> Classes(RelationShape shape, ConfusionMatrix matrix)
    {
        for (var k = 0; k < shape.Classes.Length; k++)
        {
            var (correct, support, predicted) = (matrix[k, k], matrix.Support(k), matrix.Predicted(k));
            ImmutableArray<(string, string)> labels = [("class", shape.Classes[k])];
            if (predicted > 0)
            {
                yield return MeasuredValue.Share("model_class_precision", labels, (correct, predicted), matrix.Rows);
            }

            if (support > 0)
            {
                yield return MeasuredValue.Share("model_class_recall", labels, (correct, support), matrix.Rows);
            }

            if (support + predicted > 0)
            {
                yield return new("model_class_f1", labels, matrix.F1(k), support + predicted - correct, matrix.Rows);
            }
        }
    }

    private static IEnumerable<MeasuredValue> Pairs(ConfusionMatrix matrix, ReducedRow[] rows)
    {
        var support = rows.GroupBy(row => row.Key).ToDictionary(label => label.Key, label => label.Sum(row => row.Rows));
        return rows.Where(row => row.Key != row.Other)
            .Select(row => MeasuredValue.Share(Confusion, [("class", row.Key), ("other_class", row.Other)], (row.Rows, support[row.Key]), matrix.Rows));
    }

    private static ConfusionMatrix Matrix(ImmutableArray<string> classes, ReducedRow[] rows)
    {
        // A prediction outside of the label set is wrong whatever it is: it has a place of its own behind the classes.
        var counts = new long[classes.Length + 1, classes.Length + 1];
        foreach (var row in rows)
        {
            var (label, prediction) = (classes.IndexOf(row.Key), classes.IndexOf(row.Other));
            counts[label < 0 ? classes.Length : label, prediction < 0 ? classes.Length : prediction] += row.Rows;
        }

        return new(counts);
    }

    private static string Unit(string measure) => measure == "mcc" ? "score" : "ratio";
}
