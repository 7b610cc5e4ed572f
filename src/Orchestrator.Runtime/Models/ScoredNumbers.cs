using System.Globalization;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Runtime.Models;

/// <summary>The numbers that a model predicted for labelled rows, beside the right ones.</summary>
internal sealed record ScoredNumbers(double[] Labels, double[] Predictions) : ScoredModel
{
    /// <exception cref="TrainingException">A prediction or a label is no number, or some are missing.</exception>
    public static ScoredNumbers Of(ModelScores scores, FeatureRows rows)
    {
        double[] predictions = [.. (scores.Predictions ?? []).Select(text => Number(text) ?? throw new TrainingException("TRAIN034", $"the prediction \"{text}\" is no number", "a finite number for each row"))];
        double[] labels = [.. rows.Labels.Select((text, row) => Number(text) ?? throw NoLabel(text, rows.Ids[row]))];
        return predictions.Length == rows.Count
            ? new(labels, predictions)
            : throw new TrainingException("TRAIN031", $"{predictions.Length} of {rows.Count} rows were scored", "each row has a prediction");
    }

    /// <summary>Null where the text is no finite number.</summary>
    public static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    public static TrainingException NoLabel(string? text, string id) =>
        new("TRAIN014", $"the label \"{text}\" of the row with id \"{id}\" is no number", "a regression learns from finite numbers");

    public override bool IsBetter(ScoredModel other, int row) => other is ScoredNumbers numbers && Error(row) < numbers.Error(row);

    public override MeasuredModel Measure(IReadOnlyList<int> rows) => new(Known(rows.Count == 0 ? [] : Measured(rows)), null);

    public override double? Value(string metric, IReadOnlyList<int> rows) => rows.Count == 0 ? null : Measured(rows).FirstOrDefault(pair => pair.Name == metric).Value;

    public override PairedDifference? Compare(string metric, ScoredModel other, int[] rows) =>
        other is ScoredNumbers numbers ? Drawn(metric, other, rows, rows.Count(row => Predictions[row] != numbers.Predictions[row])) : null;

    private IEnumerable<(string Name, double? Value)> Measured(IReadOnlyList<int> rows)
    {
        var squares = rows.Average(row => Error(row) * Error(row));
        var mean = rows.Average(row => Labels[row]);
        yield return ("model_mae", rows.Average(Error));
        yield return ("model_rmse", Math.Sqrt(squares));
        yield return ("model_r2", 1 - (squares / rows.Average(row => (Labels[row] - mean) * (Labels[row] - mean))));
    }

    private double Error(int row) => Math.Abs(Predictions[row] - Labels[row]);
}
