using System.Text.Json;
using Orchestrator.Core.Tests.Metrics;
using Orchestrator.Runtime.Monitors;

namespace Orchestrator.Runtime.Tests.Monitors;

/// <summary>Metrics on predictions and labels beside those of classes: their drift, and the errors of predicted numbers.</summary>
public sealed class OutcomeMeasurementTests
{
    private const string Housing = """
        model: housing
        task: {type: binary, positive: "1", threshold: 0.5}
        labels: observed
        """;

    private const string Regression = """
        model: price
        task: regression
        labels: observed
        """;

    private const string PriceMonitor = """
        monitor: price
        model: price
        every: 1d
        datasets:
          prices: {connection: data, path: prices.csv, split: production, roles: {id: id, label: y, prediction: p, features: [part]}}
        segments: [part]
        min_rows: 2
        metrics: [model]
        """;

    [Fact]
    public void Predictions_labels_and_scores_of_California_drift_as_numpy_has_it()
    {
        using var folder = new TempFolder();
        File.Copy(SharedData.File("nannyml-california", "california_housing_reference.csv"), folder["reference.csv"]);
        File.Copy(SharedData.File("nannyml-california", "california_housing_analysis.csv"), folder["current.csv"]);
        File.Copy(SharedData.File("nannyml-california", "california_housing_analysis_gt.csv"), folder["labels.csv"]);

        var result = Measured.Run(folder.Path, """
            monitor: housing
            model: housing
            every: 1d
            datasets:
              reference:
                {connection: data, path: reference.csv, split: test, roles: {id: id, label: clf_target, prediction: y_pred, scores: {"1": y_pred_proba}, features: [MedInc]}}
              current:
                connection: data
                path: current.csv
                split: production
                reference: reference
                roles: {id: id, prediction: y_pred, scores: {"1": y_pred_proba}, features: [MedInc]}
                labels: {path: labels.csv, join: id, label: clf_target}
            metrics: [model_prediction_drift, model_prediction_drift_pvalue, data_label_drift, model_score_drift]
            """, Housing);

        var expected = SharedData.Json("nannyml-california", "reference_drift.json").GetProperty("reference_vs_analysis");
        CheckCategories(expected.GetProperty("y_pred"), result, "model_prediction_drift");
        CheckCategories(expected.GetProperty("clf_target"), result, "data_label_drift");
        var scores = expected.GetProperty("features").GetProperty("y_pred_proba");
        Close(scores.GetProperty("psi").GetDouble(), result.Value("model_score_drift", ("class", "1"), ("variant", "psi_reference_quantiles_10")));
        Close(scores.GetProperty("wasserstein_normed").GetDouble(), result.Value("model_score_drift", ("class", "1"), ("variant", "wasserstein_normed")));
        Close(expected.GetProperty("y_pred").GetProperty("chi2_p").GetDouble(), result.Value("model_prediction_drift_pvalue", ("variant", "chi2")));
    }

    /// <summary>The example in scikit-learn's documentation of these measures.</summary>
    [Fact]
    public void Errors_of_predicted_numbers()
    {
        using var folder = new TempFolder();
        File.WriteAllLines(folder["prices.csv"], ["id,y,p,part", "1,3,2.5,a", "2,-0.5,0.0,a", "3,2,2,b", "4,7,8,b", "5,,1,b", "6,4,,b"]);

        var result = Measured.Run(folder.Path, PriceMonitor, Regression);

        Close(0.5, result.Value("model_mae"));
        Close(Math.Sqrt(0.375), result.Value("model_rmse"));
        Close(0.9486081370449679, result.Value("model_r2"));
        Close(0.5, result.Value("model_segment_mae", ("segment", "part = 'a'")));
        Close(Math.Sqrt(0.5), result.Value("model_segment_rmse", ("segment", "part = 'b'")));
        Close(1 - (1 / 12.5), result.Value("model_segment_r2", ("segment", "part = 'b'")));
        Assert.Null(result.Value("model_accuracy"));
    }

    [Fact]
    public void Predicted_numbers_of_any_size_in_any_order()
    {
        using var folder = new TempFolder();
        foreach (var size in new[] { 1e-12, 1, 1e15 })
        {
            string Line(int i) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{i},{(1e6 + i) * size:R},{(1e6 + i + (i % 3)) * size:R},a");
            var lines = Enumerable.Range(0, 999).Select(Line).ToArray();
            File.WriteAllLines(folder["prices.csv"], lines.Prepend("id,y,p,part"));
            var result = Measured.Run(folder.Path, PriceMonitor, Regression);
            new Random(1).Shuffle(lines);
            File.WriteAllLines(folder["prices.csv"], lines.Prepend("id,y,p,part"));

            Assert.Equal(1, result.Value("model_mae")!.Value / size, 1e-6);
            // The variance of 0 … 998 is (999² − 1) / 12, the mean squared error (0 + 1 + 4) / 3.
            Assert.Equal(1 - (5.0 / 3 / (((999.0 * 999) - 1) / 12)), result.Value("model_r2")!.Value, 1e-9);
            Assert.Equal(result.Samples, Measured.Run(folder.Path, PriceMonitor, Regression, threads: 4).Samples);
        }
    }

    [Fact]
    public void Labels_that_are_no_numbers_are_told_and_left_out()
    {
        using var folder = new TempFolder();
        File.WriteAllLines(folder["prices.csv"], ["id,y,p,part", "1,3,2,a", "2,high,0,a", "3,2,nan,b", "4,7,8,b"]);

        var result = Measured.Run(folder.Path, PriceMonitor, Regression);

        Close(1, result.Value("model_mae"));
        Assert.Contains(result.Shown(), text => text.Contains("prices.csv row 2: column \"y\": \"high\" is no number", StringComparison.Ordinal));
    }

    /// <summary>The example of scikit-learn's average_precision_score.</summary>
    [Fact]
    public void Average_precision()
    {
        using var folder = new TempFolder();
        File.WriteAllLines(folder["rows.csv"], ["id,y,p", "1,0,0.1", "2,0,0.4", "3,1,0.35", "4,1,0.8"]);

        var result = Measured.Run(folder.Path, """
            monitor: rows
            model: housing
            every: 1d
            datasets: {rows: {connection: data, path: rows.csv, split: test, roles: {id: id, label: y, scores: {"1": p}}}}
            min_rows: 1
            metrics: [model_auprc, model_auroc]
            """, Housing);

        Assert.Equal(0.8333333333333333, result.Value("model_auprc")!.Value, 1e-11);
        Close(0.75, result.Value("model_auroc"));
    }

    private static void CheckCategories(JsonElement expected, MeasurementResult result, string metric)
    {
        foreach (var (name, variant) in new[] { ("psi", "psi_categories"), ("js_distance", "js_categories"), ("tvd", "tvd"), ("linf", "linf"), ("cramers_v", "cramers_v") })
        {
            Close(expected.GetProperty(name).GetDouble(), result.Value(metric, ("variant", variant)));
        }
    }

    private static void Close(double expected, double? actual) => Assert.Equal(expected, actual!.Value, Math.Max(1e-300, Math.Abs(expected) * 1e-9));
}
