using System.Collections.Immutable;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>One evaluation of a backtest, with what the group was before.</summary>
/// <param name="AsOf">Microseconds since the epoch.</param>
public sealed record BacktestEvaluation(RuleGroup Group, GroupEvaluation Evaluation, SeriesSnapshot Snapshot, long AsOf);

/// <summary>Rule groups evaluated over samples of the past, by the evaluator and the states of production.</summary>
/// <param name="Groups">In the order of evaluation.</param>
public sealed record Backtest(ImmutableArray<RuleGroup> Groups, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Most evaluations of one backtest.</summary>
    public const int MaxEvaluations = 5_000_000;

    /// <summary>Instants of the groups' grids in the span, over all groups.</summary>
    public long Evaluations => Groups.Sum(group => Before(To.AddTicks(1), group) - Before(From, group));

    /// <summary>Evaluates every group at each instant of its grid; a sample is seen from its own time on.</summary>
    public IEnumerable<BacktestEvaluation> Over(IEnumerable<LabelledSample> history)
    {
        var arrivals = new Queue<LabelledSample>(history.OrderBy(sample => sample.Sample.Time));
        var head = new SeriesHead();
        var states = new Dictionary<RuleGroup, RuleGroupState>(ReferenceEqualityComparer.Instance);
        foreach (var (asOf, group) in Instants())
        {
            Arrive(head, arrivals, asOf);
            var evaluation = group.Evaluate(states.GetValueOrDefault(group, RuleGroupState.Empty), head.Snapshot(), asOf);
            states[group] = evaluation.State;
            head.Append(head.Watermark + 1, evaluation.Samples);
            yield return new(group, evaluation, head.Snapshot(), asOf);
        }
    }

    /// <summary>Instants of a group's grid from the epoch up to an instant, which does not count.</summary>
    private static long Before(DateTimeOffset at, RuleGroup group) =>
        ((at - DateTimeOffset.UnixEpoch).Ticks - 1) / (group.Interval ?? RuleGroup.DefaultInterval).Ticks;

    /// <summary>The grid instants of all groups, in time and in the order of groups.</summary>
    private IEnumerable<(long AsOf, RuleGroup Group)> Instants()
    {
        var due = new PriorityQueue<RuleGroup, (DateTimeOffset At, int Order)>();
        foreach (var (group, i) in Groups.Select((group, i) => (group, i)))
        {
            due.Enqueue(group, (group.Schedule.Next(From.AddTicks(-1)), i));
        }

        while (due.TryDequeue(out var group, out var next) && next.At <= To)
        {
            yield return (next.At.ToMicros(), group);
            due.Enqueue(group, (group.Schedule.Next(next.At), next.Order));
        }
    }

    private static void Arrive(SeriesHead head, Queue<LabelledSample> arrivals, long asOf)
    {
        var arrived = new List<LabelledSample>();
        while (arrivals.TryPeek(out var next) && next.Sample.Time <= asOf)
        {
            arrived.Add(arrivals.Dequeue());
        }

        head.Append(head.Watermark + 1, arrived);
    }
}

/// <summary>One stretch for which an alert fired.</summary>
/// <param name="ResolvedAt">Absent where it still fires at the end.</param>
/// <param name="Value">At its beginning.</param>
public sealed record BacktestAlert(string Group, string Rule, Labels Labels, DateTimeOffset FiredAt, DateTimeOffset? ResolvedAt, double Value)
{
    /// <summary>The stretches of transitions, in the order of their beginning; one that began before the first transition is none of them.</summary>
    public static ImmutableArray<BacktestAlert> Of(IEnumerable<AlertTransition> transitions)
    {
        var alerts = new List<BacktestAlert>();
        foreach (var transition in transitions)
        {
            if (transition.To == AlertState.Firing)
            {
                alerts.Add(new(transition.Group, transition.Rule, transition.Alert.Labels, transition.At.ToInstant(), null, transition.Alert.Value));
            }
            else if (transition.From == AlertState.Firing
                && alerts.FindLastIndex(alert => alert.ResolvedAt is null && alert.Group == transition.Group && alert.Rule == transition.Rule && alert.Labels == transition.Alert.Labels) is >= 0 and var at)
            {
                alerts[at] = alerts[at] with { ResolvedAt = transition.At.ToInstant() };
            }
        }

        return [.. alerts];
    }
}
