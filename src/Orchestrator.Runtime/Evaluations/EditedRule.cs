using System.Collections.Immutable;
using Orchestrator.Core.Expressions;
using Orchestrator.Core.Expressions.Typing;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Rules;

namespace Orchestrator.Runtime.Evaluations;

/// <summary>What rules would have done in sum.</summary>
public sealed record BacktestCounts(int Alerts, int Fixes, int LabelCost)
{
    internal static BacktestCounts Of(BacktestReport report) => new(report.Alerts.Length, report.Fixes.Length, report.LabelCost);
}

/// <summary>What the rules in force would have done with one of them edited, beside what they would have done as they are.</summary>
/// <param name="Added">What only the edited ones would have done; fixes that are the same do not count.</param>
/// <param name="Removed">What only those in force would have done.</param>
/// <param name="Difference">The first of each kind.</param>
/// <param name="Errors">Where the edited rule could not be evaluated.</param>
public sealed record EditedBacktest(
    DateTimeOffset From, DateTimeOffset To, int Evaluations, BacktestCounts Before, BacktestCounts After, BacktestCounts Added, BacktestCounts Removed, BacktestDifference Difference,
    ImmutableArray<BacktestError> Errors)
{
    /// <summary>Where the replay began, and with it what alerts remember; absent where that is the beginning of the log.</summary>
    public DateTimeOffset? Begun { get; init; }
}

/// <summary>A copy of a rule with another expression, to be tried.</summary>
/// <param name="Expression">PromQL in place of the rule's own.</param>
public sealed record EditedRule(string Rule, string Expression)
{
    /// <summary>Alerts and fixes of each kind that are told one by one.</summary>
    public const int Most = 200;

    /// <summary>Why the expression cannot be the rule's; null where it can.</summary>
    public string? Objection => ExpressionText.Parse(Expression) switch
    {
        { Errors: [var error, ..] } => $"at {error.Offset + 1}: {error.Code} {error.Text}{(error.Allowed is { } allowed ? $"; {allowed}" : "")}{(error.Nearest is { } near ? $"; did you mean {near}?" : "")}",
        { Type: not (ExprType.Scalar or ExprType.Vector) } other => $"it gives a {other.Type.Name()}, not an instant vector or a scalar",
        _ => null,
    };

    /// <summary>The groups with the copy in place of the rule.</summary>
    internal ImmutableArray<RuleGroup> In(ImmutableArray<RuleGroup> groups) => [.. groups.Select(Edited)];

    /// <summary>What the copy would have done beside what the rules in force would have done.</summary>
    internal EditedBacktest Compare(BacktestReport before, BacktestReport after, ReplaySpan span)
    {
        var all = BacktestDifference.Of(before, after);
        var first = new BacktestDifference([.. all.AlertsAdded.Take(Most)], [.. all.AlertsRemoved.Take(Most)], [.. all.FixesAdded.Take(Most)], [.. all.FixesRemoved.Take(Most)], all.LabelCost);
        return new(
            span.From, span.To, after.Evaluations, BacktestCounts.Of(before), BacktestCounts.Of(after),
            new(all.AlertsAdded.Length, all.FixesAdded.Length, all.FixesAdded.Sum(fix => fix.LabelBudget)), new(all.AlertsRemoved.Length, all.FixesRemoved.Length, all.FixesRemoved.Sum(fix => fix.LabelBudget)),
            first, [.. after.Errors.Where(error => error.Rule == Rule)])
        {
            Begun = span.Begin,
        };
    }

    private RuleGroup Edited(RuleGroup group) =>
        group with { Rules = [.. group.Rules.Select(rule => rule.Name == Rule ? rule with { Expression = new RuleExpression(Expression, ExpressionText.Parse(Expression).Root!) } : rule)] };
}
