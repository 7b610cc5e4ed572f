using System.Collections.Immutable;
using Orchestrator.Core.Expressions.Ast;

namespace Orchestrator.Core.Expressions.Syntax;

/// <summary>An expression's text as tokens; stops at the first character that belongs to none.</summary>
internal sealed class Lexer
{
    private readonly string _text;
    private readonly ImmutableArray<Token>.Builder _tokens = ImmutableArray.CreateBuilder<Token>();
    private int _at;
    private bool _inBraces;
    private bool _inBrackets;

    private Lexer(string text) => _text = text;

    /// <summary>What is wrong with the token of kind <see cref="TokenKind.Broken"/>, if there is one; it is the last but the end.</summary>
    public ExpressionError? Error { get; private set; }

    public static (ImmutableArray<Token> Tokens, ExpressionError? Error) Read(string text)
    {
        var lexer = new Lexer(text);
        while (lexer.Error is null && lexer.SkipBlanks())
        {
            lexer.Next();
        }

        lexer._tokens.Add(new Token(TokenKind.End, new Span(lexer._at, 0), ""));
        return (lexer._tokens.ToImmutable(), lexer.Error);
    }

    private char Here => Ahead(0);

    private char Ahead(int by) => _at + by < _text.Length ? _text[_at + by] : '\0';

    private bool SkipBlanks()
    {
        while (_at < _text.Length && (Here is ' ' or '\t' or '\n' or '\r' or '#'))
        {
            if (Here == '#')
            {
                var end = _text.IndexOf('\n', _at);
                _at = end < 0 ? _text.Length : end;
            }
            else
            {
                _at++;
            }
        }

        return _at < _text.Length;
    }

    private void Next()
    {
        var c = Here;
        if (c is '"' or '\'' or '`')
        {
            ReadText(c);
        }
        else if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Ahead(1))))
        {
            ReadNumber();
        }
        else if (char.IsAsciiLetter(c) || c == '_' || (c == ':' && !_inBrackets))
        {
            ReadWord();
        }
        else
        {
            ReadSign(c);
        }
    }

    private void Add(TokenKind kind, int length)
    {
        _tokens.Add(new Token(kind, new Span(_at, length), _text.Substring(_at, length)));
        _at += length;
    }

    private void Fail(int length, string what, string? allowed = null, string? nearest = null)
    {
        length = Math.Min(length, _text.Length - _at);
        Break(new ExpressionError(_at, length, ExpressionCodes.Syntax, what, allowed, nearest));
    }

    private void Break(ExpressionError error)
    {
        Error = error;
        Add(TokenKind.Broken, error.Length);
    }

    private void ReadText(char quote)
    {
        var end = _at + 1;
        while (end < _text.Length && _text[end] != quote && (quote == '`' || _text[end] != '\n'))
        {
            end += quote != '`' && _text[end] == '\\' ? 2 : 1;
        }

        if (end >= _text.Length || _text[end] != quote)
        {
            Fail(Math.Min(end, _text.Length) - _at, "the string does not end", $"a string ends with {quote}");
            return;
        }

        Add(TokenKind.Text, end + 1 - _at);
    }

    private void ReadNumber()
    {
        var length = DurationLiteral.Scan(_text, _at);
        if (length > 0)
        {
            Add(TokenKind.Duration, length);
            return;
        }

        length = NumberLiteral.Scan(_text, _at);
        if (char.IsAsciiLetterOrDigit(Ahead(length)) || Ahead(length) == '_')
        {
            while (char.IsAsciiLetterOrDigit(Ahead(length)))
            {
                length++;
            }

            Fail(length, $"\"{_text.Substring(_at, length)}\" is neither a number nor a duration", "durations are written like 1h30m, units from y, w, d, h, m, s to ms");
            return;
        }

        Add(TokenKind.Number, length);
    }

    private void ReadWord()
    {
        var length = 1;
        while (char.IsAsciiLetterOrDigit(Ahead(length)) || Ahead(length) == '_' || (Ahead(length) == ':' && !_inBraces && !_inBrackets))
        {
            length++;
        }

        Add(TokenKind.Word, length);
    }

    private void ReadSign(char c)
    {
        var pair = _at + 1 < _text.Length ? _text.Substring(_at, 2) : "";
        if (pair is "</" or ">/")
        {
            Break(new ExpressionError(_at, 2, ExpressionCodes.NotSupported, $"the operator {pair} works on native histograms, which are not supported"));
            return;
        }

        if (pair is "=~" or "!~" or "!=" or "==" or "<=" or ">=")
        {
            Add(pair is "=~" or "!~" || (_inBraces && pair == "!=") ? TokenKind.Match : TokenKind.Operator, 2);
            return;
        }

        _inBraces = c == '{' || (_inBraces && c != '}');
        _inBrackets = c == '[' || (_inBrackets && c != ']');
        if (Kind(c) is { } kind)
        {
            Add(kind, 1);
            return;
        }

        Unknown(c, pair);
    }

    private static TokenKind? Kind(char c) => c switch
    {
        '(' => TokenKind.LeftParen,
        ')' => TokenKind.RightParen,
        '{' => TokenKind.LeftBrace,
        '}' => TokenKind.RightBrace,
        '[' => TokenKind.LeftBracket,
        ']' => TokenKind.RightBracket,
        ',' => TokenKind.Comma,
        ':' => TokenKind.Colon,
        '@' => TokenKind.At,
        '=' => TokenKind.Match,
        '+' or '-' or '*' or '/' or '%' or '^' or '<' or '>' => TokenKind.Operator,
        _ => null,
    };

    private void Unknown(char c, string pair)
    {
        var nearest = (c, pair) switch
        {
            (_, "&&") or ('&', _) => "and",
            (_, "||") or ('|', _) => "or",
            ('!', _) => "!=",
            _ => null,
        };
        var length = pair is "&&" or "||" || char.IsHighSurrogate(c) ? 2 : 1;
        Fail(length, $"unexpected character {Shown(_text.Substring(_at, Math.Min(length, _text.Length - _at)))}", null, nearest);
    }

    private static string Shown(string text) => text[0] < ' ' ? $"U+{(int)text[0]:X4}" : $"\"{text}\"";
}
