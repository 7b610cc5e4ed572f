using System.Globalization;
using System.Text;

namespace Orchestrator.Core.Expressions.Ast;

/// <summary>Numbers and durations as Prometheus writes them.</summary>
public static class NumberText
{
    private static readonly (string Unit, long Micros)[] Units =
    [
        ("y", 365L * 24 * 3600 * 1_000_000),
        ("w", 7L * 24 * 3600 * 1_000_000),
        ("d", 24L * 3600 * 1_000_000),
        ("h", 3600L * 1_000_000),
        ("m", 60L * 1_000_000),
        ("s", 1_000_000),
        ("ms", 1_000),
    ];

    /// <summary>The shortest digits that read back as the same number, without an exponent; <c>+Inf</c>, <c>-Inf</c>, <c>NaN</c>.</summary>
    public static string Fixed(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
        }

        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var exponentAt = text.IndexOf('E', StringComparison.Ordinal);
        return exponentAt < 0 ? text : Expand(text[..exponentAt], int.Parse(text[(exponentAt + 1)..], CultureInfo.InvariantCulture));
    }

    /// <summary>As <see cref="Fixed"/>, but below 0.0001 and from a million on with an exponent of two digits: <c>1e+06</c>, Go's <c>%g</c>.</summary>
    public static string General(double value)
    {
        if (!double.IsFinite(value) || value == 0 || Math.Abs(value) is >= 1e-4 and < 1e6)
        {
            return Fixed(value);
        }

        var text = value.ToString("E16", CultureInfo.InvariantCulture);
        var exponent = int.Parse(text[(text.IndexOf('E', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture);
        var digits = Fixed(Math.Abs(value)).Replace(".", "", StringComparison.Ordinal).Trim('0');
        var mantissa = digits.Length > 1 ? $"{digits[0]}.{digits[1..]}" : digits;
        return $"{(value < 0 ? "-" : "")}{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }

    /// <summary>Microseconds in units from years down to milliseconds, such as <c>1h30m</c>; years and weeks only where they come out even.</summary>
    public static string Duration(long micros)
    {
        if (micros == 0)
        {
            return "0s";
        }

        var text = new StringBuilder(micros < 0 ? "-" : "");
        var rest = Math.Abs(micros);
        foreach (var (unit, size) in Units)
        {
            var only = unit is "y" or "w";
            if (only ? rest % size == 0 && rest > 0 : rest >= size)
            {
                text.Append(CultureInfo.InvariantCulture, $"{rest / size}{unit}");
                rest %= size;
            }
        }

        return text.ToString();
    }

    private static string Expand(string mantissa, int exponent)
    {
        var sign = mantissa.StartsWith('-') ? "-" : "";
        var digits = mantissa.TrimStart('-').Replace(".", "", StringComparison.Ordinal);
        var point = 1 + exponent;
        if (point <= 0)
        {
            return $"{sign}0.{new string('0', -point)}{digits}";
        }

        return point >= digits.Length ? $"{sign}{digits.PadRight(point, '0')}" : $"{sign}{digits[..point]}.{digits[point..]}";
    }
}
