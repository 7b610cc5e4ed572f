using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Orchestrator.Core.Rules;

/// <summary>What a token of a template is.</summary>
internal enum TemplateTokenKind
{
    /// <summary><c>}}</c>, or the end of the text where it is missing.</summary>
    End,
    Sign,
    Text,
    Number,
    Name,

    /// <summary><c>$</c> with a name, or alone.</summary>
    Variable,

    /// <summary><c>.</c> with a name.</summary>
    Field,
}

/// <summary>One token, its place and its text; texts carry what they stand for.</summary>
internal readonly record struct TemplateToken(TemplateTokenKind Kind, int Offset, string Text, string Value = "");

/// <summary>The tokens of one <c>{{ … }}</c>.</summary>
internal sealed partial class TemplateLexer
{
    private readonly string _text;

    [GeneratedRegex(@"\G(?<name>\$\w+)(?:\s*,\s*(?<name>\$\w+))?\s*(?::=|=(?!=))", RegexOptions.CultureInvariant)]
    private static partial Regex Declaration();

    public TemplateLexer(string text, int start)
    {
        _text = text;
        Position = start;
        Advance();
    }

    /// <summary>Behind the current token.</summary>
    public int Position { get; private set; }

    /// <summary>Where the token before the current one ended.</summary>
    public int BeforeEnd { get; private set; }

    public TemplateToken Current { get; private set; }

    public bool Is(string sign) => Current.Kind == TemplateTokenKind.Sign && Current.Text == sign;

    public bool Take(string sign)
    {
        var taken = Is(sign);
        if (taken)
        {
            Advance();
        }

        return taken;
    }

    /// <summary>Takes a name where it comes next.</summary>
    public bool TakeName(string name)
    {
        var taken = Current.Kind == TemplateTokenKind.Name && Current.Text == name;
        if (taken)
        {
            Advance();
        }

        return taken;
    }

    /// <summary>The variables that are declared or set here, at most so many; none where none is.</summary>
    public ImmutableArray<string> DeclaredAhead(int most)
    {
        var match = Declaration().Match(_text, Current.Offset);
        return match.Success && match.Groups["name"].Captures.Count <= most ? [.. match.Groups["name"].Captures.Select(capture => capture.Value)] : [];
    }

    /// <summary>Moves to <c>}}</c>; false where there is none.</summary>
    public bool SkipToEnd()
    {
        while (Current.Kind != TemplateTokenKind.End)
        {
            Advance();
        }

        return Current.Text.Length > 0;
    }

    public void Advance()
    {
        BeforeEnd = Position;
        while (Position < _text.Length && char.IsWhiteSpace(_text[Position]))
        {
            Position++;
        }

        Current = Next();
        Position = Current.Offset + Current.Text.Length;
    }

    private TemplateToken Next()
    {
        var start = Position;
        if (start >= _text.Length)
        {
            return new(TemplateTokenKind.End, _text.Length, "");
        }

        foreach (var end in (string[])["}}", "-}}"])
        {
            if (_text.AsSpan(start).StartsWith(end))
            {
                return new(TemplateTokenKind.End, start, end);
            }
        }

        return Token(start, _text[start]);
    }

    private TemplateToken Token(int start, char c) => c switch
    {
        '"' => Quoted(start),
        '`' => Raw(start),
        '\'' => Rune(start),
        '$' => new(TemplateTokenKind.Variable, start, c + While(start + 1, IsName)),
        '.' when IsNameAt(start + 1) => new(TemplateTokenKind.Field, start, c + While(start + 1, IsName)),
        ':' when Peek(start + 1) == '=' => new(TemplateTokenKind.Sign, start, ":="),
        _ when char.IsAsciiDigit(c) || (c is '-' or '+' or '.' && char.IsAsciiDigit(Peek(start + 1))) || (c is '-' or '+' && Peek(start + 1) == '.') => Number(start),
        _ when char.IsLetter(c) || c == '_' => new(TemplateTokenKind.Name, start, While(start, IsName)),
        _ => new(TemplateTokenKind.Sign, start, c.ToString()),
    };

    private static bool IsName(char c) => char.IsLetterOrDigit(c) || c == '_';

    private bool IsNameAt(int at) => IsName(Peek(at)) && !char.IsDigit(Peek(at));

    private char Peek(int at) => at < _text.Length ? _text[at] : '\0';

    /// <summary>A sign belongs to it at its start and behind an exponent.</summary>
    private TemplateToken Number(int start)
    {
        var end = start + 1;
        while (end < _text.Length && (IsName(_text[end]) || _text[end] == '.' || (_text[end] is '-' or '+' && _text[end - 1] is 'e' or 'E')))
        {
            end++;
        }

        return new(TemplateTokenKind.Number, start, _text[start..end]);
    }

    private string While(int start, Func<char, bool> accept)
    {
        var end = start;
        while (end < _text.Length && accept(_text[end]))
        {
            end++;
        }

        return _text[start..end];
    }

    private TemplateToken Raw(int start)
    {
        var end = _text.IndexOf('`', start + 1);
        return end < 0 ? Unclosed(start) : new(TemplateTokenKind.Text, start, _text[start..(end + 1)], _text[(start + 1)..end]);
    }

    /// <summary>One character in quotes is the number that it has.</summary>
    private TemplateToken Rune(int start)
    {
        var end = _text.IndexOf('\'', start + 1);
        return end == start + 2 ? new(TemplateTokenKind.Number, start, _text[start..(end + 1)], ((int)_text[start + 1]).ToString(System.Globalization.CultureInfo.InvariantCulture)) : Unclosed(start);
    }

    private TemplateToken Quoted(int start)
    {
        var value = new StringBuilder();
        for (var i = start + 1; i < _text.Length && _text[i] != '\n'; i++)
        {
            if (_text[i] == '"')
            {
                return new(TemplateTokenKind.Text, start, _text[start..(i + 1)], value.ToString());
            }

            if (_text[i] == '\\' && i + 1 < _text.Length)
            {
                i++;
                value.Append(_text[i] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var other => other });
            }
            else
            {
                value.Append(_text[i]);
            }
        }

        return Unclosed(start);
    }

    private TemplateToken Unclosed(int start) => new(TemplateTokenKind.Sign, start, _text[start..]);
}
