using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Revisions.Analysis;

/// <summary>Expressions against what their series can be: comparisons that never or always hold, sides that never meet, divisions by zero, selectors that select nothing.</summary>
internal sealed class ValueChecks(AuthoredFiles files, KnownSeries series)
{
    public void Run(AnalysedRule rule)
    {
        foreach (var part in rule.Parts)
        {
            foreach (var selector in part.Selectors)
            {
                Selector(rule, part, selector);
            }

            new Inference(series, (binary, left, right) => Binary(rule, part, (binary, left, right))).Of(part.Root);
        }
    }

    private void Binary(AnalysedRule rule, RulePart part, (Expr.Binary Op, Facts Left, Facts Right) at)
    {
        var place = rule.Within(part, at.Op.OperatorSpan);
        if (at.Op.Op.IsComparison())
        {
            Compared(rule.File, rule.Within(part, at.Op.Span), at);
        }
        else if (at.Op.Op is BinaryOp.Divide or BinaryOp.Modulo && at.Right.Value.Constant == 0)
        {
            files.Warning(rule.File, place, "RULE204", $"the right side of \"{at.Op.Op.Sign()}\" is always 0, which gives no number that can be compared", "allowed: a divisor that can be other than 0");
        }

        if (Meeting.Conflict(at.Op, at.Left, at.Right) is { } label)
        {
            Apart(rule.File, place, at, label);
        }
    }

    private void Compared(YamlFile file, Place place, (Expr.Binary Op, Facts Left, Facts Right) at)
    {
        if (IsOutOfReach(at.Op.Op, at.Op.Right, at.Right.Value) || IsOutOfReach(at.Op.Op, at.Op.Left, at.Left.Value))
        {
            files.Error(file, place, "RULE216", $"\"{at.Op}\" compares with a threshold that is not finite", "allowed: a finite number, or == and != with Inf");
            return;
        }

        var verdict = at.Left.IsEmpty || at.Right.IsEmpty || (at.Left.Value.Constant is not null && at.Right.Value.Constant is not null)
            ? null : Comparison.Verdict(at.Op.Op, at.Left.Value, at.Right.Value);
        if (verdict is { } known && at.Op.ReturnsBool)
        {
            files.Warning(file, place, "RULE203", $"\"{at.Op}\" always gives {(known ? 1 : 0)}: {Reason(at)}", "allowed: a comparison that can go both ways");
        }
        else if (verdict == false)
        {
            files.Warning(file, place, "RULE201", $"\"{at.Op}\" never holds: {Reason(at)}", "allowed: a comparison that can hold");
        }
        else if (verdict == true && !at.Left.IsFiltered && !at.Right.IsFiltered)
        {
            files.Warning(file, place, "RULE202", $"\"{at.Op}\" always holds: {Reason(at)}", "allowed: a comparison that can fail");
        }
    }

    /// <summary>Infinity can be asked for; nothing can be compared with it otherwise, or with NaN.</summary>
    private static bool IsOutOfReach(BinaryOp op, Expr side, Interval value) =>
        Meeting.IsScalar(side) && (value is { IsEmpty: true, MayBeNaN: true } || (value.Constant is { } number && double.IsInfinity(number) && op is not (BinaryOp.Equal or BinaryOp.NotEqual)));

    private void Apart(YamlFile file, Place place, (Expr.Binary Op, Facts Left, Facts Right) at, string label)
    {
        var shared = Meeting.Shared(at.Left, at.Right).ToList();
        var corrected = at.Op with { Matching = at.Op.Matching with { On = true, Labels = [.. shared] } };
        var effect = at.Op.Op == BinaryOp.Unless ? "removes nothing" : "gives nothing";
        files.Error(
            file, place, "RULE205",
            $"\"{at.Op.Op.Sign()}\" {effect}: its left side has {at.Left.Labels[label].Said(label)}, its right side {at.Right.Labels[label].Said(label)}",
            "allowed: sides that are equal in the labels by which they meet", corrected.ToString());
    }

    private void Selector(AnalysedRule rule, RulePart part, Expr.Selector selector)
    {
        if (selector.Metric is not { } name || series.Of(name).Labels is not { IsOpen: false } labels)
        {
            return;
        }

        var place = rule.Within(part, selector.Span);
        var possible = labels.Possible.ToList();
        var unknown = selector.Matchers.Where(matcher => matcher.Label != Labels.NameLabel && labels[matcher.Label].IsAbsent && !matcher.Matches("")).Select(matcher => matcher.Label).FirstOrDefault();
        if (unknown is not null && MetricCatalog.Find(name) is null)
        {
            files.Error(rule.File, place, "RULE120", $"the recorded series \"{name}\" has no label \"{unknown}\"", AuthoredFiles.Listed(possible), Nearest.To(unknown, possible));
        }
        else if (unknown is null && Nothing(selector, labels) is { } label)
        {
            files.Warning(rule.File, place, "RULE206", $"\"{selector}\" selects nothing: \"{name}\" has {labels[label].Said(label)}", "allowed: a value that the series has");
        }
    }

    /// <summary>A label whose matchers leave no value, where the names themselves exist: those that do not are errors of their own.</summary>
    private string? Nothing(Expr.Selector selector, LabelFacts labels)
    {
        var narrowed = selector.Matchers.Where(matcher => matcher.Label != Labels.NameLabel)
            .Aggregate(labels, (facts, matcher) => facts.With(matcher.Label, facts[matcher.Label].Narrowed(matcher)));
        var named = selector.Matchers.Where(matcher => matcher.Op == MatchOp.Equal);
        var strangers = named.Any(pair => (pair.Label == "dataset" && files.Datasets.All(item => item.Name != pair.Value)) || (pair.Label == "model" && files.Models.TrueForAll(item => item.Name != pair.Value)));
        return strangers ? null : narrowed.Known.Where(pair => pair.Value.IsImpossible).Select(pair => pair.Key).FirstOrDefault();
    }

    private static string Reason((Expr.Binary Op, Facts Left, Facts Right) at) =>
        at.Right.Value.Constant is not null ? Said(at.Op.Left, at.Left.Value) : at.Left.Value.Constant is not null ? Said(at.Op.Right, at.Right.Value)
            : $"{Said(at.Op.Left, at.Left.Value)}, and {Said(at.Op.Right, at.Right.Value)}";

    private static string Said(Expr expr, Interval value)
    {
        var text = expr.Unwrapped.ToString();
        var (low, high) = (NumberText.Fixed(value.Low), NumberText.Fixed(value.High));
        return value.IsEmpty ? $"\"{text}\" is no number" : value.Low == value.High ? $"\"{text}\" is always {low}"
            : double.IsInfinity(value.High) ? $"\"{text}\" is at least {low}" : double.IsInfinity(value.Low) ? $"\"{text}\" is at most {high}" : $"\"{text}\" is from {low} to {high}";
    }
}
