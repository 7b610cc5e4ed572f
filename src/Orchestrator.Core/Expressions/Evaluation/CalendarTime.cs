namespace Orchestrator.Core.Expressions.Evaluation;

/// <summary>A second in UTC as years, months and days, in the Gregorian calendar continued both ways without end.</summary>
internal readonly record struct CalendarTime(long Days, int SecondOfDay)
{
    private const int SecondsPerDay = 24 * 3600;

    // Day 0 of the arithmetic is 1 March of year 0, so that a leap day ends a year.
    private const int DaysFromMarchZero = 719_468;
    private const int DaysPerEra = 146_097;

    /// <summary>The second that is so many after the epoch; none where the number is not finite or does not fit 64 bits.</summary>
    public static CalendarTime? Of(double seconds)
    {
        var whole = Math.Truncate(seconds);
        if (double.IsNaN(whole) || whole < long.MinValue || whole >= long.MaxValue)
        {
            return null;
        }

        var (days, second) = Math.DivRem((long)whole, SecondsPerDay);
        return second < 0 ? new CalendarTime(days - 1, (int)second + SecondsPerDay) : new CalendarTime(days, (int)second);
    }

    public int Hour => SecondOfDay / 3600;

    public int Minute => SecondOfDay / 60 % 60;

    /// <summary>0 is Sunday.</summary>
    public int DayOfWeek => (int)(((Days % 7) + 11) % 7);

    public long Year => MarchYear + (Month <= 2 ? 1 : 0);

    public int Month => MarchMonth < 10 ? MarchMonth + 3 : MarchMonth - 9;

    public int Day => DayOfMarchYear - (((153 * MarchMonth) + 2) / 5) + 1;

    public int DayOfYear => Month <= 2 ? DayOfMarchYear - 305 : DayOfMarchYear + (IsLeap ? 61 : 60);

    public int DaysInMonth => Month switch
    {
        2 => IsLeap ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    private bool IsLeap => Year % 4 == 0 && (Year % 100 != 0 || Year % 400 == 0);

    private long MarchDay => Days + DaysFromMarchZero;

    private long Era => MarchDay >= 0 ? MarchDay / DaysPerEra : ((MarchDay + 1) / DaysPerEra) - 1;

    private int DayOfEra => (int)(MarchDay - (Era * DaysPerEra));

    private int YearOfEra => (DayOfEra - (DayOfEra / 1460) + (DayOfEra / 36_524) - (DayOfEra / 146_096)) / 365;

    private long MarchYear => YearOfEra + (Era * 400);

    private int DayOfMarchYear => DayOfEra - ((365 * YearOfEra) + (YearOfEra / 4) - (YearOfEra / 100));

    private int MarchMonth => ((5 * DayOfMarchYear) + 2) / 153;
}
