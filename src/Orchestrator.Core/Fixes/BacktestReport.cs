using System.Collections.Immutable;
using Orchestrator.Core.Rules;

namespace Orchestrator.Core.Fixes;

/// <summary>A rule that could not be evaluated.</summary>
/// <param name="First">When first.</param>
/// <param name="Times">At how many evaluations.</param>
public sealed record BacktestError(string Group, string Rule, DateTimeOffset First, int Times, string Error);

/// <summary>What rules would have done.</summary>
/// <param name="LabelCost">Labels that the fixes would have asked for.</param>
public sealed record BacktestReport(
    DateTimeOffset From, DateTimeOffset To, int Evaluations, ImmutableArray<BacktestAlert> Alerts, ImmutableArray<BacktestFix> Fixes, int LabelCost, ImmutableArray<BacktestError> Errors);

/// <summary>How one backtest differs from another over the same samples.</summary>
/// <param name="LabelCost">Labels more, or fewer where it is negative.</param>
public sealed record BacktestDifference(
    ImmutableArray<BacktestAlert> AlertsAdded, ImmutableArray<BacktestAlert> AlertsRemoved, ImmutableArray<BacktestFix> FixesAdded, ImmutableArray<BacktestFix> FixesRemoved, int LabelCost)
{
    public bool IsNone => AlertsAdded.IsEmpty && AlertsRemoved.IsEmpty && FixesAdded.IsEmpty && FixesRemoved.IsEmpty && LabelCost == 0;

    /// <summary>Alerts are the same where rule, labels, beginning and end are; fixes where rule, labels, instant, workflow and budget are.</summary>
    public static BacktestDifference Of(BacktestReport before, BacktestReport after) => new(
        Without(after.Alerts, before.Alerts, Same),
        Without(before.Alerts, after.Alerts, Same),
        Without(after.Fixes, before.Fixes, Same),
        Without(before.Fixes, after.Fixes, Same),
        after.LabelCost - before.LabelCost);

    private static ImmutableArray<T> Without<T>(ImmutableArray<T> all, ImmutableArray<T> others, Func<T, object> key)
    {
        var known = others.Select(key).ToHashSet();
        return [.. all.Where(one => !known.Contains(key(one)))];
    }

    private static object Same(BacktestAlert alert) => (alert.Rule, alert.Labels, alert.FiredAt, alert.ResolvedAt);

    private static object Same(BacktestFix fix) => (fix.Rule, fix.Labels, fix.At, fix.Workflow, fix.LabelBudget);
}

/// <summary>Sums up the evaluations of a backtest as they come.</summary>
public sealed class BacktestTally
{
    private readonly BacktestFixes _fixes = new();
    private readonly ImmutableArray<AlertTransition>.Builder _transitions = ImmutableArray.CreateBuilder<AlertTransition>();
    private readonly SortedDictionary<string, BacktestError> _errors = new(StringComparer.Ordinal);
    private int _evaluations;

    /// <summary>Every change of an alert, in the order of evaluations.</summary>
    public ImmutableArray<AlertTransition> Transitions => _transitions.ToImmutable();

    public void Add(BacktestEvaluation evaluated)
    {
        _evaluations++;
        _transitions.AddRange(evaluated.Evaluation.Transitions);
        _fixes.Follow(evaluated);
        foreach (var (key, state) in evaluated.Evaluation.State.Rules.Where(rule => rule.Value.Health.IsError))
        {
            var rule = key[..key.LastIndexOf('#')];
            var known = _errors.GetValueOrDefault($"{evaluated.Group.Name}/{key}") ?? new(evaluated.Group.Name, rule, Series.Timestamp.ToInstant(evaluated.AsOf), 0, state.Health.Error!);
            _errors[$"{evaluated.Group.Name}/{key}"] = known with { Times = known.Times + 1 };
        }
    }

    public BacktestReport Report(DateTimeOffset from, DateTimeOffset to)
    {
        var fixes = _fixes.Opened;
        return new(from, to, _evaluations, BacktestAlert.Of(_transitions), fixes, fixes.Sum(fix => fix.LabelBudget), [.. _errors.Values]);
    }
}
