using System.Globalization;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>Numbers and texts as Go prints them, which is what templates of Prometheus show.</summary>
internal static class GoFormat
{
    public static string Print(TemplateValue value) => value switch
    {
        TemplateValue.Number number => General(number.Value),
        TemplateValue.Whole whole => whole.Value.ToString(CultureInfo.InvariantCulture),
        TemplateValue.Text text => text.Value,
        TemplateValue.Flag flag => flag.Value ? "true" : "false",
        TemplateValue.Map map => $"map[{string.Join(' ', map.Entries.Select(entry => $"{entry.Key}:{Print(entry.Value)}"))}]",
        TemplateValue.List list => $"[{string.Join(' ', list.Items.Select(Print))}]",
        TemplateValue.Sample sample => $"{{{Map(sample.Labels)} {General(sample.Value)}}}",
        TemplateValue.Root { Data: var data } => $"{{{Map(data.Labels)} {Map(data.ExternalLabels)} {data.ExternalUrl} {General(data.Value)}}}",
        TemplateValue.Moment moment => GoTime.Text(moment.Nanos),
        TemplateValue.Span span => GoTime.Span(span.Nanos),
        TemplateValue.Absent => "<no value>",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary><c>%v</c>: the shortest digits that read back, with an exponent below 1e-4 and from 1e6 on.</summary>
    public static string General(double value) => Special(value) ?? Place(Shortest(Math.Abs(value)), value, 6);

    /// <summary><c>%.Ng</c>: so many significant digits at most, without trailing zeros.</summary>
    public static string General(double value, int precision) =>
        Special(value) ?? Place(Rounded(Math.Abs(value), Math.Max(1, precision)), value, Math.Max(1, precision));

    /// <summary><c>%.Nf</c>; halves go to the even digit.</summary>
    public static string Fixed(double value, int decimals)
    {
        if (Special(value) is { } special)
        {
            return special;
        }

        var (digits, exponent) = Exact(Math.Abs(value));
        var kept = Round(digits, exponent + 1 + decimals, ref exponent);
        var whole = exponent < 0 ? "0" : kept.PadRight(exponent + 1, '0')[..(exponent + 1)];
        var fraction = exponent < 0 ? new string('0', Math.Min(decimals, -exponent - 1)) + kept : kept.PadRight(exponent + 1, '0')[(exponent + 1)..];
        return Sign(value) + (decimals == 0 ? whole : $"{whole}.{fraction.PadRight(decimals, '0')[..decimals]}");
    }

    /// <summary><c>%.Ne</c>.</summary>
    public static string Exponential(double value, int decimals)
    {
        if (Special(value) is { } special)
        {
            return special;
        }

        var (digits, exponent) = Rounded(Math.Abs(value), decimals + 1);
        var padded = digits.PadRight(decimals + 1, '0');
        return $"{Sign(value)}{padded[0]}{(decimals > 0 ? "." + padded[1..] : "")}e{Exponent(exponent)}";
    }

    /// <summary>Go's map of text, in the order of its keys.</summary>
    public static string Map(Labels labels) => $"map[{string.Join(' ', labels.Pairs.Select(pair => $"{pair.Key}:{pair.Value}"))}]";

    /// <summary><c>%q</c>.</summary>
    public static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)}\"";

    public static double? ParseFloat(string text) => text switch
    {
        "NaN" => double.NaN,
        "+Inf" or "Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.Float & ~NumberStyles.AllowLeadingWhite & ~NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var value) ? value : null,
    };

    private static string? Special(double value) =>
        double.IsNaN(value) ? "NaN" : double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : null;

    private static string Sign(double value) => double.IsNegative(value) ? "-" : "";

    private static string Exponent(int exponent) => (exponent < 0 ? "-" : "+") + Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);

    private static string Place((string Digits, int Exponent) number, double value, int limit)
    {
        var (digits, exponent) = number;
        digits = digits.TrimEnd('0') is { Length: > 0 } kept ? kept : "0";
        if (exponent < -4 || exponent >= limit)
        {
            return $"{Sign(value)}{digits[0]}{(digits.Length > 1 ? "." + digits[1..] : "")}e{Exponent(exponent)}";
        }

        if (exponent < 0)
        {
            return $"{Sign(value)}0.{new string('0', -exponent - 1)}{digits}";
        }

        var whole = digits.PadRight(exponent + 1, '0');
        return Sign(value) + whole[..(exponent + 1)] + (whole.Length > exponent + 1 ? "." + whole[(exponent + 1)..] : "");
    }

    private static (string Digits, int Exponent) Shortest(double value)
    {
        var parts = value.ToString("R", CultureInfo.InvariantCulture).Split('E');
        var point = parts[0].IndexOf('.', StringComparison.Ordinal) is var at and >= 0 ? at : parts[0].Length;
        var digits = parts[0].Replace(".", "", StringComparison.Ordinal);
        var significant = digits.TrimStart('0');
        if (significant.Length == 0)
        {
            return ("0", 0);
        }

        var power = parts.Length == 2 ? int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;
        return (significant, power + point - 1 - (digits.Length - significant.Length));
    }

    /// <summary>Enough digits that a tie shows as one: halves are exact in far fewer.</summary>
    private static (string Digits, int Exponent) Exact(double value)
    {
        var text = value.ToString("E60", CultureInfo.InvariantCulture);
        var at = text.IndexOf('E', StringComparison.Ordinal);
        return (text[..at].Replace(".", "", StringComparison.Ordinal), int.Parse(text.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
    }

    private static (string Digits, int Exponent) Rounded(double value, int count)
    {
        var (digits, exponent) = Exact(value);
        var kept = Round(digits, count, ref exponent);
        return (kept, exponent);
    }

    /// <summary>Keeps so many digits; a carry out of the first one raises the exponent.</summary>
    private static string Round(string digits, int count, ref int exponent)
    {
        if (count < 0)
        {
            return "0";
        }

        var kept = ("0" + digits[..Math.Min(count, digits.Length)]).ToCharArray();
        var rest = count < digits.Length ? digits[count..] : "0";
        var half = rest[0] == '5' && rest.AsSpan(1).Trim('0').IsEmpty;
        if (half ? (kept[^1] - '0') % 2 == 1 : rest[0] >= '5')
        {
            var i = kept.Length - 1;
            while (kept[i] == '9')
            {
                kept[i--] = '0';
            }

            kept[i]++;
        }

        var carried = kept[0] != '0';
        exponent += carried ? 1 : 0;
        return carried ? new string(kept) : new string(kept, 1, kept.Length - 1);
    }
}
