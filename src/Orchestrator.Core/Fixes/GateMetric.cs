using System.Collections.Immutable;

namespace Orchestrator.Core.Fixes;

/// <summary>The metrics that a gate can compare.</summary>
public static class GateMetric
{
    /// <summary>What a gate compares where its file names no metric.</summary>
    public const string Default = "model_accuracy";

    public static readonly ImmutableArray<string> Names =
    [
        Default, "model_precision", "model_recall", "model_f1", "model_mcc", "model_auroc", "model_log_loss", "model_brier", "model_ece",
    ];

    private static readonly ImmutableArray<string> LowerIsBetter = ["model_log_loss", "model_brier", "model_ece"];

    /// <summary>By how much the second value is better than the first.</summary>
    public static double Gain(string metric, double before, double after) => LowerIsBetter.Contains(metric) ? before - after : after - before;
}
