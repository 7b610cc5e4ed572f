using System.Collections.Immutable;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>One evaluation of a group: its rules in order, each seeing what those before it wrote.</summary>
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
            var key = Key(rule.Name);
            var state = before.Rules.GetValueOrDefault(key, RuleState.Empty);
            var run = new RuleRun(group, _snapshot, asOf);
            _rules.Add(key, rule switch
            {
                Rule.Recording recording => Record(recording, state, run),
                Rule.Alerting alerting => Alert(alerting, state, run),
                _ => throw new System.Diagnostics.UnreachableException(),
            });
        }

        foreach (var (key, state) in before.Rules.Where(pair => !_rules.ContainsKey(pair.Key)))
        {
            Remove(key[..key.LastIndexOf('#')], state);
        }

        return new(new(_rules.ToImmutable()), _samples.ToImmutable(), _transitions.ToImmutable());
    }

    private string Key(string name)
    {
        var number = 0;
        while (_rules.ContainsKey($"{name}#{number}"))
        {
            number++;
        }

        return $"{name}#{number}";
    }

    private RuleState Record(Rule.Recording rule, RuleState state, RuleRun run)
    {
        try
        {
            var labels = Merged(group.Labels, rule.Labels);
            var samples = run.Query(rule.Expression.Root)
                .Select(sample => run.Written(Merged(sample.Labels, labels).With(Labels.NameLabel, rule.Name), sample.Value, sample.Rows)).ToList();
            CheckDistinct(samples.Select(sample => sample.Labels));
            CheckLimit(samples.Count);
            return Store(state, samples, run) with { Health = new(asOf, null) };
        }
        catch (RuleException exception)
        {
            return state with { Health = new(asOf, exception.Message) };
        }
    }

    private RuleState Alert(Rule.Alerting rule, RuleState state, RuleRun run)
    {
        var health = new RuleHealth(asOf, null);
        var alerts = state.Alerts;
        try
        {
            var next = new AlertingRun(rule, run).Next(state.Alerts);
            CheckLimit(next.Alerts.Length);
            alerts = next.Alerts;
            _transitions.AddRange(next.Transitions);
        }
        catch (RuleException exception)
        {
            health = new(asOf, exception.Message);
        }

        var samples = alerts.SelectMany(alert => AlertSeries.Of(alert, run)).ToList();
        return Store(state, samples, run) with { Alerts = alerts, Health = health };
    }

    private RuleState Store(RuleState state, List<LabelledSample> samples, RuleRun run)
    {
        var written = samples.Concat(run.Ended(state.Written, samples)).ToList();
        _samples.AddRange(written);
        var read = written.Where(sample => _read is null || _read.Contains(sample.Labels.Name)).ToList();
        _snapshot = read.Count == 0 ? _snapshot : _snapshot.With(read);
        return state with { Written = [.. samples.Select(sample => sample.Labels)] };
    }

    private void Remove(string rule, RuleState state)
    {
        Store(state, [], new RuleRun(group, _snapshot, asOf));
        _transitions.AddRange(state.Alerts.Select(alert =>
            new AlertTransition(group.Name, rule, alert with { State = AlertState.Inactive }, alert.State, asOf, TransitionReason.RuleRemoved)));
    }

    private void CheckLimit(int count)
    {
        if (group.Limit > 0 && count > group.Limit)
        {
            throw new RuleException($"exceeded limit of {group.Limit} with {count} results");
        }
    }

    private static void CheckDistinct(IEnumerable<Labels> all)
    {
        var twice = all.GroupBy(labels => labels).FirstOrDefault(same => same.Count() > 1);
        if (twice is not null)
        {
            throw new RuleException($"two results have the labels {twice.Key} after the rule's labels are applied");
        }
    }

    private static Labels Merged(Labels under, Labels over) => over.Pairs.Aggregate(under, (labels, pair) => labels.With(pair.Key, pair.Value));
}
