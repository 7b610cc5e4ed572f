namespace Orchestrator.Core.Monitors;

/// <summary>A cron expression of five fields, or six with seconds first; days follow cron: where day of month and day of week are both given, either will do.</summary>
public sealed class CronExpression : IEquatable<CronExpression>
{
    private const int DaysToSearch = 366 * 41;

    private static readonly CronUnit[] Units = [CronUnit.Second, CronUnit.Minute, CronUnit.Hour, CronUnit.DayOfMonth, CronUnit.Month, CronUnit.DayOfWeek];

    private readonly CronField[] _fields;

    private CronExpression(string text, CronField[] fields)
    {
        Text = text;
        _fields = fields;
    }

    public string Text { get; }

    private CronField Seconds => _fields[0];

    private CronField Minutes => _fields[1];

    private CronField Hours => _fields[2];

    private CronField DaysOfMonth => _fields[3];

    private CronField Months => _fields[4];

    private CronField DaysOfWeek => _fields[5];

    /// <summary>The expression, or what is wrong with the text.</summary>
    public static (CronExpression? Value, string? Problem) Parse(string text)
    {
        var parts = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length is not (5 or 6))
        {
            return (null, $"the cron expression has {parts.Length} fields");
        }

        var units = parts.Length == 5 ? Units[1..] : Units;
        var fields = parts.Zip(units, CronField.Parse).ToArray();
        var wrong = Array.IndexOf(fields, null);
        if (wrong >= 0)
        {
            return (null, $"\"{parts[wrong]}\" is no {units[wrong].Name} of a cron expression");
        }

        var cron = new CronExpression(text, parts.Length == 5 ? [CronField.Zero, .. fields.OfType<CronField>()] : [.. fields.OfType<CronField>()]);
        return cron.EverFires() ? (cron, null) : (null, "the cron expression never fires: no month has such a day");
    }

    /// <summary>
    /// The first firing after an instant. Across daylight saving: an expression whose hour starts with <c>*</c> follows elapsed time (skipped hours
    /// do not fire, repeated ones fire twice); any other fires once a day: a skipped time at the end of the gap, a repeated one the first time.
    /// </summary>
    public DateTimeOffset Next(DateTimeOffset after, TimeZoneInfo zone)
    {
        var margin = TimeSpan.FromHours(3);
        var steady = zone.GetUtcOffset(after - margin) == zone.GetUtcOffset(after + margin);
        var local = TimeZoneInfo.ConvertTime(after, zone).DateTime - (steady ? TimeSpan.Zero : margin);
        while (true)
        {
            local = NextLocal(local);
            foreach (var instant in Instants(local, zone).Where(instant => instant > after))
            {
                return instant;
            }
        }
    }

    public bool Equals(CronExpression? other) => other is not null && Text == other.Text;

    public override bool Equals(object? obj) => Equals(obj as CronExpression);

    public override int GetHashCode() => string.GetHashCode(Text, StringComparison.Ordinal);

    public override string ToString() => Text;

    private bool EverFires() =>
        !DaysOfWeek.IsStar || Enumerable.Range(1, 12).Any(month => Months[month] && Enumerable.Range(1, DateTime.DaysInMonth(2024, month)).Any(day => DaysOfMonth[day]));

    /// <summary>The first matching wall-clock time after one, in whole seconds.</summary>
    private DateTime NextLocal(DateTime after)
    {
        var start = new DateTime(after.Ticks - (after.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Unspecified).AddSeconds(1);
        for (var day = 0; day < DaysToSearch; day++)
        {
            var date = start.Date.AddDays(day);
            if (Matches(date) && TimeOfDay(day == 0 ? start.TimeOfDay : TimeSpan.Zero) is { } time)
            {
                return date + time;
            }
        }

        throw new System.Diagnostics.UnreachableException(Text);
    }

    private bool Matches(DateTime date)
    {
        var ofMonth = DaysOfMonth[date.Day];
        var ofWeek = DaysOfWeek[(int)date.DayOfWeek];
        return Months[date.Month] && (DaysOfMonth.IsStar || DaysOfWeek.IsStar ? ofMonth && ofWeek : ofMonth || ofWeek);
    }

    private TimeSpan? TimeOfDay(TimeSpan from)
    {
        for (var hour = from.Hours; hour < 24; hour++)
        {
            var earliest = hour == from.Hours ? (from.Minutes * 60) + from.Seconds : 0;
            if (Hours[hour] && SecondOfHour(earliest) is { } second)
            {
                return new TimeSpan(hour, 0, second);
            }
        }

        return null;
    }

    private int? SecondOfHour(int from)
    {
        for (var minute = from / 60; minute < 60; minute++)
        {
            var earliest = minute == from / 60 ? from % 60 : 0;
            var second = Minutes[minute] ? Array.IndexOf(Seconds.Allowed, true, earliest) : -1;
            if (second >= 0)
            {
                return (minute * 60) + second;
            }
        }

        return null;
    }

    private IEnumerable<DateTimeOffset> Instants(DateTime local, TimeZoneInfo zone)
    {
        if (zone.IsInvalidTime(local))
        {
            return Hours.IsStar ? [] : [EndOfGap(local, zone)];
        }

        if (!zone.IsAmbiguousTime(local))
        {
            return [new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime()];
        }

        var both = zone.GetAmbiguousTimeOffsets(local).Select(offset => new DateTimeOffset(local, offset).ToUniversalTime()).Order();
        return Hours.IsStar ? both : both.Take(1);
    }

    private static DateTimeOffset EndOfGap(DateTime local, TimeZoneInfo zone)
    {
        var end = local.AddSeconds(-local.Second);
        while (zone.IsInvalidTime(end))
        {
            end = end.AddMinutes(1);
        }

        return new DateTimeOffset(end, zone.GetUtcOffset(end)).ToUniversalTime();
    }
}
