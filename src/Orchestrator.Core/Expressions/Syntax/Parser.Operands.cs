using System.Collections.Immutable;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Syntax;

internal sealed partial class Parser
{
    private static readonly string[] ExperimentalAggregations = ["limitk", "limit_ratio"];

    private Expr? Primary() => Here.Kind switch
    {
        TokenKind.Number => Number(Take()),
        TokenKind.Duration => Duration(Take()),
        TokenKind.Text => Text(Take()),
        TokenKind.LeftParen => Parenthesized(Take()),
        TokenKind.LeftBrace => Selector(null),
        TokenKind.Word => Word(),
        _ => Fail(Here, $"unexpected {Here.Shown}", "here a number, a string, a metric, a function or ( is allowed"),
    };

    private Expr? Number(Token token) => NumberLiteral.Value(token.Text) is { } value
        ? new Expr.Number(value) { Span = token.Span }
        : Fail(token, $"{token.Shown} is not a number", "underscores stand between digits of whole numbers, and numbers are at most 1.8e308");

    private Expr? Duration(Token token)
    {
        var seconds = DurationLiteral.Seconds(token.Text);
        return seconds > DurationLiteral.MaxSeconds
            ? Fail(token, $"the duration {token.Text} is out of range", "at most about 292 years are allowed")
            : new Expr.Number(seconds, true) { Span = token.Span };
    }

    private Expr.Text? Text(Token token) => TextValue(token) is { } value ? new Expr.Text(value) { Span = token.Span } : null;

    private Expr.Paren? Parenthesized(Token open)
    {
        if (!Enter(open))
        {
            return null;
        }

        var operand = Binary(1);
        _nesting--;
        return operand is not null && Expect(TokenKind.RightParen, ")", "in parentheses")
            ? new Expr.Paren(operand) { Span = Span.Between(open.Span, Last) }
            : null;
    }

    private Expr? Word()
    {
        var opensCall = Following.Kind == TokenKind.LeftParen;
        var aggregates = opensCall || Following.Is("by") || Following.Is("without");
        if (aggregates && AggregateOps.Of(Here.Text) is { } op)
        {
            return Aggregate(Take(), op);
        }

        if (aggregates && ExperimentalAggregations.Contains(Here.Text, StringComparer.OrdinalIgnoreCase))
        {
            return Experimental(Here, $"the aggregation {Here.Text}");
        }

        if (opensCall)
        {
            return Call(Take());
        }

        return Here.Is("inf") || Here.Is("nan") ? Special(Take()) : Metric();
    }

    private static Expr.Number Special(Token token) =>
        new(token.Is("inf") ? double.PositiveInfinity : double.NaN) { Span = token.Span };

    private Expr? Metric() => Keywords.NeverMetric(Here.Text)
        ? Fail(Here, $"unexpected {Here.Shown}", $"a metric of this name is selected as {{\"{Here.Text}\"}}")
        : Selector(Take());

    private Expr.Call? Call(Token name)
    {
        if (Arguments() is not { } arguments)
        {
            return null;
        }

        return new Expr.Call(name.Text, arguments) { Span = Span.Between(name.Span, Last), NameSpan = name.Span };
    }

    private ImmutableArray<Expr>? Arguments()
    {
        var open = Here;
        if (!Expect(TokenKind.LeftParen, "(", "before arguments") || !Enter(open))
        {
            return null;
        }

        var arguments = ImmutableArray.CreateBuilder<Expr>();
        while (Here.Kind != TokenKind.RightParen || arguments.Count > 0)
        {
            if (Binary(1) is not { } argument)
            {
                return null;
            }

            arguments.Add(argument);
            if (!TryTake(TokenKind.Comma))
            {
                break;
            }
        }

        _nesting--;
        return Expect(TokenKind.RightParen, ")", "in arguments") ? arguments.ToImmutable() : null;
    }

