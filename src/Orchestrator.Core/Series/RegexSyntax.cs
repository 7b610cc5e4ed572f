using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Orchestrator.Core.Series;

/// <summary>Regular expressions in RE2's syntax, as Prometheus knows them, anchored at both ends and run in linear time.</summary>
public sealed class RegexSyntax
{
    /// <summary>Longest pattern, in characters.</summary>
    public const int MaxLength = 4096;

    /// <summary>Most atoms after repetitions are written out.</summary>
    public const int MaxSize = 20_000;

    private const int MaxRepeat = 1000;
    private const int MaxDepth = 100;

    private readonly string _pattern;
    private readonly StringBuilder _out = new();
    private readonly Stack<Group> _groups = new();
    private string? _error;
    private int _at;
    private bool _multiline;
    private long _size;
    private long _atom;
    private bool _repeatable;

    private RegexSyntax(string pattern) => _pattern = pattern;

    private readonly record struct Group(bool Multiline, long Size);

    /// <summary>None, with the reason, where the pattern is not RE2 or larger than the limits.</summary>
    public static Regex? Compile(string pattern, out string? error)
    {
        if (pattern.Length > MaxLength)
        {
            error = $"the regular expression has {pattern.Length} characters; at most {MaxLength} are allowed";
            return null;
        }

        var syntax = new RegexSyntax(pattern);
        syntax.Run();
        error = syntax._error;
        return error is null ? Build(syntax._out.ToString(), out error) : null;
    }

    private static Regex? Build(string translated, out string? error)
    {
        try
        {
            error = null;
            const RegexOptions options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline;
            return new Regex($"\\A(?:{translated})\\z", options);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            error = $"invalid regular expression: {exception.Message}";
            return null;
        }
    }

    private void Run()
    {
        while (_error is null && _at < _pattern.Length)
        {
            Next();
        }

        if (_error is null && _groups.Count > 0)
        {
            Fail("missing closing )");
        }
    }

    private void Next()
    {
        var c = _pattern[_at];
        switch (c)
        {
            case '\\':
                Escape();
                break;
            case '[':
                Class();
                break;
            case '(':
                Open();
                break;
            case ')':
                Close();
                break;
            case '*' or '+' or '?':
                _at++;
                Repeat(c.ToString(), 1);
                break;
            case '{':
                Braces();
                break;
            case '$':
                Emit(_multiline ? "$" : "\\z", 1, 0);
                break;
            case '|' or '^':
                Emit(c.ToString(), 1, 0);
                _repeatable = c == '^';
                break;
            default:
                Emit(c is '.' ? "." : Regex.Escape(c.ToString()), 1, 1);
                break;
        }
    }

    private void Emit(string text, int consumed, long size)
    {
        _at += consumed;
        _out.Append(text);
        _atom = size;
        _repeatable = true;
        Grow(size);
    }

    private void Grow(long by)
    {
        _size += by;
        if (_size > MaxSize)
        {
            Fail($"it is too large when its repetitions are written out; at most {MaxSize} characters are allowed");
        }
    }

    private void Fail(string reason) => _error ??= $"invalid regular expression: {reason}";

    private void Open()
    {
        if (_groups.Count >= MaxDepth)
        {
            Fail($"groups nest more than {MaxDepth} deep");
            return;
        }

        var match = Regex.Match(_pattern[_at..], @"^\((?:\?P?<([A-Za-z_][A-Za-z0-9_]*)>|\?([ims]*(?:-[ims]+)?)([:)])|(?!\?))");
        if (!match.Success)
        {
            Fail($"unknown group \"{_pattern.Substring(_at, Math.Min(4, _pattern.Length - _at))}\"; lookaround, back-references and ungreedy flags are not part of RE2");
            return;
        }

        OpenGroup(match);
    }

    private void OpenGroup(Match match)
    {
        var outer = _multiline;
        var flags = match.Groups[2].Value;
        if (flags.Length > 0)
        {
            var dash = flags.IndexOf('-', StringComparison.Ordinal);
            var on = dash < 0 ? flags : flags[..dash];
            _multiline = on.Contains('m', StringComparison.Ordinal) || (_multiline && !flags.Contains('m', StringComparison.Ordinal));
        }

        _at += match.Length;
        _out.Append(match.Groups[1].Success ? $"(?<{match.Groups[1].Value}>" : match.Value);
        _repeatable = false;
        if (match.Groups[3].Value != ")")
        {
            _groups.Push(new Group(outer, _size));
        }
    }

    private void Close()
    {
        if (!_groups.TryPop(out var group))
        {
            Fail("unexpected )");
            return;
        }

        _multiline = group.Multiline;
        Emit(")", 1, 0);
        _atom = _size - group.Size;
    }

    private void Braces()
    {
        var match = Regex.Match(_pattern[_at..], @"^\{([0-9]{1,6})(,([0-9]{0,6}))?\}");
        if (!match.Success)
        {
            Emit("\\{", 1, 1);
            return;
        }

        var low = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        var high = match.Groups[3].Length > 0 ? int.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture) : low;
        if (high < low || high > MaxRepeat || low > MaxRepeat)
        {
            Fail($"invalid repeat count {match.Value}; at most {MaxRepeat} repetitions are allowed");
            return;
        }

        _at += match.Length;
        Repeat(match.Value, Math.Max(low, high));
    }

    private void Repeat(string sign, int times)
    {
        if (!_repeatable)
        {
            Fail($"missing argument to repetition operator {sign}");
            return;
        }

        _out.Append(sign);
        if (_at < _pattern.Length && _pattern[_at] == '?')
        {
            _out.Append('?');
            _at++;
        }

        Grow(_atom * Math.Max(0, times - 1));
        _repeatable = false;
    }

    private void Escape()
    {
        if (_pattern.AsSpan(_at).StartsWith("\\Q"))
        {
            Literal();
            return;
        }

        var text = RegexEscape.Outside(_pattern, _at, out var length);
        if (text is null)
        {
            Fail($"invalid escape sequence {_pattern.Substring(_at, Math.Min(2, _pattern.Length - _at))}");
            return;
        }

        Emit(text, length, 1);
    }

    private void Literal()
    {
        var end = _pattern.IndexOf("\\E", _at + 2, StringComparison.Ordinal);
        var text = end < 0 ? _pattern[(_at + 2)..] : _pattern[(_at + 2)..end];
        Emit(Regex.Escape(text).Replace("]", "\\]", StringComparison.Ordinal), text.Length + (end < 0 ? 2 : 4), text.Length);
    }

    private void Class()
    {
        var at = _at + 1;
        var text = new StringBuilder("[");
        if (at < _pattern.Length && _pattern[at] == '^')
        {
            text.Append('^');
            at++;
        }

        var first = at;
        while (at < _pattern.Length && (_pattern[at] != ']' || at == first))
        {
            var part = RegexEscape.Inside(_pattern, at, out var length);
            if (part is null)
            {
                Fail($"invalid character class near \"{_pattern.Substring(at, Math.Min(4, _pattern.Length - at))}\"");
                return;
            }

            text.Append(part);
            at += length;
        }

        if (at >= _pattern.Length)
        {
            Fail("missing closing ]");
            return;
        }

        Emit(text.Append(']').ToString(), at + 1 - _at, 1);
    }
}
