using System.Collections.Immutable;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>One evaluation of an alerting rule: which alerts stand after it, and which changed.</summary>
internal sealed class AlertingRun(Rule.Alerting rule, AlertNaming naming, RuleRun run)
{
    private readonly List<AlertTransition> _transitions = [];
    private HashSet<Labels>? _present;
    private HashSet<Labels>? _cleared;

    public (ImmutableArray<Alert> Alerts, List<AlertTransition> Transitions) Next(ImmutableArray<Alert> before)
    {
        var holding = Holding();
        var known = before.ToDictionary(alert => alert.Labels);
        if (rule.NoData == NoData.Fire && holding.Count == 0 && Present.Count == 0 && before.IsEmpty)
        {
            AddAbsent(holding);
        }

        var after = new List<Alert>();
        foreach (var (labels, alert) in holding)
        {
            after.Add(Hold(known.GetValueOrDefault(labels), alert));
        }

        foreach (var alert in before.Where(alert => !holding.ContainsKey(alert.Labels)))
        {
            if (Without(alert) is { } kept)
            {
                after.Add(kept);
            }
        }

        return ([.. after.OrderBy(alert => alert.Labels)], [.. _transitions.OrderBy(transition => transition.Alert.Labels)]);
    }

    private HashSet<Labels> Present => _present ??= Sources(run.PresenceOf(rule));

    private HashSet<Labels> Cleared => _cleared ??= rule.Clear is null ? [] : Sources(rule.Clear.Root);

    private HashSet<Labels> Sources(Expressions.Ast.Expr expr) => [.. Counted(expr).Select(sample => sample.Labels.Without(Labels.NameLabel))];

    private IEnumerable<VectorSample> Counted(Expressions.Ast.Expr expr) =>
        run.Query(expr).Where(sample => sample.Rows == 0 || sample.Rows >= rule.MinRows);

    /// <summary>The alerts for which the condition holds now, as new ones.</summary>
    private Dictionary<Labels, Alert> Holding()
    {
        var holding = new Dictionary<Labels, Alert>();
        foreach (var sample in Counted(rule.Expression.Root))
        {
            var alert = naming.Alert(sample.Labels, sample.Value, run) with { Rows = sample.Rows };
            if (!holding.TryAdd(alert.Labels, alert))
            {
                throw new RuleException($"two results have the labels {alert.Labels} after the rule's labels are applied");
            }
        }

        return holding;
    }

    private void AddAbsent(Dictionary<Labels, Alert> holding)
    {
        var alert = naming.Alert(Presence.Pinned(rule.Expression.Root), double.NaN, run) with { IsAbsent = true };
        holding.Add(alert.Labels, alert);
    }

    /// <summary>The condition holds: an alert begins, goes on pending, begins to fire or goes on firing.</summary>
    private Alert Hold(Alert? known, Alert now)
    {
        var alert = known is null ? now : now with
        {
            State = known.State,
            ActiveAt = known.ActiveAt,
            FiredAt = known.FiredAt,
            Measurements = known.Measurements,
            LastMeasured = known.LastMeasured,
        };
        return Advance(Counted(alert), known?.State ?? AlertState.Inactive);
    }

    private Alert Counted(Alert alert)
    {
        if (alert.State == AlertState.Firing || rule.Measurements == 1)
        {
            return alert;
        }

        var measured = run.MeasuredAt(rule.Expression.Root, alert.Source);
        return alert.Measurements > 0 && measured <= alert.LastMeasured
            ? alert
            : alert with { Measurements = alert.Measurements + 1, LastMeasured = measured };
    }

    private Alert Advance(Alert alert, AlertState from)
    {
        var ripe = run.AsOf - alert.ActiveAt >= rule.For.ToMicros() && (rule.Measurements == 1 || alert.Measurements >= rule.Measurements);
        var next = alert.State == AlertState.Pending && ripe ? alert with { State = AlertState.Firing, FiredAt = run.AsOf } : alert;
        if (next.State != from)
        {
            Report(next, from, next.IsAbsent ? TransitionReason.NoData : TransitionReason.Holds);
        }

        return next;
    }

    /// <summary>The condition gives nothing for the alert: because it is false, or because there is no data. None where the alert ends.</summary>
    private Alert? Without(Alert alert)
    {
        var noData = NeedsPresence(alert) && !IsPresent(alert);
        if (noData && rule.NoData == NoData.Keep)
        {
            return alert;
        }

        if (noData && rule.NoData == NoData.Fire)
        {
            return Advance(alert with { ReleasedAt = null }, alert.State);
        }

        return alert.State == AlertState.Firing ? Release(alert, noData) : End(alert, noData ? TransitionReason.NoData : TransitionReason.NoLongerHolds);
    }

    /// <summary>Only a rule that treats missing data in a way of its own has to look for it.</summary>
    private bool NeedsPresence(Alert alert) => rule.NoData != NoData.Resolve || (rule.Clear is not null && alert.State == AlertState.Firing);

    private bool IsPresent(Alert alert) => alert.IsAbsent ? Present.Count > 0 : Present.Contains(alert.Source);

    private Alert? Release(Alert alert, bool noData)
    {
        var cleared = rule.Clear is not null && Cleared.Contains(alert.Source);
        var released = alert.ReleasedAt is not null || rule.Clear is null || cleared || noData || alert.IsAbsent;
        if (!released)
        {
            return alert;
        }

        var since = alert.ReleasedAt ?? run.AsOf;
        if (run.AsOf - since < rule.KeepFiringFor.ToMicros())
        {
            return alert with { ReleasedAt = since };
        }

        return End(alert with { ReleasedAt = since }, noData ? TransitionReason.NoData : rule.Clear is null ? TransitionReason.NoLongerHolds : TransitionReason.Cleared);
    }

    private Alert? End(Alert alert, TransitionReason reason)
    {
        Report(alert with { State = AlertState.Inactive }, alert.State, reason);
        return null;
    }

    private void Report(Alert alert, AlertState from, TransitionReason reason) =>
        _transitions.Add(new(run.Group.Name, rule.Name, alert, from, run.AsOf, reason));
}
