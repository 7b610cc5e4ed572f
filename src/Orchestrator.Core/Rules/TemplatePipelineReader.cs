using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Rules;

/// <summary>Reads what stands between <c>{{</c> and <c>}}</c>.</summary>
internal sealed class TemplatePipelineReader(TemplateLexer tokens, TemplateScope scope, List<TemplateError> errors)
{
    private const int MaxDepth = 50;
    private const string AllowedValues = "allowed: $value, $labels.NAME, text, a number, a function";

    private int _depth;

    /// <summary>A pipeline up to the end of the action, which may first declare variables; none where there is an error.</summary>
    public TemplatePipeline? Whole(int variables)
    {
        var pipeline = Declared(variables);
        if (pipeline is not null && tokens.Current.Kind != TemplateTokenKind.End)
        {
            Fail(tokens.Current, $"unexpected \"{tokens.Current.Text}\"");
        }

        return pipeline;
    }

    public TemplatePipeline? Commands()
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
        while (tokens.Take("|"));

        return new(commands.ToImmutable(), [], false);
    }

    public void Fail(TemplateToken token, string message, string? allowed = null) => errors.Add(new(token.Offset, message, allowed));

    private TemplatePipeline? Declared(int variables)
    {
        if (tokens.Current.Kind != TemplateTokenKind.Variable || tokens.DeclaredAhead(variables) is not { Length: > 0 } names)
        {
            return Commands();
        }

        foreach (var _ in names.SkipLast(1))
        {
            tokens.Advance();
            tokens.Take(",");
        }

        tokens.Advance();
        var declares = tokens.Is(":=");
        tokens.Advance();
        if (!declares && names.FirstOrDefault(name => !scope.Has(name)) is { } unknown)
        {
            errors.Add(new(tokens.Current.Offset, $"\"{unknown}\" is not known", "allowed: a variable that was declared with :=", Nearest.To(unknown, scope.Names)));
        }

        var pipeline = Commands();
        scope.Declare(declares ? names : []);
        return pipeline is null ? null : pipeline with { Variables = names, Declares = declares };
    }

    private TemplateCommand? Command(bool piped)
    {
        var first = tokens.Current;
        if (first.Kind == TemplateTokenKind.Name && first.Text is not ("true" or "false" or "nil"))
        {
            return Call(first, piped);
        }

        if (Operand() is not { } operand)
        {
            return null;
        }

        var isMethod = operand is TemplateOperand.Field { Of: not TemplateOperand.Dot };
        if ((piped || StartsOperand()) && !isMethod)
        {
            Fail(first, $"\"{first.Text}{Chain(operand)}\" is no function", $"allowed: {TemplateFunction.Names}");
            return null;
        }

        if (isMethod && operand is TemplateOperand.Field { Of: TemplateOperand.Variable } && StartsOperand())
        {
            Fail(first, $"\"{first.Text}{Chain(operand)}\" is no function", $"allowed: {TemplateFunction.Names}");
            return null;
        }

        return Arguments([operand]) is { } operands ? new(first.Offset, null, operands) : null;
    }

    private static string Chain(TemplateOperand operand) => operand is TemplateOperand.Field field ? $"{(field.Of is TemplateOperand.Field ? Chain(field.Of) : "")}.{field.Name}" : "";

    private ImmutableArray<TemplateOperand>? Arguments(ImmutableArray<TemplateOperand> operands)
    {
        while (StartsOperand())
        {
            if (Operand() is not { } operand)
            {
                return null;
            }

            operands = operands.Add(operand);
        }

        return operands;
    }

    private TemplateCommand? Call(TemplateToken name, bool piped)
    {
        tokens.Advance();
        if (TemplateFunction.Find(name.Text) is not { } function)
        {
            var nearest = Nearest.To(name.Text, TemplateFunction.All.Select(known => known.Name));
            errors.Add(new(name.Offset, $"function \"{name.Text}\" is not known", $"allowed: {TemplateFunction.Names}", nearest));
            return null;
        }

        scope.Used.Add(name.Text);
        if (Arguments([]) is not { } operands)
        {
            return null;
        }

        var count = operands.Length + (piped ? 1 : 0);
        if (count >= function.Min && count <= function.Max)
        {
            return new(name.Offset, function, operands);
        }

        Fail(name, $"\"{name.Text}\" has {count} arguments", $"allowed: {(function.Max == int.MaxValue ? $"at least {function.Min}" : function.Min)}");
        return null;
    }

    private bool StartsOperand() =>
        tokens.Current.Kind is TemplateTokenKind.Variable or TemplateTokenKind.Text or TemplateTokenKind.Number or TemplateTokenKind.Field or TemplateTokenKind.Name
        || tokens.Is("(") || tokens.Is(".");

    private TemplateOperand? Operand()
    {
        var token = tokens.Current;
        if (token.Kind == TemplateTokenKind.End)
        {
            return Unexpected(token);
        }

        tokens.Advance();
        TemplateOperand? operand = token.Kind switch
        {
            TemplateTokenKind.Text => new TemplateOperand.Literal(new TemplateValue.Text(token.Value)),
            TemplateTokenKind.Number => Number(token),
            TemplateTokenKind.Variable => new TemplateOperand.Variable(token.Text),
            TemplateTokenKind.Field => new TemplateOperand.Field(new TemplateOperand.Dot(), token.Text[1..]),
            TemplateTokenKind.Name => Named(token),
            TemplateTokenKind.Sign when token.Text == "." => new TemplateOperand.Dot(),
            TemplateTokenKind.Sign when token.Text == "(" => Nested(token),
            _ => Unexpected(token),
        };
        return operand is null ? null : Chained(token, operand);
    }

    private TemplateOperand? Unexpected(TemplateToken token)
    {
        Fail(token, token.Kind == TemplateTokenKind.End ? "a value is missing" : $"unexpected \"{token.Text}\"", AllowedValues);
        return null;
    }

    /// <summary>A name as an operand: a constant, or a function without arguments.</summary>
    private TemplateOperand? Named(TemplateToken token)
    {
        if (token.Text is "true" or "false")
        {
            return new TemplateOperand.Literal(new TemplateValue.Flag(token.Text == "true"));
        }

        if (token.Text == "nil")
        {
            return new TemplateOperand.Literal(new TemplateValue.Absent());
        }

        if (TemplateFunction.Find(token.Text) is { Min: 0 } function)
        {
            return new TemplateOperand.Nested(new([new(token.Offset, function, [])], [], false));
        }

        Fail(token, $"unexpected \"{token.Text}\"", AllowedValues);
        return null;
    }

    /// <summary>The fields that follow without a gap, and whether the whole is known.</summary>
    private TemplateOperand? Chained(TemplateToken first, TemplateOperand operand)
    {
        var path = first.Text;
        while (tokens.Current.Kind == TemplateTokenKind.Field && tokens.Current.Offset == tokens.BeforeEnd && first.Kind is not (TemplateTokenKind.Text or TemplateTokenKind.Number))
        {
            path += tokens.Current.Text;
            operand = new TemplateOperand.Field(operand, tokens.Current.Text[1..]);
            tokens.Advance();
        }

        if (first.Kind is not (TemplateTokenKind.Variable or TemplateTokenKind.Field) || scope.Knows(first.Text, path))
        {
            return operand;
        }

        var dot = path.IndexOf('.', 1) is var at and > 0 ? at : path.Length;
        var nearest = Nearest.To(path[..dot], scope.Names) is { } root ? root + path[dot..] : null;
        errors.Add(new(first.Offset, $"\"{path}\" is not known", "allowed: $value, $labels, $labels.NAME", nearest));
        return null;
    }

    private TemplateOperand.Literal Number(TemplateToken token)
    {
        var text = token.Value.Length > 0 ? token.Value : token.Text;
        var hex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        if (hex ? long.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var whole) : long.TryParse(text, CultureInfo.InvariantCulture, out whole))
        {
            return new(new TemplateValue.Whole(whole));
        }

        var number = GoFormat.ParseFloat(text);
        if (number is null)
        {
            Fail(token, $"\"{token.Text}\" is no number");
        }

        return new(new TemplateValue.Number(number ?? 0));
    }

    private TemplateOperand.Nested? Nested(TemplateToken open)
    {
        if (++_depth > MaxDepth)
        {
            Fail(open, "the parentheses are nested too deeply", $"allowed: {MaxDepth} levels");
            return null;
        }

        var pipeline = Commands();
        _depth--;
        if (pipeline is null)
        {
            return null;
        }

        if (!tokens.Take(")"))
        {
            Fail(open, "\"(\" is not closed", "allowed: ( … )");
            return null;
        }

        return new(pipeline);
    }
}
