using System.Diagnostics;
using System.Text.RegularExpressions;
using Orchestrator.Core.Expressions;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Expressions.Typing;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Expressions.Conformance;

/// <summary>One script run to its end: what passed, what was excluded and why, what is wrong.</summary>
internal sealed partial class ScriptRun
{
    // Prometheus runs its scripts with delayed removal of names.
    private static readonly EvaluationOptions Options = EvaluationOptions.Default with { DelayedNameRemoval = true };

    private readonly Dictionary<Labels, string> _excluded = [];
    private SeriesHead _head = new();

    public int Passed { get; private set; }

    public List<(int Line, string Reason)> Excluded { get; } = [];

    public List<string> Wrong { get; } = [];

    public static ScriptRun Of(string path)
    {
        var run = new ScriptRun();
        foreach (var command in Script.Read(path))
        {
            run.Execute(command);
        }

        return run;
    }

    private void Execute(Command command)
    {
        switch (command)
        {
            case Command.Clear:
                _head = new SeriesHead();
                _excluded.Clear();
                break;
            case Command.Load load:
                Load(load);
                break;
            case Command.Eval eval:
                Evaluate(eval);
                break;
            case Command.Unreadable unreadable:
                Wrong.Add($"line {unreadable.Line}: {unreadable.Text}: cannot be read");
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void Load(Command.Load load)
    {
        // Of two lines for one series in a block the later counts, as in Prometheus.
        foreach (var series in load.Series.Select(SeriesNotation.Parse).GroupBy(series => (series.Labels, series.Excluded)).Select(group => group.Last()))
        {
            if (series.Excluded is { } reason)
            {
                _excluded[series.Labels] = reason;
            }

            if (load.WithNativeHistograms)
            {
                _excluded[series.Labels.Without("le").With(Labels.NameLabel, ClassicSuffix().Replace(series.Labels.Name, ""))] = "series that load_with_nhcb makes native histograms of";
            }

            var samples = series.Values.Select((value, i) => (value, i)).Where(pair => pair.value is not null)
                .Select(pair => new LabelledSample(series.Labels, new Sample(pair.i * load.Step, pair.value!.Value)));
            _head.Append(0, samples);
        }
    }

    private void Evaluate(Command.Eval eval)
    {
        var parsed = ExpressionText.Parse(eval.Expression);
        if (Exclusion(eval, parsed) is { } reason)
        {
            Excluded.Add((eval.Line, reason));
            return;
        }

        var wrong = parsed.Root is { } root
            ? Verdict.Of(eval, Answer(eval, root, parsed.Type)) ?? AsRange(eval, root, parsed.Type)
            : Verdict.Of(eval, new Evaluation.Failed(parsed.Errors[0]));
        if (wrong is null)
        {
            Passed++;
        }
        else
        {
            Wrong.Add($"line {eval.Line}: {eval.Expression}: {wrong}");
        }
    }

    private Evaluation Answer(Command.Eval eval, Expr root, ExprType type) => eval.IsRange && type is (ExprType.Scalar or ExprType.Vector)
        ? Evaluator.EvaluateRange(root, _head.Snapshot(), eval.Range, Options)
        : Evaluator.Evaluate(root, _head.Snapshot(), eval.Range.Start, Options);

    /// <summary>An instant must give the same elements as a range of one step.</summary>
    private string? AsRange(Command.Eval eval, Expr root, ExprType type)
    {
        if (eval.IsRange || type != ExprType.Vector)
        {
            return null;
        }

        var instant = Evaluator.Evaluate(root, _head.Snapshot(), eval.Range.Start, Options);
        var range = Evaluator.EvaluateRange(root, _head.Snapshot(), eval.Range with { Step = 1 }, Options);
        if (instant is not Evaluation.Vector(var samples) || range is not Evaluation.Matrix(var series))
        {
            return instant.GetType() == range.GetType() ? null : "an instant and a range of one step differ";
        }

        var points = series.ToDictionary(one => one.Labels, one => Assert.Single(one.Points).Value);
        return samples.Length == points.Count && samples.All(sample => points[sample.Labels].Equals(sample.Value)) ? null : "an instant and a range of one step differ";
    }

    private string? Exclusion(Command.Eval eval, ParsedExpression parsed)
    {
        if (parsed.Errors.FirstOrDefault(error => error.Code == ExpressionCodes.Experimental) is { } experimental)
        {
            return $"experimental: {experimental.Text.Split(" is experimental")[0].Split(" are experimental")[0]}";
        }

        if (parsed.Errors.FirstOrDefault(error => error.Code == ExpressionCodes.NotSupported) is { } native)
        {
            return $"native histograms: {native.Text.Split(" works on")[0]}";
        }

        if (eval.Results.Any(line => line.Contains("{{", StringComparison.Ordinal)))
        {
            return "the result is a native histogram";
        }

        var selectors = parsed.Root is { } root ? Selectors(root).ToList() : [];
        return _excluded.FirstOrDefault(pair => selectors.Exists(selector => selector.Matchers.All(matcher => matcher.Matches(pair.Key)))).Value;
    }

    private static IEnumerable<Expr.Selector> Selectors(Expr expr) =>
        expr is Expr.Selector selector ? [selector] : expr.Children.SelectMany(Selectors);

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex ClassicSuffix();
}
