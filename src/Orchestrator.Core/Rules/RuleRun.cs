using System.Collections.Immutable;
using Orchestrator.Core.Expressions;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>The instant at which a rule is evaluated, and what it sees.</summary>
/// <param name="AsOf">Microseconds since the epoch.</param>
internal sealed record RuleRun(RuleGroup Group, SeriesSnapshot Snapshot, long AsOf)
{
    private static readonly long DefaultLookback = EvaluationOptions.Default.Lookback;

    /// <summary>What parts of the group's rules yield, where they were computed together; otherwise the evaluator is asked.</summary>
    public RuleAnswers? Answers { get; init; }

    private long Lookback => Group.Lookback?.ToMicros() ?? DefaultLookback;

    private long ReadAt => ReadAtOf(Group, AsOf);

    public static long ReadAtOf(RuleGroup group, long asOf) => asOf - group.QueryOffset.ToMicros();

    public static EvaluationOptions OptionsOf(RuleGroup group) => EvaluationOptions.Default with { Lookback = group.Lookback?.ToMicros() ?? DefaultLookback };

    /// <summary>What the rule's condition would give if its comparisons always held.</summary>
    public Expr PresenceOf(Rule.Alerting rule) => Answers?.PresenceOf(rule) ?? Presence.Of(rule.Expression.Root);

    /// <summary>The samples of an expression, a number being one without labels; throws <see cref="RuleException"/> where it cannot be evaluated.</summary>
    public ImmutableArray<VectorSample> Query(Expr expr)
    {
        var evaluation = Answers?.Of(expr) ?? Evaluator.Evaluate(expr, Snapshot, ReadAt, OptionsOf(Group));
        return evaluation switch
        {
            Evaluation.Vector vector => vector.Samples,
            Evaluation.Scalar scalar => [new(Labels.Empty, scalar.Value, scalar.Rows)],
            Evaluation.Failed failed => throw new RuleException(failed.Error.Text),
            Evaluation.Matrix or Evaluation.Text => throw new RuleException("the expression gives neither a vector nor a number"),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>What the templates of a rule may speak of, the series of this evaluation included.</summary>
    public TemplateData Data(Labels labels, double value) => new(labels, value)
    {
        ExternalLabels = Group.ExternalLabels, ExternalUrl = Group.ExternalUrl, Now = AsOf, Query = ForTemplate,
    };

    /// <summary>A sample to store; where the group's interval outlasts the look-back it counts for two intervals, so that it is seen until the next.</summary>
    public LabelledSample Written(Labels labels, double value, int rows = 0)
    {
        var span = (Group.Interval ?? RuleGroup.DefaultInterval).ToMicros() * 2;
        return new(labels, new Sample(AsOf, value, span > Lookback ? AsOf + span : 0, rows));
    }

    /// <summary>Stale markers for series that were written last time and are not now.</summary>
    public IEnumerable<LabelledSample> Ended(IEnumerable<Labels> before, IEnumerable<LabelledSample> now) =>
        before.Except(now.Select(sample => sample.Labels)).Select(labels => new LabelledSample(labels, new Sample(AsOf, Sample.Stale)));

    /// <summary>Time of the newest sample that the leading selectors of an expression see for a label set; the evaluation's where they see none.</summary>
    public long MeasuredAt(Expr expr, Labels source)
    {
        var newest = long.MinValue;
        foreach (var selector in Presence.Leading(expr))
        {
            var until = ReadAt - selector.Shift.Offset;
            foreach (var points in Snapshot.Select(selector.Matchers.AsSpan()))
            {
                newest = Agree(points.Labels, source) && points.At(until) is { IsStale: false } sample ? Math.Max(newest, sample.Time) : newest;
            }
        }

        return newest == long.MinValue ? AsOf : newest;
    }

    private ImmutableArray<VectorSample> ForTemplate(string text)
    {
        var parsed = ExpressionText.Parse(text);
        if (parsed.Root is not { } root)
        {
            throw new TemplateException($"error executing query: {parsed.Errors[0].Text}");
        }

        try
        {
            return Query(root);
        }
        catch (RuleException exception)
        {
            throw new TemplateException($"error executing query: {exception.Message}");
        }
    }

    private static bool Agree(Labels series, Labels source) =>
        source.Pairs.All(pair => series[pair.Key] is { Length: 0 } || series[pair.Key] == pair.Value);
}

/// <summary>Ends the evaluation of one rule, which then has an error as its health; never leaves the group's evaluation.</summary>
internal sealed class RuleException(string message) : Exception(message);
