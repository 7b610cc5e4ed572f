using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestrator.Core.Rules;

/// <summary>The hours of a week in which something may happen, such as <c>Mon-Fri 08:00-18:00 Europe/Berlin</c>; hours may cross midnight.</summary>
public sealed partial record ActiveHours(ImmutableArray<DayOfWeek> Days, TimeSpan From, TimeSpan To, TimeZoneInfo Zone)
{
    public const string Allowed = "allowed: days, hours and a time zone, such as Mon-Fri 08:00-18:00 Europe/Berlin";

    private static readonly string[] Names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

    [GeneratedRegex(@"^(?:(?<days>[A-Za-z,-]+)\s+)?(?<from>[0-9][0-9]:[0-9][0-9])-(?<to>[0-9][0-9]:[0-9][0-9])(?:\s+(?<zone>\S+))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    /// <summary>The hours; none where the text is none. Without days every day is meant, without a zone UTC.</summary>
    public static ActiveHours? Parse(string text)
    {
        var match = Form().Match(text);
        var days = match.Groups["days"].Success ? DaysOf(match.Groups["days"].Value) : [.. Enum.GetValues<DayOfWeek>()];
        var zone = match.Groups["zone"].Success ? match.Groups["zone"].Value : "UTC";
        return match.Success && days is { } known && Time(match.Groups["from"].Value) is { } from && Time(match.Groups["to"].Value) is { } to && from != to
            && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found)
            ? new(known, from, to, found)
            : null;
    }

    public bool Contains(DateTimeOffset instant)
    {
        var local = TimeZoneInfo.ConvertTime(instant, Zone);
        var time = local.TimeOfDay;
        var today = Days.Contains(local.DayOfWeek);
        if (From < To)
        {
            return today && time >= From && time < To;
        }

        var yesterday = Days.Contains(local.AddDays(-1).DayOfWeek);
        return (today && time >= From) || (yesterday && time < To);
    }

    /// <summary>The next instant after the given one at which the hours begin.</summary>
    public DateTimeOffset NextBeginning(DateTimeOffset after)
    {
        var today = TimeZoneInfo.ConvertTime(after, Zone).Date;
        return Enumerable.Range(0, 9).Select(day => today.AddDays(day)).Where(date => Days.Contains(date.DayOfWeek)).Select(date => date + From)
            .Select(local => new DateTimeOffset(local, Zone.GetUtcOffset(local)).ToUniversalTime()).First(at => at > after);
    }

    /// <summary>A text that <see cref="Parse"/> reads as the same hours.</summary>
    public override string ToString()
    {
        var days = Days.Length == Names.Length ? "" : string.Join(",", Days.Select(day => Names[(int)day])) + " ";
        return string.Create(CultureInfo.InvariantCulture, $"{days}{(int)From.TotalHours:00}:{From.Minutes:00}-{(int)To.TotalHours:00}:{To.Minutes:00} {Zone.Id}");
    }

    private static ImmutableArray<DayOfWeek>? DaysOf(string text)
    {
        var days = new SortedSet<DayOfWeek>();
        foreach (var part in text.Split(','))
        {
            var ends = part.Split('-').Select(name => Array.FindIndex(Names, known => string.Equals(known, name, StringComparison.OrdinalIgnoreCase))).ToList();
            if (ends.Count > 2 || ends.Contains(-1))
            {
                return null;
            }

            for (var day = ends[0]; ; day = (day + 1) % 7)
            {
                days.Add((DayOfWeek)day);
                if (day == ends[^1])
                {
                    break;
                }
            }
        }

        return [.. days];
    }

    private static TimeSpan? Time(string text)
    {
        var (hours, minutes) = (int.Parse(text[..2], CultureInfo.InvariantCulture), int.Parse(text[3..], CultureInfo.InvariantCulture));
        return minutes < 60 && (hours < 24 || (hours == 24 && minutes == 0)) ? new TimeSpan(hours, minutes, 0) : null;
    }
}
