using System.Globalization;

namespace Orchestrator.Core.Monitors;

/// <summary>The values that one field of a cron expression allows.</summary>
/// <param name="Allowed">Indexed by value.</param>
/// <param name="IsStar">The field starts with <c>*</c> or <c>?</c>, hence restricts nothing or only by a step.</param>
internal sealed record CronField(bool[] Allowed, bool IsStar)
{
    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    public static readonly CronField Zero = Parse("0", CronUnit.Second)!;

    public bool this[int value] => Allowed[value];

    /// <summary>The field; none where the text is none: lists of values, ranges and steps, with names for months and days of the week.</summary>
    public static CronField? Parse(string text, CronUnit unit)
    {
        var allowed = new bool[unit.Max + 1];
        foreach (var part in text.Split(','))
        {
            if (!Mark(part, unit, allowed))
            {
                return null;
            }
        }

        if (unit == CronUnit.DayOfWeek)
        {
            allowed[0] |= allowed[7];
        }

        return new(allowed, text[0] is '*' or '?');
    }

    private static bool Mark(string part, CronUnit unit, bool[] allowed)
    {
        var pieces = part.Split('/');
        var step = pieces.Length == 2 ? Number(pieces[1]) : 1;
        if (pieces.Length > 2 || step is not > 0 || Range(pieces[0], unit, pieces.Length == 2) is not { } range)
        {
            return false;
        }

        for (var value = range.From; value <= range.To; value += step.Value)
        {
            allowed[value] = true;
        }

        return true;
    }

    private static (int From, int To)? Range(string text, CronUnit unit, bool stepped)
    {
        if (text is "*" or "?")
        {
            return (unit.Min, unit == CronUnit.DayOfWeek ? 6 : unit.Max);
        }

        var ends = text.Split('-');
        var from = Value(ends[0], unit);
        var to = ends.Length == 2 ? Value(ends[1], unit) : stepped ? unit.Max : from;
        return ends.Length <= 2 && from is { } first && to is { } last && first <= last ? (first, last) : null;
    }

    private static int? Value(string text, CronUnit unit)
    {
        var named = unit == CronUnit.Month ? Named(Months, text) + 1 : unit == CronUnit.DayOfWeek ? Named(Days, text) : null;
        var value = named ?? Number(text);
        return value >= unit.Min && value <= unit.Max ? value : null;
    }

    private static int? Named(string[] names, string text)
    {
        var index = Array.IndexOf(names, text.ToUpperInvariant());
        return index >= 0 ? index : null;
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}

/// <summary>What a field of a cron expression counts, with its bounds.</summary>
internal sealed record CronUnit(string Name, int Min, int Max)
{
    public static readonly CronUnit Second = new("second", 0, 59);
    public static readonly CronUnit Minute = new("minute", 0, 59);
    public static readonly CronUnit Hour = new("hour", 0, 23);
    public static readonly CronUnit DayOfMonth = new("day of the month", 1, 31);
    public static readonly CronUnit Month = new("month", 1, 12);
    public static readonly CronUnit DayOfWeek = new("day of the week", 0, 7);
}
