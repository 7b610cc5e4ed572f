using System.Text;

namespace Orchestrator.Core.Rules;

/// <summary>The kinds of token within a template's <c>{{ … }}</c>.</summary>
internal enum TemplateTokenKind
{
    Name,
    Variable,
    Text,
    Number,
    Sign,
    End,
}

/// <param name="Text">As it is written.</param>
/// <param name="Value">Of a text: what is between the quotes, escapes resolved.</param>
internal readonly record struct TemplateToken(TemplateTokenKind Kind, int Offset, string Text, string Value = "");

/// <summary>The tokens of one <c>{{ … }}</c>.</summary>
internal sealed class TemplateLexer
{
    private readonly string _text;

    public TemplateLexer(string text, int start)
    {
        _text = text;
        Position = start;
        Advance();
    }

    /// <summary>Behind the current token.</summary>
    public int Position { get; private set; }

    public TemplateToken Current { get; private set; }

    public bool Take(string sign)
    {
        var taken = Current.Kind == TemplateTokenKind.Sign && Current.Text == sign;
        if (taken)
        {
            Advance();
        }

        return taken;
    }

    /// <summary>Moves behind <c>}}</c>; false where there is none.</summary>
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

        var c = _text[start];
        return c switch
        {
            '"' => Quoted(start),
            '`' => Raw(start),
            '$' or '.' => new(TemplateTokenKind.Variable, start, While(start, character => char.IsLetterOrDigit(character) || character is '_' or '.' or '$')),
            _ when char.IsDigit(c) || (c is '-' or '+' && start + 1 < _text.Length && char.IsDigit(_text[start + 1])) => new(TemplateTokenKind.Number, start, c + While(start + 1, character => char.IsLetterOrDigit(character) || character is '.')),
            _ when char.IsLetter(c) || c == '_' => new(TemplateTokenKind.Name, start, While(start, character => char.IsLetterOrDigit(character) || character == '_')),
            _ => new(TemplateTokenKind.Sign, start, c.ToString()),
        };
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
