using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Orchestrator.Core.Rules;

/// <summary>Go's <c>printf</c> for what templates hold: numbers, texts and flags.</summary>
internal static partial class GoPrintf
{
    private const int MaxWidth = 200;

    [GeneratedRegex(@"%(?<flags>[-+0 ]*)(?<width>[0-9]{1,3})?(?:\.(?<precision>[0-9]{0,3}))?(?<verb>.)", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Verb();

    public static string Format(string format, ImmutableArray<TemplateValue> arguments)
    {
        var next = 0;
        var length = 0L;
        var text = Verb().Replace(format, match =>
        {
            if (match.Groups["verb"].Value == "%")
            {
                return "%";
            }

            var one = next < arguments.Length ? One(match, arguments[next++]) : $"%!{match.Groups["verb"].Value}(MISSING)";
            TemplateRun.CheckLength(length += one.Length);
            return one;
        });
        var extra = arguments.Skip(next).Take(10).Select(value => $"{value.Kind}={GoFormat.Print(value)}").ToList();
        return extra.Count == 0 ? text : $"{text}%!(EXTRA {string.Join(", ", extra)})";
    }

    /// <summary>Go's <c>print</c>: spaces between operands of which neither is a text.</summary>
    public static string Print(ImmutableArray<TemplateValue> values)
    {
        var text = new StringBuilder();
        for (var i = 0; i < values.Length; i++)
        {
            var gap = i > 0 && values[i] is not TemplateValue.Text && values[i - 1] is not TemplateValue.Text;
            text.Append(gap ? " " : "").Append(GoFormat.Print(values[i]));
            TemplateRun.CheckLength(text.Length);
        }

        return text.ToString();
    }

    private static string One(Match match, TemplateValue value)
    {
        var flags = match.Groups["flags"].Value;
        int? precision = match.Groups["precision"].Success ? Number(match.Groups["precision"].Value) : null;
        var text = Plain(match.Groups["verb"].Value[0], precision, value);
        var isNumber = value is TemplateValue.Number or TemplateValue.Whole;
        var signed = flags.Contains('+', StringComparison.Ordinal) && isNumber && !text.StartsWith('-') && !text.StartsWith('+') ? "+" + text : text;
        return Pad(signed, flags, Math.Min(MaxWidth, Number(match.Groups["width"].Value)), isNumber);
    }

    private static string Pad(string text, string flags, int width, bool isNumber)
    {
        if (flags.Contains('-', StringComparison.Ordinal))
        {
            return text.PadRight(width);
        }

        if (!isNumber || !flags.Contains('0', StringComparison.Ordinal))
        {
            return text.PadLeft(width);
        }

        var sign = text[0] is '-' or '+' ? text[..1] : "";
        return sign + text[sign.Length..].PadLeft(width - sign.Length, '0');
    }

    private static string Plain(char verb, int? precision, TemplateValue value) => (verb, value) switch
    {
        ('v', _) => GoFormat.Print(value),
        ('s', TemplateValue.Text text) => precision is { } limit && limit < text.Value.Length ? text.Value[..limit] : text.Value,
        ('q', TemplateValue.Text text) => GoFormat.Quote(text.Value),
        ('d', TemplateValue.Whole whole) => whole.Value.ToString(CultureInfo.InvariantCulture),
        ('x', TemplateValue.Whole whole) => whole.Value.ToString("x", CultureInfo.InvariantCulture),
        ('s', TemplateValue.Moment or TemplateValue.Span) => GoFormat.Print(value),
        ('t', TemplateValue.Flag) => GoFormat.Print(value),
        ('f' or 'F', TemplateValue.Number number) => GoFormat.Fixed(number.Value, precision ?? 6),
        ('e', TemplateValue.Number number) => GoFormat.Exponential(number.Value, precision ?? 6),
        ('g', TemplateValue.Number number) => precision is { } digits ? GoFormat.General(number.Value, digits) : GoFormat.General(number.Value),
        _ => $"%!{verb}({value.Kind}={GoFormat.Print(value)})",
    };

    private static int Number(string digits) => digits.Length == 0 ? 0 : int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