    private Expr? Aggregate(Token name, AggregateOp op)
    {
        if (!TryGrouping(out var grouping) || Arguments() is not { } arguments)
        {
            return null;
        }

        if (grouping is null && !TryGrouping(out grouping))
        {
            return null;
        }

        var span = Span.Between(name.Span, Last);
        var expected = op.HasParameter() ? 2 : 1;
        if (arguments.Length != expected)
        {
            var form = op.HasParameter() ? $"{op.Name()}(parameter, vector)" : $"{op.Name()}(vector)";
            return Fail(span, ExpressionCodes.Arguments, $"{op.Name()} has {arguments.Length} arguments", $"it is written {form}");
        }

        return new Expr.Aggregate(op, arguments[^1], op.HasParameter() ? arguments[0] : null, grouping) { Span = span };
    }

    private bool TryGrouping(out Grouping? grouping)
    {
        grouping = null;
        if (!Here.Is("by") && !Here.Is("without"))
        {
            return true;
        }

        var without = Take().Is("without");
        if (LabelNames() is not { } labels)
        {
            return false;
        }

        grouping = new Grouping(without, labels);
        return true;
    }

    private Expr? Selector(Token? name)
    {
        var first = Here.Span;
        var matchers = ImmutableArray.CreateBuilder<Matcher>();
        if (name is { } metric)
        {
            first = metric.Span;
            matchers.Add(Matcher.Of(Labels.NameLabel, MatchOp.Equal, metric.Text));
        }

        if (TryTake(TokenKind.LeftBrace) && !Matchers(matchers))
        {
            return null;
        }

        var named = matchers.FirstOrDefault(matcher => matcher.Label == Labels.NameLabel);
        var again = matchers.Skip(1).FirstOrDefault(matcher => name is not null && matcher.Label == Labels.NameLabel);
        var span = Span.Between(first, Last);
        return again is null
            ? new Expr.Selector(matchers.ToImmutable()) { Span = span }
            : Fail(span, ExpressionCodes.Selector, $"the metric name is set twice: \"{named!.Value}\" and \"{again.Value}\"");
    }

    private bool Matchers(ImmutableArray<Matcher>.Builder matchers)
    {
        while (!TryTake(TokenKind.RightBrace))
        {
            if (LabelMatcher() is not { } matcher)
            {
                return false;
            }

            matchers.Add(matcher);
            if (!TryTake(TokenKind.Comma) && Here.Kind != TokenKind.RightBrace)
            {
                Fail(Here, $"unexpected {Here.Shown} in a selector", "here , or } is allowed");
                return false;
            }
        }

        return true;
    }

    private Matcher? LabelMatcher()
    {
        var label = Here;
        var quoted = label.Kind == TokenKind.Text;
        if (!quoted && label.Kind != TokenKind.Word)
        {
            Fail(Here, $"unexpected {Here.Shown} in a selector", "here a label name or } is allowed");
            return null;
        }

        _at++;
        var name = quoted ? Name(label) : label.Text;
        if (name is null)
        {
            return null;
        }

        return quoted && Here.Kind is TokenKind.Comma or TokenKind.RightBrace
            ? Matcher.Of(Labels.NameLabel, MatchOp.Equal, name)
            : MatcherValue(label, name);
    }

    private Matcher? MatcherValue(Token label, string name)
    {
        if (Here.Kind != TokenKind.Match)
        {
            Fail(Here, $"unexpected {Here.Shown} after the label {name}", "here =, !=, =~ or !~ is allowed", Here.Is("==") ? "=" : null);
            return null;
        }

        var op = Take().Text switch { "=" => MatchOp.Equal, "!=" => MatchOp.NotEqual, "=~" => MatchOp.Regex, _ => MatchOp.NotRegex };
        if (Here.Kind != TokenKind.Text)
        {
            Fail(Here, $"unexpected {Here.Shown} as the value of the label {name}", "values are strings in quotes");
            return null;
        }

        var token = Take();
        return TextValue(token) is { } value ? Checked(name, op, value, Span.Between(label.Span, token.Span)) : null;
    }

    private Matcher? Checked(string name, MatchOp op, string value, Span span)
    {
        var matcher = Matcher.TryCreate(name, op, value, out var error);
        if (matcher is null)
        {
            Fail(span, ExpressionCodes.Regex, error!);
        }

        return matcher;
    }
}
