using Orchestrator.Core.Findings;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Evaluations;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Findings;

/// <summary>Lets findings follow from alerts: a firing one opens a finding and may open a fix, a resolved one closes it.</summary>
public sealed class FindingDecisions(FixOpening opening, FixRunner fixes)
{
    public void Follow(Transaction transaction, EvaluatedGroup evaluated, DateTimeOffset now)
    {
        foreach (var transition in evaluated.Evaluation.Transitions.Where(transition => transition is { From: AlertState.Firing, To: not AlertState.Firing }))
        {
            Resolve(transaction, evaluated.Group.Name, transition, now);
        }

        var firing = evaluated.Group.Rules.OfType<Rule.Alerting>()
            .SelectMany(rule => Alerts(evaluated, rule).Where(alert => alert.State == AlertState.Firing).Select(alert => (rule, alert)));
        foreach (var (rule, alert) in firing)
        {
            var finding = Refresh(transaction, evaluated, rule, alert, now);
            if (finding.State == FindingState.Open)
            {
                opening.Consider(transaction, new FiredRule(evaluated.Revision, rule, alert, finding), now);
            }
        }
    }

    private static IEnumerable<Alert> Alerts(EvaluatedGroup evaluated, Rule.Alerting rule) =>
        evaluated.Evaluation.State.Rules
            .Where(pair => pair.Key[..pair.Key.LastIndexOf('#')] == rule.Name)
            .SelectMany(pair => pair.Value.Alerts)
            .Where(alert => alert.Labels["alertname"] == rule.Name)
            .DistinctBy(alert => alert.Labels);

    /// <summary>The alert's finding with the alert's present value; opened where there is none.</summary>
    private static Finding Refresh(Transaction transaction, EvaluatedGroup evaluated, Rule.Alerting rule, Alert alert, DateTimeOffset now)
    {
        var group = evaluated.Group.Name;
        var fingerprint = Finding.FingerprintOf(group, rule.Name, alert.Labels);
        var since = (alert.FiredAt ?? alert.ActiveAt).ToInstant();
        var id = Finding.IdOf(fingerprint, since);
        var stored = FindingStore.Find(transaction.Connection, id);
        if (stored?.State == FindingState.Resolved)
        {
            return stored;
        }

        var finding = (stored ?? new Finding(id, fingerprint, group, rule.Name, alert.Labels, evaluated.Revision.Id, now)) with
        {
            Value = alert.Value,
            Severity = alert.Labels["severity"],
            Summary = alert.Annotations.GetValueOrDefault("summary", ""),
            Owner = rule.Owner ?? "",
        };
        if (finding != stored)
        {
            FindingStore.Save(transaction, finding);
        }

        if (stored is null)
        {
            Explain(transaction, evaluated, (rule, alert), id, now);
            AuditStore.Append(transaction, now, "rule", "finding.opened", id, new { rule = rule.Name, labels = alert.Labels.ToString(), value = alert.Value });
        }

        return finding;
    }

    /// <summary>Keeps with the finding why its rule held, as its readers may no longer see: values move on.</summary>
    private static void Explain(Transaction transaction, EvaluatedGroup evaluated, (Rule.Alerting Rule, Alert Alert) fired, string id, DateTimeOffset now)
    {
        var snapshot = evaluated.Snapshot.With(evaluated.Evaluation.Samples);
        var explained = RuleExplanation.Of(evaluated.Group, fired.Rule, snapshot, new(now, fired.Alert.Source));
        if (explained.All.FirstOrDefault(one => one.Labels == fired.Alert.Source) is { } why)
        {
            FindingStore.Explain(transaction, id, why);
        }
    }

    private void Resolve(Transaction transaction, string group, AlertTransition transition, DateTimeOffset now)
    {
        var fingerprint = Finding.FingerprintOf(group, transition.Rule, transition.Alert.Labels);
        foreach (var finding in FindingStore.Open(transaction.Connection, fingerprint))
        {
            var resolution = transition.Reason switch
            {
                TransitionReason.Cleared => "the rule's clear condition holds",
                TransitionReason.NoData => "its series are gone",
                TransitionReason.RuleRemoved => "the rule was removed",
                _ => "the alert no longer holds",
            };
            FindingStore.Save(transaction, finding with { State = FindingState.Resolved, Resolution = resolution, ResolvedAt = now });
            AuditStore.Append(transaction, now, "rule", "finding.resolved", finding.Id, new { reason = resolution });
            fixes.Supersede(transaction, finding.Id, $"the alert is gone: {resolution}", now);
        }

        fixes.StartApproved(transaction, now); // what the alert held back
    }
}
