using System.Collections.Immutable;
using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Rules;

/// <summary>Splits a template into literal parts and pipelines and reads the latter.</summary>
internal sealed class TemplateReader(string text)
{
    private static readonly string[] ControlFlow = ["if", "else", "end", "range", "with", "define", "template", "block", "break", "continue"];
    private static readonly string[] Roots = ["$value", "$labels", ".Value", ".Labels"];

    private TemplateLexer _tokens = new("", 0);

    public List<TemplateError> Errors { get; } = [];

    public ImmutableArray<TemplatePart> Read()
    {
        var parts = ImmutableArray.CreateBuilder<TemplatePart>();
        var position = 0;
        while (position < text.Length)
        {
            var open = text.IndexOf("{{", position, StringComparison.Ordinal);
            var literal = open < 0 ? text[position..] : text[position..open];
            var trimmed = position > 0 && text[..position].EndsWith("-}}", StringComparison.Ordinal) ? literal.TrimStart() : literal;
            var trimsBefore = open >= 0 && text.AsSpan(open).StartsWith("{{- ");
            parts.Add(new(trimsBefore ? trimmed.TrimEnd() : trimmed, null));
            position = open < 0 ? text.Length : Action(open, parts);
        }

        return parts.ToImmutable();
    }

    /// <summary>Reads what starts at <c>{{</c>; the position after its <c>}}</c>.</summary>
    private int Action(int open, ImmutableArray<TemplatePart>.Builder parts)
    {
        var start = open + (text.AsSpan(open).StartsWith("{{- ") ? 3 : 2);
        if (text.AsSpan(start).TrimStart().StartsWith("/*"))
        {
            return AfterComment(open);
        }

        _tokens = new(text, start);
        var pipeline = Pipeline();
        if (pipeline is not null && _tokens.Current.Kind != TemplateTokenKind.End)
        {
            Fail(_tokens.Current, $"unexpected \"{_tokens.Current.Text}\"");
        }

        if (!_tokens.SkipToEnd())
        {
            Errors.Add(new(open, "\"{{\" is not closed", "allowed: {{ … }}"));
            return text.Length;
        }

        if (pipeline is not null)
        {
            parts.Add(new(null, pipeline));
        }

        return _tokens.Position;
    }

    private int AfterComment(int open)
    {
        var close = text.IndexOf("*/", open, StringComparison.Ordinal);
        var end = close < 0 ? -1 : text.IndexOf("}}", close, StringComparison.Ordinal);
        if (end < 0)
        {
            Errors.Add(new(open, "the comment is not closed", "allowed: {{/* … */}}"));
            return text.Length;
        }

        return end + 2;
    }

    private TemplatePipeline? Pipeline()
    {
        var commands = ImmutableArray.CreateBuilder<TemplateCommand>();
        do
        {
            if (Command(commands.Count > 0) is not { } command)
            {
                return null;
            }

            commands.Add(command);
        }
        while (_tokens.Take("|"));

        return new(commands.ToImmutable());
    }

    private TemplateCommand? Command(bool piped)
    {
        var first = _tokens.Current;
        if (first.Kind == TemplateTokenKind.Name)
        {
            return Call(first, piped);
        }

        if (Operand() is not { } operand)
        {
            return null;
        }

        if (piped || StartsOperand())
        {
            Fail(first, $"\"{first.Text}\" is no function", $"allowed: {TemplateFunction.Names}");
            return null;
        }

        return new(null, [operand]);
    }

    private TemplateCommand? Call(TemplateToken name, bool piped)
    {
        _tokens.Advance();
        if (TemplateFunction.Find(name.Text) is not { } function)
        {
            ReportName(name);
            return null;
        }

        var operands = ImmutableArray.CreateBuilder<TemplateOperand>();
        while (StartsOperand())
        {
            if (Operand() is not { } operand)
            {
                return null;
            }

            operands.Add(operand);
        }

        var count = operands.Count + (piped ? 1 : 0);
        if (count >= function.Min && count <= function.Max)
        {
            return new(function, operands.ToImmutable());
        }

        Fail(name, $"\"{name.Text}\" has {count} arguments", $"allowed: {(function.Max == int.MaxValue ? $"at least {function.Min}" : function.Min)}");
        return null;
    }

