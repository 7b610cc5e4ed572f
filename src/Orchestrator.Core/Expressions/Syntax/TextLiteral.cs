using System.Globalization;
using System.Text;

namespace Orchestrator.Core.Expressions.Syntax;

/// <summary>String literals as Go writes them: in double or single quotes with escape sequences, in backticks as they stand.</summary>
internal static class TextLiteral
{
    private static readonly UTF8Encoding Strict = new(false, true);

    /// <summary>The text; none, with the reason, where an escape sequence is wrong or the bytes are no UTF-8.</summary>
    public static string? Value(string literal, out string? error)
    {
        error = IsUnicode(literal) ? null : "the string is not valid Unicode";
        if (error is not null)
        {
            return null;
        }

        var body = literal.AsSpan(1, literal.Length - 2);
        if (literal[0] == '`')
        {
            return body.ToString();
        }

        var bytes = new List<byte>(body.Length);
        while (body.Length > 0)
        {
            var length = body[0] == '\\' ? Escape(body, literal[0], bytes) : Plain(body, bytes);
            if (length == 0)
            {
                error = $"unknown escape sequence {body[..Math.Min(2, body.Length)]}";
                return null;
            }

            body = body[length..];
        }

        return Decode(bytes, out error);
    }

    private static bool IsUnicode(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var length) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            text = text[length..];
        }

        return true;
    }

    private static string? Decode(List<byte> bytes, out string? error)
    {
        try
        {
            error = null;
            return Strict.GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            error = "the string is not valid UTF-8";
            return null;
        }
    }

    private static int Plain(ReadOnlySpan<char> body, List<byte> bytes)
    {
        var end = body.IndexOf('\\');
        var run = end < 0 ? body : body[..end];
        bytes.AddRange(Encoding.UTF8.GetBytes(run.ToArray()));
        return run.Length;
    }

    private static int Escape(ReadOnlySpan<char> body, char quote, List<byte> bytes)
    {
        var c = body.Length > 1 ? body[1] : '\0';
        var simple = "abfnrtv\\".IndexOf(c, StringComparison.Ordinal);
        if (simple >= 0 || c == quote)
        {
            bytes.Add(simple >= 0 ? (byte)"\a\b\f\n\r\t\v\\"[simple] : (byte)quote);
            return 2;
        }

        return c switch
        {
            'x' => Byte(body, 2, 2, 16, bytes),
            >= '0' and <= '7' => Byte(body, 1, 3, 8, bytes),
            'u' => CodePoint(body, 4, bytes),
            'U' => CodePoint(body, 8, bytes),
            _ => 0,
        };
    }

    private static int Byte(ReadOnlySpan<char> body, int from, int digits, int radix, List<byte> bytes)
    {
        if (!TryNumber(body, from, digits, radix, out var value) || value > 255)
        {
            return 0;
        }

        bytes.Add((byte)value);
        return from + digits;
    }

    private static int CodePoint(ReadOnlySpan<char> body, int digits, List<byte> bytes)
    {
        if (!TryNumber(body, 2, digits, 16, out var value) || !Rune.IsValid(value))
        {
            return 0;
        }

        bytes.AddRange(Encoding.UTF8.GetBytes(char.ConvertFromUtf32((int)value)));
        return 2 + digits;
    }

    private static bool TryNumber(ReadOnlySpan<char> body, int from, int digits, int radix, out uint value)
    {
        value = 0;
        if (body.Length < from + digits)
        {
            return false;
        }

        foreach (var c in body.Slice(from, digits))
        {
            if (!int.TryParse([c], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var digit) || digit >= radix)
            {
                return false;
            }

            value = (value * (uint)radix) + (uint)digit;
        }

        return true;
    }
}
