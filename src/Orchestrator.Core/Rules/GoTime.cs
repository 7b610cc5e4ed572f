using System.Globalization;
using System.Text;

namespace Orchestrator.Core.Rules;

/// <summary>Instants and durations as Go prints them.</summary>
internal static class GoTime
{
    public const long PerSecond = 1_000_000_000;

    private static readonly (string Mark, string Format)[] Marks =
    [
        ("January", "MMMM"), ("Jan", "MMM"), ("Monday", "dddd"), ("Mon", "ddd"), ("2006", "yyyy"), ("MST", "'UTC'"), ("-07:00", "'+00:00'"), ("-0700", "'+0000'"), ("Z07:00", "'Z'"),
        ("01", "MM"), ("02", "dd"), ("03", "hh"), ("04", "mm"), ("05", "ss"), ("06", "yy"), ("15", "HH"), ("PM", "tt"), ("_2", "%d"), ("1", "%M"), ("2", "%d"), ("3", "%h"), ("4", "%m"), ("5", "%s"),
    ];

    /// <summary>The instant to the second; throws <see cref="TemplateException"/> beyond the years 1 to 9999.</summary>
    public static DateTime Calendar(Int128 nanos)
    {
        var seconds = nanos >= 0 ? nanos / PerSecond : ((nanos + 1) / PerSecond) - 1;
        return seconds >= -62_135_596_800 && seconds < 253_402_300_800
            ? DateTime.UnixEpoch.AddSeconds((long)seconds)
            : throw new TemplateException("the instant lies beyond the years 1 to 9999");
    }

    /// <summary>As <c>time.Time</c> prints itself in UTC.</summary>
    public static string Text(Int128 nanos) => $"{Calendar(nanos).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}{Fraction(nanos)} +0000 UTC";

    /// <summary>A layout of Go's, written as the reference time would be.</summary>
    public static string Format(Int128 nanos, string layout)
    {
        var time = Calendar(nanos);
        var text = new StringBuilder();
        for (var i = 0; i < layout.Length;)
        {
            var mark = Array.Find(Marks, one => layout.AsSpan(i).StartsWith(one.Mark, StringComparison.Ordinal));
            if (mark.Mark is not null)
            {
                text.Append(time.ToString(mark.Format, CultureInfo.InvariantCulture).PadLeft(mark.Mark == "_2" ? 2 : 0));
                i += mark.Mark.Length;
            }
            else
            {
                var digits = FractionDigits(layout, i);
                text.Append(digits == 0 ? layout[i].ToString() : layout[i] + Digits(nanos)[..Math.Min(9, digits)]);
                i += 1 + digits;
            }
        }

        return text.ToString();
    }

    /// <summary>As <c>time.Duration</c> prints itself: <c>1h2m3.5s</c>.</summary>
    public static string Span(long nanos)
    {
        var magnitude = Int128.Abs(nanos);
        var sign = nanos < 0 ? "-" : "";
        if (magnitude < PerSecond)
        {
            var (unit, per) = magnitude < 1000 ? ("ns", 1.0) : magnitude < 1_000_000 ? ("µs", 1e3) : ("ms", 1e6);
            return magnitude == 0 ? "0s" : sign + ((double)magnitude / per).ToString("0.######", CultureInfo.InvariantCulture) + unit;
        }

        var seconds = (long)(magnitude / PerSecond);
        var text = $"{seconds % 60}{Fraction(magnitude)}s";
        text = seconds >= 60 ? $"{seconds / 60 % 60}m{text}" : text;
        return sign + (seconds >= 3600 ? $"{seconds / 3600}h{text}" : text);
    }

    private static string Fraction(Int128 nanos) => Digits(nanos).TrimEnd('0') is { Length: > 0 } digits ? "." + digits : "";

    private static string Digits(Int128 nanos) => ((long)(((nanos % PerSecond) + PerSecond) % PerSecond)).ToString("000000000", CultureInfo.InvariantCulture);

    private static int FractionDigits(string layout, int at)
    {
        var end = at + 1;
        while (layout[at] is '.' or ',' && end < layout.Length && layout[end] == '0')
        {
            end++;
        }

        return end - at - 1;
    }
}
