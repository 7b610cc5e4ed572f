using System.Collections.Immutable;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Core.Fixes;

/// <summary>The metrics that a gate can compare.</summary>
public static class GateMetric
{
    private static readonly ImmutableArray<string> OfClasses =
    [
        "model_accuracy", "model_precision", "model_recall", "model_f1", "model_mcc", "model_auroc", "model_log_loss", "model_brier", "model_ece",
    ];

    private static readonly ImmutableArray<string> OfNumbers = ["model_rmse", "model_mae", "model_r2"];

    private static readonly ImmutableArray<string> OfProbabilities = ["model_auroc", "model_log_loss", "model_brier", "model_ece"];

    private static readonly ImmutableArray<string> LowerIsBetter = ["model_log_loss", "model_brier", "model_ece", "model_rmse", "model_mae"];

    /// <summary>What a gate can compare of a model with the task; the first is what it compares where its file names none.</summary>
    public static ImmutableArray<string> Of(ModelTask task) => task is ModelTask.Regression ? OfNumbers : OfClasses;

    /// <summary>What the gate of a model compares.</summary>
    public static string Of(ModelFile model) => model.Gate.Metric ?? Of(model.Task)[0];

    /// <summary>Whether the metric is of the probabilities that a model gives, not of its predictions.</summary>
    public static bool IsOfProbabilities(string metric) => OfProbabilities.Contains(metric);

    /// <summary>By how much the second value is better than the first.</summary>
    public static double Gain(string metric, double before, double after) => LowerIsBetter.Contains(metric) ? before - after : after - before;
}
