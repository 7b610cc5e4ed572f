using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>The series by which alerts can be read in expressions, named as in Prometheus.</summary>
public static class AlertSeries
{
    public const string Alerts = "ALERTS";
    public const string ForState = "ALERTS_FOR_STATE";

    internal static IEnumerable<LabelledSample> Of(Alert alert, RuleRun run) =>
    [
        run.Written(StateOf(alert.Labels, alert.State), 1),
        run.Written(SinceOf(alert.Labels), alert.ActiveAt / Timestamp.PerSecond),
    ];

    internal static Labels StateOf(Labels alert, AlertState state) =>
        alert.With(Labels.NameLabel, Alerts).With("alertstate", state == AlertState.Firing ? "firing" : "pending");

    internal static Labels SinceOf(Labels alert) => alert.With(Labels.NameLabel, ForState);
}
