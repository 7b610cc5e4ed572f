using System.Globalization;

namespace Orchestrator.Core.Expressions.Syntax;

/// <summary>Numbers as Go writes them: decimal, hexadecimal, octal with a leading zero, with underscores between digits, with an exponent.</summary>
internal static class NumberLiteral
{
    /// <summary>Length of the number that starts at an offset.</summary>
    public static int Scan(string text, int at)
    {
        if (IsHex(text.AsSpan(at)))
        {
            return 2 + Run(text, at + 2, char.IsAsciiHexDigit);
        }

        var length = Run(text, at, char.IsAsciiDigit);
        if (at + length < text.Length && text[at + length] == '.')
        {
            length += 1 + Run(text, at + length + 1, char.IsAsciiDigit);
        }

        return length + Exponent(text, at + length);
    }

    /// <summary>The value; none where the underscores are out of place, or no double is as large.</summary>
    public static double? Value(string literal) => Parsed(literal) is { } value && double.IsFinite(value) ? value : null;

    private static double? Parsed(string literal)
    {
        var digits = literal.Replace("_", "", StringComparison.Ordinal);
        var whole = digits.All(char.IsAsciiDigit);
        if (literal.EndsWith('_') || literal.Contains("__", StringComparison.Ordinal) || (digits != literal && !whole && !IsHex(literal)))
        {
            return null;
        }

        if (IsHex(literal))
        {
            return Whole(digits[2..], 16);
        }

        // What does not fit 64 bits is not read as octal.
        var octal = whole && digits.Length > 1 && digits[0] == '0' && digits.All(c => c < '8') ? Whole(digits, 8) : null;
        return octal ?? double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    /// <summary>None without digits, or where 64 bits with a sign do not hold the number.</summary>
    private static double? Whole(string digits, int radix)
    {
        var value = Int128.Zero;
        foreach (var c in digits)
        {
            value = (value * radix) + Convert.ToInt32(c.ToString(), 16);
            if (value > long.MaxValue)
            {
                return null;
            }
        }

        return digits.Length > 0 ? (double)value : null;
    }

    private static bool IsHex(ReadOnlySpan<char> text) => text.Length > 1 && text[0] == '0' && text[1] is 'x' or 'X';

    private static int Exponent(string text, int at)
    {
        if (at >= text.Length || text[at] is not ('e' or 'E'))
        {
            return 0;
        }

        var sign = at + 1 < text.Length && text[at + 1] is '+' or '-' ? 1 : 0;
        var digits = Run(text, at + 1 + sign, char.IsAsciiDigit);
        return digits == 0 ? 0 : 1 + sign + digits;
    }

    private static int Run(string text, int at, Func<char, bool> accepts)
    {
        var end = at;
        while (end < text.Length && (accepts(text[end]) || text[end] == '_'))
        {
            end++;
        }

        return end - at;
    }
}
