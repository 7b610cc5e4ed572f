using System.Collections.Immutable;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Metrics.Statistics;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Models;

/// <summary>What a model said of labelled rows: over the classes of labels and model together, a class that it does not know with probability 0.</summary>
/// <param name="Probabilities">Empty where the model gives predictions only: what is computed from probabilities has no value then.</param>
/// <param name="Labels">Places of the labels in <paramref name="Classes"/>.</param>
/// <param name="Positive">Place of the positive class of a binary model; −1 otherwise.</param>
internal sealed record ScoredClasses(ImmutableArray<string> Classes, int[] Labels, double[][] Probabilities, int[] Predictions, int Positive) : ScoredModel
{
    public override bool IsBetter(ScoredModel other, int row) => other is ScoredClasses classes && IsRight(row) && !classes.IsRight(row);

    /// <exception cref="TrainingException">The model gives neither probabilities nor predictions for the rows.</exception>
    public static new ScoredClasses Of(ModelScores scores, FeatureRows rows, ModelTask task)
    {
        var said = scores.Classes.Concat(scores.Predictions ?? []).Concat(rows.Labels.OfType<string>());
        ImmutableArray<string> classes = [.. said.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var places = scores.Classes.Select(name => classes.IndexOf(name)).ToArray();
        var labels = rows.Labels.Select(label => classes.IndexOf(label!)).ToArray();
        var probabilities = scores.Probabilities.Select(row => Spread(row, places, classes.Length)).ToArray();
        var positive = task is ModelTask.Binary binary ? classes.IndexOf(binary.Positive) : -1;
        var threshold = (task as ModelTask.Binary)?.Threshold ?? 0;
        int[] predictions = scores.Predictions is { } given ? [.. given.Select(name => classes.IndexOf(name))] : [.. probabilities.Select(row => Predict(row, positive, threshold))];
        return predictions.Length == rows.Count
            ? new(classes, labels, probabilities, predictions, positive)
            : throw new TrainingException("TRAIN031", $"{predictions.Length} of {rows.Count} rows were scored", "each row has a prediction or a score of each class");
    }

    public override MeasuredModel Measure(IReadOnlyList<int> rows)
    {
        var labels = rows.Select(row => Labels[row]).ToArray();
        var matrix = ConfusionMatrix.Count(labels, rows.Select(row => Predictions[row]).ToArray(), Classes.Length);
        return new(Known(Counted(matrix).Concat(Scored(rows, labels).Select(pair => (pair.Name, pair.Value())))), Interval.Wilson(matrix.Correct, matrix.Rows));
    }

    public override double? Value(string metric, IReadOnlyList<int> rows)
    {
        var labels = rows.Select(row => Labels[row]).ToArray();
        return GateMetric.IsOfProbabilities(metric)
            ? Scored(rows, labels).FirstOrDefault(pair => pair.Name == metric).Value?.Invoke()
            : Counted(ConfusionMatrix.Count(labels, rows.Select(row => Predictions[row]).ToArray(), Classes.Length)).FirstOrDefault(pair => pair.Name == metric).Value;
    }

    public override PairedDifference? Compare(string metric, ScoredModel other, int[] rows) => (metric, other) switch
    {
        ("model_accuracy", _) => null,
        ("model_auroc", ScoredClasses before) => Areas(before, rows),
        (_, ScoredClasses before) => Drawn(metric, other, rows, rows.Count(row => IsChanged(metric, before, row))),
        _ => null,
    };

    /// <summary>Classes that one model does not know have places of their own, so places are told apart by name.</summary>
    private PairedDifference? Areas(ScoredClasses before, int[] rows)
    {
        ImmutableArray<string> compared = Positive < 0 ? Classes : [Classes[Positive]];
        return Probabilities.Length == 0 || before.Probabilities.Length == 0 || compared.Except(before.Classes).Any()
            ? null
            : PairedAuroc.Compare(before.Columns(compared, rows), Columns(compared, rows), [.. rows.Select(row => Labels[row])], [.. compared.Select(name => Classes.IndexOf(name))]);
    }

    private bool IsChanged(string metric, ScoredClasses other, int row) => GateMetric.IsOfProbabilities(metric)
        ? Probabilities.Length > 0 && other.Probabilities.Length > 0 && Classes.Union(other.Classes).Any(name => Probability(row, name) != other.Probability(row, name))
        : Classes[Predictions[row]] != other.Classes[other.Predictions[row]];

    private double Probability(int row, string name) => Classes.IndexOf(name) is >= 0 and var place ? Probabilities[row][place] : 0;

    private double[][] Columns(IEnumerable<string> classes, int[] rows) =>
        [.. classes.Select(name => Classes.IndexOf(name)).Select(place => rows.Select(row => Probabilities[row][place]).ToArray())];

    private bool IsRight(int row) => Predictions[row] == Labels[row];

    private IEnumerable<(string Name, double? Value)> Counted(ConfusionMatrix matrix) => matrix.Rows == 0 ? [] :
    [
        ("model_accuracy", matrix.Accuracy),
        ("model_precision", Positive < 0 ? matrix.MacroPrecision : matrix.Precision(Positive)),
        ("model_recall", Positive < 0 ? matrix.MacroRecall : matrix.Recall(Positive)),
        ("model_f1", Positive < 0 ? matrix.MacroF1 : matrix.F1(Positive)),
        ("model_mcc", matrix.Mcc),
    ];

    private IEnumerable<(string Name, Func<double?> Value)> Scored(IReadOnlyList<int> rows, int[] labels)
    {
        if (rows.Count == 0 || Probabilities.Length == 0)
        {
            return [];
        }

        return Positive < 0 ? OfClasses(rows, labels) : OfPositive(rows, labels);
    }

    private IEnumerable<(string Name, Func<double?> Value)> OfClasses(IReadOnlyList<int> rows, int[] labels)
    {
        var all = new Lazy<ClassProbabilities>(() => new(Classes.Length, [.. rows.SelectMany(row => Probabilities[row])]));
        return
        [
            ("model_auroc", () => Auroc.MacroOneVsRest(all.Value, labels)), ("model_log_loss", () => LogLoss.Multiclass(all.Value, labels)),
            ("model_brier", () => Brier.Multiclass(all.Value, labels)), ("model_ece", () => CalibrationError.TopLabel(all.Value, labels)),
        ];
    }

    private IEnumerable<(string Name, Func<double?> Value)> OfPositive(IReadOnlyList<int> rows, int[] labels)
    {
        var positives = labels.Select(label => label == Positive).ToArray();
        var column = rows.Select(row => Probabilities[row][Positive]).ToArray();
        return
        [
            ("model_auroc", () => Auroc.Binary(column, positives)), ("model_log_loss", () => LogLoss.Binary(column, positives)),
            ("model_brier", () => Brier.Binary(column, positives)), ("model_ece", () => CalibrationError.Binary(column, positives)),
        ];
    }

    private static double[] Spread(double[] scores, int[] places, int classes)
    {
        var row = new double[classes];
        for (var i = 0; i < scores.Length; i++)
        {
            row[places[i]] = scores[i];
        }

        return row;
    }

    private static int Predict(double[] probabilities, int positive, double threshold)
    {
        if (positive >= 0 && probabilities.Length == 2)
        {
            return probabilities[positive] >= threshold ? positive : 1 - positive;
        }

        return Array.IndexOf(probabilities, probabilities.Max());
    }
}
