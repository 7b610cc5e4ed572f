using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Fixes;

/// <summary>A fix that would have been opened.</summary>
/// <param name="Labels">Of its alert.</param>
/// <param name="LabelBudget">Labels that it may ask people for.</param>
public sealed record BacktestFix(string Group, string Rule, Labels Labels, DateTimeOffset At, string Workflow, string Key, int LabelBudget);

/// <summary>Follows the evaluations of a backtest and opens fixes as production would, one a finding; each is taken to last until its alert resolves.</summary>
public sealed class BacktestFixes
{
    private readonly List<(BacktestFix Fix, PastFix Past)> _opened = [];
    private readonly Dictionary<string, ImmutableArray<Alert>> _firing = new(StringComparer.Ordinal);

    public ImmutableArray<BacktestFix> Opened => [.. _opened.Select(one => one.Fix)];

    public void Follow(BacktestEvaluation evaluated)
    {
        var group = evaluated.Group;
        var now = evaluated.AsOf.ToInstant();
        foreach (var ended in evaluated.Evaluation.Transitions.Where(transition => transition.From == AlertState.Firing))
        {
            End(ended, now);
        }

        _firing[group.Name] = [.. evaluated.Evaluation.State.Alerts.Where(alert => alert.State == AlertState.Firing)];
        foreach (var rule in group.Rules.OfType<Rule.Alerting>().Where(rule => rule is { Then: not null, Mode: RuleMode.Active }))
        {
            foreach (var alert in _firing[group.Name].Where(alert => alert.Labels["alertname"] == rule.Name))
            {
                Consider(group, rule, alert, now);
            }
        }
    }

    private void End(AlertTransition ended, DateTimeOffset now)
    {
        for (var i = 0; i < _opened.Count; i++)
        {
            var (fix, past) = _opened[i];
            if (past.EndedAt is null && fix.Group == ended.Group && fix.Rule == ended.Rule && fix.Labels == ended.Alert.Labels)
            {
                _opened[i] = (fix, past with { State = FixState.Succeeded, EndedAt = now });
            }
        }
    }

    private void Consider(RuleGroup group, Rule.Alerting rule, Alert alert, DateTimeOffset now)
    {
        var then = rule.Then!;
        if (_opened.Exists(one => one.Past.EndedAt is null && one.Fix.Group == group.Name && one.Fix.Rule == rule.Name && one.Fix.Labels == alert.Labels))
        {
            return;
        }

        var model = alert.Labels["model"] is { Length: > 0 } name ? name : null;
        var budget = then.InputsFor(alert.Data).TryGetValue("label_budget", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var labels) ? labels : 0;
        var command = new FixCommand.Open("", "", rule.Name, model, then.DedupKey(alert.Labels), FixTerms.Of(then, null)) { At = now };
        var context = new GuardrailContext([.. _opened.Select(one => one.Past)], [.. Firing(model)], Stopped: false);
        if (Guardrails.OutsideHours(then.Limits.ActiveHours, now) is null && Guardrails.Objection(command, budget, FixLimits.Of(then), context) is null)
        {
            var past = new PastFix(rule.Name, model, command.DedupKey, FixState.Running, now, null, budget);
            _opened.Add((new(group.Name, rule.Name, alert.Labels, now, then.Workflow, command.DedupKey, budget), past));
        }
    }

    private IEnumerable<string> Firing(string? model) =>
        _firing.Values.SelectMany(alerts => alerts).Where(alert => alert.Labels["model"] == (model ?? "")).Select(alert => alert.Labels["alertname"]);
}