    private void ReportName(TemplateToken name)
    {
        if (ControlFlow.Contains(name.Text))
        {
            Fail(name, $"\"{name.Text}\": not supported yet", "allowed: values, labels and functions");
            return;
        }

        var nearest = Nearest.To(name.Text, TemplateFunction.All.Select(function => function.Name));
        Errors.Add(new(name.Offset, $"function \"{name.Text}\" is not known", $"allowed: {TemplateFunction.Names}", nearest));
    }

    private bool StartsOperand() =>
        _tokens.Current.Kind is TemplateTokenKind.Variable or TemplateTokenKind.Text or TemplateTokenKind.Number || _tokens.Current.Text is "(" or "true" or "false";

    private TemplateOperand? Operand()
    {
        var token = _tokens.Current;
        _tokens.Advance();
        switch (token.Kind)
        {
            case TemplateTokenKind.Text:
                return new TemplateOperand.Literal(new TemplateValue.Text(token.Value));
            case TemplateTokenKind.Number:
                return Number(token);
            case TemplateTokenKind.Variable:
                return Variable(token);
            case TemplateTokenKind.Name when token.Text is "true" or "false":
                return new TemplateOperand.Literal(new TemplateValue.Flag(token.Text == "true"));
            case TemplateTokenKind.Sign when token.Text == "(":
                return Nested(token);
            default:
                Fail(token, token.Kind == TemplateTokenKind.End ? "a value is missing" : $"unexpected \"{token.Text}\"", "allowed: $value, $labels.NAME, text, a number, a function");
                return null;
        }
    }

    private TemplateOperand.Literal Number(TemplateToken token)
    {
        if (long.TryParse(token.Text, System.Globalization.CultureInfo.InvariantCulture, out var whole))
        {
            return new(new TemplateValue.Whole(whole));
        }

        var number = GoFormat.ParseFloat(token.Text);
        if (number is null)
        {
            Fail(token, $"\"{token.Text}\" is no number");
        }

        return new(new TemplateValue.Number(number ?? 0));
    }

    private TemplateOperand? Variable(TemplateToken token)
    {
        var path = token.Text;
        if (path is "$value" or ".Value" or "$.Value")
        {
            return new TemplateOperand.AlertValue();
        }

        if (path is "$labels" or ".Labels" or "$.Labels")
        {
            return new TemplateOperand.AllLabels();
        }

        foreach (var prefix in (string[])["$labels.", ".Labels.", "$.Labels."])
        {
            if (path.StartsWith(prefix, StringComparison.Ordinal) && !path[prefix.Length..].Contains('.', StringComparison.Ordinal))
            {
                return new TemplateOperand.Label(path[prefix.Length..]);
            }
        }

        var dot = path.IndexOf('.', 1) is var at and > 0 ? at : path.Length;
        var nearest = Nearest.To(path[..dot], Roots) is { } root ? root + path[dot..] : null;
        Errors.Add(new(token.Offset, $"\"{path}\" is not known", "allowed: $value, $labels, $labels.NAME", nearest));
        return null;
    }

    private TemplateOperand.Nested? Nested(TemplateToken open)
    {
        if (Pipeline() is not { } pipeline)
        {
            return null;
        }

        if (!_tokens.Take(")"))
        {
            Fail(open, "\"(\" is not closed", "allowed: ( … )");
            return null;
        }

        return new(pipeline);
    }

    private void Fail(TemplateToken token, string message, string? allowed = null) => Errors.Add(new(token.Offset, message, allowed));
}
