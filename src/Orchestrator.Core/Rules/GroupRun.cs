using System.Collections.Immutable;
using System.Diagnostics;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>One evaluation of a group by the evaluator, rule by rule in their order, each seeing what those before it wrote; <see cref="GroupPlan"/> gives the same.</summary>
internal sealed class GroupRun(RuleGroup group, RuleGroupState before, SeriesSnapshot snapshot, long asOf)
{
    private readonly ImmutableSortedDictionary<string, RuleState>.Builder _rules = RuleGroupState.Empty.Rules.ToBuilder();
    private readonly ImmutableArray<LabelledSample>.Builder _samples = ImmutableArray.CreateBuilder<LabelledSample>();
    private readonly ImmutableArray<AlertTransition>.Builder _transitions = ImmutableArray.CreateBuilder<AlertTransition>();
    private readonly HashSet<string>? _read = GroupReads.Names(group);
    private SeriesSnapshot _snapshot = snapshot;

    public GroupEvaluation Evaluate()
    {
        foreach (var rule in group.Rules)
        {
            var key = RuleStep.Key(rule.Name, _rules.ContainsKey);
            var state = before.Rules.GetValueOrDefault(key, RuleState.Empty);
            var run = new RuleRun(group, _snapshot, asOf);
            _rules.Add(key, Take(rule switch
            {
                Rule.Recording recording => RuleStep.Record(recording, state, run),
                Rule.Alerting alerting => RuleStep.Alert(alerting, new AlertNaming(group, alerting), state, run),
                _ => throw new UnreachableException(),
            }));
        }

        foreach (var (key, state) in before.Rules.Where(pair => !_rules.ContainsKey(pair.Key)))
        {
            Take(RuleStep.Remove(key[..key.LastIndexOf('#')], state, new RuleRun(group, _snapshot, asOf)));
        }

        return new(new(_rules.ToImmutable()), _samples.ToImmutable(), _transitions.ToImmutable());
    }

    private RuleState Take(RuleOutcome outcome)
    {
        _samples.AddRange(outcome.Samples);
        _transitions.AddRange(outcome.Transitions);
        var read = outcome.Samples.Where(sample => _read is null || _read.Contains(sample.Labels.Name)).ToList();
        _snapshot = read.Count == 0 ? _snapshot : _snapshot.With(read);
        return outcome.State;
    }
}
