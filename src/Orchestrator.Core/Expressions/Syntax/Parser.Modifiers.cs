using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Syntax;

internal sealed partial class Parser
{
    /// <summary>Furthest instant of an <c>@</c> modifier, in seconds: what fits 64 bits of microseconds with room for ranges.</summary>
    private const double MaxInstant = 4e12;

    private Expr? Postfix()
    {
        var operand = Primary();
        while (operand is not null)
        {
            if (Here.Kind == TokenKind.LeftBracket)
            {
                operand = Ranged(operand, Take());
            }
            else if (Here.Is("offset"))
            {
                operand = Offset(operand, Take());
            }
            else if (Here.Kind == TokenKind.At)
            {
                operand = At(operand, Take());
            }
            else if (Here.Is("anchored") || Here.Is("smoothed"))
            {
                operand = Experimental(Here, $"the modifier {Here.Text}");
            }
            else
            {
                break;
            }
        }

        return operand;
    }

    private Expr? Ranged(Expr operand, Token open)
    {
        if (Length("in a range") is not { } range)
        {
            return null;
        }

        if (TryTake(TokenKind.Colon))
        {
            return Subquery(operand, range);
        }

        if (!Expect(TokenKind.RightBracket, ": or ]", "in a range"))
        {
            return null;
        }

        var span = Span.Between(open.Span, Last);
        return operand switch
        {
            Expr.Selector { Shift.Offset: not 0 } => Fail(span, ExpressionCodes.Type, "the offset stands before the range", "write it after the range: metric[5m] offset 1h"),
            Expr.Selector { Shift.At: not AtKind.None } => Fail(span, ExpressionCodes.Type, "the @ modifier stands before the range", "write it after the range: metric[5m] @ 1600000000"),
            Expr.Selector selector => new Expr.RangeSelector(selector, range) { Span = Span.Between(operand.Span, Last) },
            _ => Fail(span, ExpressionCodes.Type, "a range needs a selector before it", "for other expressions write a subquery: (…)[5m:1m]"),
        };
    }

    private Expr.Subquery? Subquery(Expr operand, long range)
    {
        long? step = null;
        if (Here.Kind != TokenKind.RightBracket)
        {
            step = Length("as the step of a subquery");
            if (step is null)
            {
                return null;
            }
        }

        return Expect(TokenKind.RightBracket, "]", "in a subquery")
            ? new Expr.Subquery(operand, range, step) { Span = Span.Between(operand.Span, Last) }
            : null;
    }

    /// <summary>A duration above zero, in microseconds.</summary>
    private long? Length(string context)
    {
        var token = Here;
        if (Seconds(context) is not { } seconds)
        {
            return null;
        }

        if (Here.Kind == TokenKind.Operator)
        {
            Experimental(Here, "arithmetic with durations");
            return null;
        }

        if (DurationLiteral.Micros(seconds) > 0)
        {
            return DurationLiteral.Micros(seconds);
        }

        Fail(token, $"the duration {context} is {seconds}", "it must be greater than zero");
        return null;
    }

    private double? Seconds(string context, double max = DurationLiteral.MaxSeconds)
    {
        var sign = Here.Kind == TokenKind.Operator && Here.Text is "+" or "-" ? Take().Text : "+";
        if (Here.Kind is not (TokenKind.Number or TokenKind.Duration))
        {
            var isCall = Here.Kind == TokenKind.LeftParen || (Here.Kind == TokenKind.Word && Following.Kind == TokenKind.LeftParen);
            _ = isCall
                ? Experimental(Here, "arithmetic with durations")
                : Fail(Here, $"unexpected {Here.Shown} {context}", "here a duration such as 5m is allowed");
            return null;
        }

        var token = Take();
        if ((token.Kind == TokenKind.Number ? Number(token) : Duration(token)) is not Expr.Number number)
        {
            return null;
        }

        if (number.Value > max)
        {
            Fail(token, $"{token.Text} {context} is out of range");
            return null;
        }

        return sign == "-" ? -number.Value : number.Value;
    }

    private Expr? Offset(Expr operand, Token word)
    {
        if (Seconds("after offset") is not { } seconds || ShiftOf(operand, word) is not { } shift)
        {
            return null;
        }

        return shift.Offset != 0
            ? Fail(word, "the offset is set twice")
            : Shifted(operand, shift with { Offset = DurationLiteral.Micros(seconds) });
    }

    private Expr? At(Expr operand, Token sign)
    {
        if (ShiftOf(operand, sign) is not { } shift)
        {
            return null;
        }

        if (shift.At != AtKind.None)
        {
            return Fail(sign, "the @ modifier is set twice");
        }

        if (Here.Is("start") || Here.Is("end"))
        {
            var kind = Take().Is("start") ? AtKind.Start : AtKind.End;
            return Expect(TokenKind.LeftParen, "(", "after @") && Expect(TokenKind.RightParen, ")", "after @") ? Shifted(operand, shift with { At = kind }) : null;
        }

        return Instant(operand, shift);
    }

    private Expr? Instant(Expr operand, TimeShift shift)
    {
        if (Seconds("after @", MaxInstant) is not { } seconds)
        {
            return null;
        }

        var time = DurationLiteral.InstantMicros(seconds);
        return Shifted(operand, shift with { At = AtKind.Instant, AtTime = time });
    }

    private TimeShift? ShiftOf(Expr operand, Token modifier)
    {
        switch (operand)
        {
            case Expr.Selector selector:
                return selector.Shift;
            case Expr.RangeSelector range:
                return range.Vector.Shift;
            case Expr.Subquery subquery:
                return subquery.Shift;
            default:
                Fail(modifier.Span, ExpressionCodes.Type, $"{modifier.Shown} stands after an expression that is no selector", "it belongs directly behind a selector, a range or a subquery");
                return null;
        }
    }

    private Expr Shifted(Expr operand, TimeShift shift)
    {
        var span = Span.Between(operand.Span, Last);
        return operand switch
        {
            Expr.Selector selector => selector with { Shift = shift, Span = span },
            Expr.RangeSelector range => range with { Vector = range.Vector with { Shift = shift }, Span = span },
            Expr.Subquery subquery => subquery with { Shift = shift, Span = span },
            _ => operand,
        };
    }
}
