using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestrator.Core.Series;

/// <summary>RE2's escape sequences and classes (ASCII, as RE2 means them) in .NET's notation.</summary>
internal static class RegexEscape
{
    private const string Digits = "0-9";
    private const string NoDigits = @"\u0000-/:-\uffff";
    private const string Words = "0-9A-Za-z_";
    private const string NoWords = @"\u0000-/:-@\[-\^`\{-\uffff";
    private const string Spaces = @"\t\n\f\r ";
    private const string NoSpaces = @"\u0000-\u0008\u000b\u000e-\u001f!-\uffff";

    private static readonly Dictionary<string, string> Posix = new(StringComparer.Ordinal)
    {
        ["alnum"] = "0-9A-Za-z",
        ["alpha"] = "A-Za-z",
        ["ascii"] = @"\u0000-\u007f",
        ["blank"] = @"\t ",
        ["cntrl"] = @"\u0000-\u001f\u007f",
        ["digit"] = Digits,
        ["graph"] = "!-~",
        ["lower"] = "a-z",
        ["print"] = " -~",
        ["punct"] = @"!-/:-@\[-`\{-~",
        ["space"] = @"\t\n\u000b\f\r ",
        ["upper"] = "A-Z",
        ["word"] = Words,
        ["xdigit"] = "0-9A-Fa-f",
    };

    /// <summary>The .NET form of the escape sequence at an offset outside of a class; none where RE2 has no such sequence.</summary>
    public static string? Outside(string pattern, int at, out int length)
    {
        length = 2;
        var c = at + 1 < pattern.Length ? pattern[at + 1] : '\0';
        var set = Set(c);
        return c switch
        {
            'A' or 'z' or 'b' or 'B' => $"\\{c}",
            _ when set is not null => $"[{set}]",
            _ => Character(pattern, at, out length),
        };
    }

    /// <summary>The .NET form of what stands at an offset inside of a class; none where RE2 has no such part.</summary>
    public static string? Inside(string pattern, int at, out int length)
    {
        length = 1;
        if (pattern[at] == '[')
        {
            return Bracket(pattern, at, out length);
        }

        if (pattern[at] != '\\')
        {
            return pattern[at] is '^' or ']' ? $"\\{pattern[at]}" : pattern[at].ToString();
        }

        length = 2;
        return Set(at + 1 < pattern.Length ? pattern[at + 1] : '\0') ?? Character(pattern, at, out length);
    }

    private static string? Bracket(string pattern, int at, out int length)
    {
        length = 1;
        var match = Regex.Match(pattern[at..], @"^\[:([a-z]+):\]");
        if (!match.Success)
        {
            return "\\[";
        }

        length = match.Length;
        return Posix.GetValueOrDefault(match.Groups[1].Value);
    }

    private static string? Set(char c) => c switch
    {
        'd' => Digits,
        'D' => NoDigits,
        'w' => Words,
        'W' => NoWords,
        's' => Spaces,
        'S' => NoSpaces,
        _ => null,
    };

    private static string? Character(string pattern, int at, out int length)
    {
        length = 2;
        var rest = pattern.AsSpan(at);
        var c = rest.Length > 1 ? rest[1] : '\0';
        return c switch
        {
            '\0' => null,
            'a' or 'f' or 'n' or 'r' or 't' or 'v' => $"\\{c}",
            'p' or 'P' => Category(pattern[at..], ref length),
            'x' => Hex(pattern[at..], ref length),
            >= '0' and <= '7' => Octal(pattern[at..], ref length),
            _ when char.IsAsciiLetterOrDigit(c) || c >= 128 => null,
            _ => c is '-' or ']' or '}' or '"' ? $"\\{c}" : Regex.Escape(c.ToString()),
        };
    }

    private static string? Category(string rest, ref int length)
    {
        var match = Regex.Match(rest, @"^\\([pP])(?:([A-Z])|\{(\^?)([A-Z][a-z]?)\})");
        if (!match.Success)
        {
            return null;
        }

        length = match.Length;
        var negated = (match.Groups[1].Value == "P") != (match.Groups[3].Length > 0);
        return $"\\{(negated ? 'P' : 'p')}{{{match.Groups[2].Value}{match.Groups[4].Value}}}";
    }

    private static string? Hex(string rest, ref int length)
    {
        var match = Regex.Match(rest, @"^\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})");
        if (!match.Success)
        {
            return null;
        }

        length = match.Length;
        return Code(int.Parse(match.Groups[1].Value + match.Groups[2].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }

    private static string? Octal(string rest, ref int length)
    {
        var match = Regex.Match(rest, @"^\\(0[0-7]{0,2}|[1-7][0-7]{1,2})");
        if (!match.Success)
        {
            return null;
        }

        length = match.Length;
        return Code(Convert.ToInt32(match.Groups[1].Value, 8));
    }

    private static string? Code(int code) => code switch
    {
        <= 0xffff => $"\\u{code.ToString("x4", CultureInfo.InvariantCulture)}",
        <= 0x10ffff => char.ConvertFromUtf32(code),
        _ => null,
    };
}
