using System.Collections.Immutable;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>A rule's number for one label set at one instant, against what it is compared with.</summary>
/// <param name="At">Microseconds since the epoch.</param>
/// <param name="Threshold">Absent where the rule compares nothing.</param>
public readonly record struct TracePoint(long At, double? Value, double? Threshold, AlertState State);

/// <summary>A rule over time as it can be drawn.</summary>
/// <param name="Expression">As its author wrote it.</param>
public sealed record TracedRule(string Group, string Rule, bool IsAlert, string Expression, ImmutableArray<TraceLine> Lines);

/// <summary>One label set of a rule over time.</summary>
public sealed record TraceLine(Labels Labels, ImmutableArray<TracePoint> Points);

/// <summary>Follows a rule through a backtest, one line a label set.</summary>
public sealed class RuleTrace(RuleGroup group, Rule rule)
{
    private readonly SortedDictionary<Labels, List<TracePoint>> _lines = [];
    private readonly Expr.Binary? _leading = Leading(rule.Expression.Root);

    private bool IsAlert => rule is Rule.Alerting;

    public TracedRule ToTraced() =>
        new(group.Name, rule.Name, IsAlert, rule.Expression.Text, [.. _lines.Select(line => new TraceLine(line.Key, [.. line.Value]))]);

    /// <summary>Takes in an evaluation of the rule's group; where the rule cannot be evaluated, nothing.</summary>
    public void Add(BacktestEvaluation evaluated)
    {
        var run = new RuleRun(group, evaluated.Snapshot, evaluated.AsOf);
        try
        {
            var states = Alerts(evaluated).GroupBy(alert => alert.Source).ToDictionary(same => same.Key, same => same.Max(alert => alert.State));
            var values = Values(run).GroupBy(one => one.Labels).ToDictionary(same => same.Key, same => same.First());
            foreach (var labels in values.Keys.Union(states.Keys))
            {
                var point = values.TryGetValue(labels, out var value) ? (value.Value, value.Threshold) : ((double?)null, (double?)null);
                Line(labels).Add(new(evaluated.AsOf, point.Item1, point.Item2, states.GetValueOrDefault(labels)));
            }
        }
        catch (RuleException)
        {
            // The rule's health says so; the picture has a gap.
        }
    }

    private IEnumerable<Alert> Alerts(BacktestEvaluation evaluated) =>
        evaluated.Evaluation.State.Rules.Where(pair => IsAlert && pair.Key[..pair.Key.LastIndexOf('#')] == rule.Name).SelectMany(pair => pair.Value.Alerts);

    private IEnumerable<(Labels Labels, double? Value, double? Threshold)> Values(RuleRun run)
    {
        if (_leading is null)
        {
            return run.Query(rule.Expression.Root).Select(sample => (sample.Labels.Without(Labels.NameLabel), (double?)sample.Value, (double?)null));
        }

        var left = run.Query(_leading.Left);
        var right = run.Query(_leading.Right);
        if (left is [{ Labels.Pairs.IsEmpty: true } number] && right is not [{ Labels.Pairs.IsEmpty: true }])
        {
            return right.Select(sample => (sample.Labels.Without(Labels.NameLabel), (double?)sample.Value, (double?)number.Value));
        }

        return left.Select(sample => (sample.Labels.Without(Labels.NameLabel), (double?)sample.Value, Partner(sample.Labels, right)));
    }

    private double? Partner(Labels labels, ImmutableArray<VectorSample> right)
    {
        if (right is [{ Labels.Pairs.IsEmpty: true } number])
        {
            return number.Value;
        }

        var signature = new Signature(_leading!.Matching);
        var wanted = signature.Of(labels);
        return right.Where(sample => signature.Of(sample.Labels) == wanted).Select(sample => (double?)sample.Value).FirstOrDefault();
    }

    private List<TracePoint> Line(Labels labels)
    {
        if (!_lines.TryGetValue(labels, out var line))
        {
            _lines.Add(labels, line = []);
        }

        return line;
    }

    /// <summary>The comparison that comes first, which is where labels and value come from.</summary>
    private static Expr.Binary? Leading(Expr expr) => expr switch
    {
        Expr.Paren paren => Leading(paren.Operand),
        Expr.Binary binary when binary.Op.IsSet() => Leading(binary.Left),
        Expr.Binary { ReturnsBool: false } binary when binary.Op.IsComparison() => binary,
        _ => null,
    };
}
