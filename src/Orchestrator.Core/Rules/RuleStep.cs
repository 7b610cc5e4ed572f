using System.Collections.Immutable;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>What one rule gave at one evaluation.</summary>
/// <param name="Samples">What it writes, staleness markers for what it no longer writes among them.</param>
internal sealed record RuleOutcome(RuleState State, IReadOnlyList<LabelledSample> Samples, IReadOnlyList<AlertTransition> Transitions);

/// <summary>The evaluation of a single rule from what it remembers.</summary>
internal static class RuleStep
{
    /// <summary>The name under which a group remembers a rule: its own, and its number among rules of that name.</summary>
    public static string Key(string name, Func<string, bool> isTaken)
    {
        var number = 0;
        while (isTaken($"{name}#{number}"))
        {
            number++;
        }

        return $"{name}#{number}";
    }

    public static RuleOutcome Record(Rule.Recording rule, RuleState state, RuleRun run)
    {
        try
        {
            var labels = Merged(run.Group.Labels, rule.Labels);
            var samples = run.Query(rule.Expression.Root)
                .Select(sample => run.Written(Merged(sample.Labels, labels).With(Labels.NameLabel, rule.Name), sample.Value, sample.Rows)).ToList();
            CheckDistinct(samples.Select(sample => sample.Labels));
            CheckLimit(run.Group, samples.Count);
            return Written(state with { Health = new(run.AsOf, null) }, samples, run);
        }
        catch (RuleException exception)
        {
            return new(state with { Health = new(run.AsOf, exception.Message) }, [], []);
        }
    }

    public static RuleOutcome Alert(Rule.Alerting rule, AlertNaming naming, RuleState state, RuleRun run)
    {
        try
        {
            var (alerts, transitions) = new AlertingRun(rule, naming, run).Next(state.Alerts);
            CheckLimit(run.Group, alerts.Length);
            return Alerts(state with { Alerts = alerts, Health = new(run.AsOf, null) }, run) with { Transitions = transitions };
        }
        catch (RuleException exception)
        {
            return Alerts(state with { Health = new(run.AsOf, exception.Message) }, run);
        }
    }

    /// <summary>The series by which the alerts of a state are seen.</summary>
    public static RuleOutcome Alerts(RuleState state, RuleRun run) =>
        Written(state, [.. state.Alerts.SelectMany(alert => AlertSeries.Of(alert, run))], run);

    /// <summary>The end of a rule that its group no longer has.</summary>
    public static RuleOutcome Remove(string rule, RuleState state, RuleRun run) => Written(state, [], run) with
    {
        Transitions = [.. state.Alerts.Select(alert => new AlertTransition(run.Group.Name, rule, alert with { State = AlertState.Inactive }, alert.State, run.AsOf, TransitionReason.RuleRemoved))],
    };

    /// <summary>A state with what it writes, and the ends of what it does not write any more.</summary>
    public static RuleOutcome Written(RuleState state, List<LabelledSample> samples, RuleRun run)
    {
        if (IsSame(state.Written, samples))
        {
            return new(state, samples, []);
        }

        var before = state.Written;
        var next = state with { Written = [.. samples.Select(sample => sample.Labels)] };
        return new(next, [.. samples, .. run.Ended(before, samples)], []);
    }

    private static bool IsSame(ImmutableArray<Labels> before, List<LabelledSample> now)
    {
        for (var i = 0; i < before.Length; i++)
        {
            if (i >= now.Count || before[i] != now[i].Labels)
            {
                return false;
            }
        }

        return before.Length == now.Count;
    }

    private static void CheckLimit(RuleGroup group, int count)
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
