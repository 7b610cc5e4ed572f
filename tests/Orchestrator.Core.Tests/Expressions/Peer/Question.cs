using System.Globalization;
using Orchestrator.Core.Expressions;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Expressions.Typing;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Expressions.Peer;

/// <summary>An expression and the instant, or the range with a step, at which both are asked.</summary>
internal sealed record Question(string Text, TimeRange Range)
{
    public bool IsRange => Range.Step > 0;

    public Answer Answered(SeriesSnapshot snapshot)
    {
        var parsed = ExpressionText.Parse(Text);
        if (parsed.Root is not { } root)
        {
            return new Answer([], parsed.Errors[0].ToString());
        }

        if (!IsRange)
        {
            return Answer.Of(Evaluator.Evaluate(root, snapshot, Range.Start, EvaluationOptions.Default), Range.Start);
        }

        return parsed.Type is ExprType.Scalar or ExprType.Vector
            ? Answer.Of(Evaluator.EvaluateRange(root, snapshot, Range, EvaluationOptions.Default), Range.Start)
            : new Answer([], $"a {parsed.Type.Name()} over a range");
    }

    /// <summary>The same question with shorter expressions: a part alone, or a part in the place of one that holds it.</summary>
    public IEnumerable<Question> Smaller()
    {
        if (ExpressionText.Parse(Text).Root is not { } root)
        {
            return [];
        }

        var all = Below(root).Prepend(root).ToList();
        var alone = all.Skip(1).Select(part => Of(part.Span));
        var inPlace = from whole in all
                      from part in Below(whole)
                      select Text[..whole.Span.Offset] + Of(part.Span) + Text[whole.Span.End..];
        return alone.Concat(inPlace).Distinct().Where(text => text.Length < Text.Length).OrderBy(text => text.Length).Select(text => this with { Text = text });
    }

    /// <summary>The same question with another last bit or two in what each function yields that mathematics libraries round in their own ways.</summary>
    public Question WithLastBitsMoved() =>
        ExpressionText.Parse(Text).Root is { } root ? this with { Text = Rewritten(root) } : this;

    public override string ToString()
    {
        var start = (Range.Start / 1e6).ToString("F1", CultureInfo.InvariantCulture);
        return IsRange ? string.Create(CultureInfo.InvariantCulture, $"{Text}  from {start} to {Range.End / 1e6:F1} step {Range.Step / 1e6:F0}") : $"{Text}  at {start}";
    }

    private string Rewritten(Expr expr)
    {
        var (text, place) = ("", expr.Span.Offset);
        foreach (var child in expr.Children.OrderBy(child => child.Span.Offset))
        {
            text += Text[place..child.Span.Offset] + Rewritten(child);
            place = child.Span.End;
        }

        text += Text[place..expr.Span.End];
        // The clamp keeps infinities as they are: the sine of one is not a number.
        return IsRounded(expr) && ExpressionText.Parse(text).Type is ExprType.Vector ? $"(({text}) * (1 + 3e-16 * sin(1e15 * clamp(({text}), -1e5, 1e5))))" : text;
    }

    private static bool IsRounded(Expr expr) => expr is Expr.Binary { Op: BinaryOp.Atan2 or BinaryOp.Power } or Expr.Call
    {
        Function: "acos" or "acosh" or "asin" or "asinh" or "atan" or "atanh" or "cos" or "cosh" or "exp" or "ln" or "log10" or "log2" or "sin" or "sinh" or "tan" or "tanh",
    };

    private string Of(Span span) => Text.Substring(span.Offset, span.Length);

    private static IEnumerable<Expr> Below(Expr expr) => expr.Children.SelectMany(child => Below(child).Prepend(child));
}
