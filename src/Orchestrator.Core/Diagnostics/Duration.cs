using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Orchestrator.Core.Diagnostics;

/// <summary>Durations in Prometheus's notation: <c>1h30m</c>, <c>2d</c>, <c>500ms</c>; a year has 365 days.</summary>
public static partial class Duration
{
    public const string Allowed = "allowed: a duration such as 30s, 5m, 1h30m, 2d";

    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("y", TimeSpan.FromDays(365)), ("w", TimeSpan.FromDays(7)), ("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)),
        ("m", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1)), ("ms", TimeSpan.FromMilliseconds(1)),
    ];

    [GeneratedRegex(@"^(?:(?<y>[0-9]{1,9})y)?(?:(?<w>[0-9]{1,9})w)?(?:(?<d>[0-9]{1,9})d)?(?:(?<h>[0-9]{1,9})h)?(?:(?<m>[0-9]{1,9})m)?(?:(?<s>[0-9]{1,9})s)?(?:(?<ms>[0-9]{1,15})ms)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Parts();

    /// <summary>The duration; none where the text is none, or one that nanoseconds in 64 bits cannot hold, about 292 years.</summary>
    public static TimeSpan? Parse(string text)
    {
        var match = Parts().Match(text);
        if (text == "0")
        {
            return TimeSpan.Zero;
        }

        if (text.Length == 0 || !match.Success)
        {
            return null;
        }

        var ticks = Units.Sum(unit => Ticks(match.Groups[unit.Unit], unit.Length));
        return ticks <= TimeSpan.FromDays(106_751).Ticks ? TimeSpan.FromTicks((long)ticks) : null;
    }

    /// <summary>The shortest notation with whole units, as Prometheus writes it.</summary>
    public static string Text(TimeSpan span)
    {
        if (span == TimeSpan.Zero)
        {
            return "0s";
        }

        var text = new StringBuilder(span < TimeSpan.Zero ? "-" : "");
        var rest = span.Duration();
        foreach (var (unit, length) in Units)
        {
            var exact = unit is not ("y" or "w") || rest.Ticks % length.Ticks == 0;
            var count = exact ? rest.Ticks / length.Ticks : 0;
            if (count > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{count}{unit}");
                rest -= length * count;
            }
        }

        return text.ToString();
    }

    private static double Ticks(Group group, TimeSpan unit) =>
        group.Success ? double.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) * unit.Ticks : 0;
}
