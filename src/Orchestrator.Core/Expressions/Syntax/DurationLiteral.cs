using System.Globalization;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Syntax;

/// <summary>Durations such as <c>1h30m</c>: whole numbers with units from years down to milliseconds, each at most once.</summary>
internal static class DurationLiteral
{
    /// <summary>Longest duration, in seconds: as in Prometheus what fits 64 bits of nanoseconds, about 292 years.</summary>
    public const double MaxSeconds = long.MaxValue / 1e9;

    private static readonly (string Unit, long Milliseconds)[] Units =
    [
        ("y", 365L * 24 * 3600 * 1000), ("w", 7L * 24 * 3600 * 1000), ("d", 24L * 3600 * 1000),
        ("h", 3600L * 1000), ("m", 60L * 1000), ("s", 1000), ("ms", 1),
    ];

    /// <summary>Length of the duration that starts at an offset; 0 where none does.</summary>
    public static int Scan(string text, int at)
    {
        var end = at;
        foreach (var (unit, _) in Units)
        {
            var next = Digits(text, end);
            if (next > end && IsUnit(text, next, unit))
            {
                end = next + unit.Length;
            }
        }

        var follows = end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_');
        return follows ? 0 : end - at;
    }

    /// <summary>Seconds; infinite where there are too many digits.</summary>
    public static double Seconds(string literal)
    {
        var milliseconds = 0d;
        var at = 0;
        while (at < literal.Length)
        {
            var next = Digits(literal, at);
            var (unit, size) = Units.First(candidate => IsUnit(literal, next, candidate.Unit));
            milliseconds += double.Parse(literal.AsSpan(at, next - at), CultureInfo.InvariantCulture) * size;
            at = next + unit.Length;
        }

        return milliseconds / 1000;
    }

    /// <summary>The seconds of a duration as microseconds; what is below a millisecond is cut off.</summary>
    public static long Micros(double seconds) => (long)Math.Round(seconds * 1e9) / 1_000_000 * (Timestamp.PerSecond / 1000);

    /// <summary>The seconds of an instant as microseconds, rounded to the millisecond.</summary>
    public static long InstantMicros(double seconds) => (long)Math.Round(seconds * 1000) * (Timestamp.PerSecond / 1000);

    private static int Digits(string text, int at)
    {
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return at;
    }

    private static bool IsUnit(string text, int at, string unit)
    {
        var milliseconds = at + 1 < text.Length && text[at] == 'm' && text[at + 1] == 's';
        return milliseconds ? unit == "ms" : unit != "ms" && string.CompareOrdinal(text, at, unit, 0, 1) == 0;
    }
}
