using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>The series by which alerts can be read in expressions, named as in Prometheus.</summary>
public static class AlertSeries
{
    public const string Alerts = "ALERTS";
    public const string ForState = "ALERTS_FOR_STATE";

    internal static IEnumerable<LabelledSample> Of(Alert alert, RuleRun run) =>
    [
        run.Written(alert.Labels.With(Labels.NameLabel, Alerts).With("alertstate", alert.State == AlertState.Firing ? "firing" : "pending"), 1),
        run.Written(alert.Labels.With(Labels.NameLabel, ForState), alert.ActiveAt / Timestamp.PerSecond),
    ];
}
