using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Monitors;

/// <summary>When a monitor measures: a fixed grid of instants, so that a firing is identified by its scheduled time.</summary>
public abstract record MonitorSchedule
{
    private MonitorSchedule()
    {
    }

    /// <summary>Multiples of the period since the Unix epoch, UTC: <c>6h</c> fires at 00, 06, 12 and 18 o'clock.</summary>
    public sealed record Every(TimeSpan Period) : MonitorSchedule;

    public sealed record Cron(CronExpression Expression, TimeZoneInfo Zone) : MonitorSchedule;

    /// <summary>The first instant of the grid after another.</summary>
    public DateTimeOffset Next(DateTimeOffset after) => this switch
    {
        Every every => NextMultiple(after, every.Period),
        Cron cron => cron.Expression.Next(after, cron.Zone),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The instants of the grid in (after, until], in order.</summary>
    public IEnumerable<DateTimeOffset> Due(DateTimeOffset after, DateTimeOffset until)
    {
        for (var next = Next(after); next <= until; next = Next(next))
        {
            yield return next;
        }
    }

    /// <summary>Until when a sample measured at an instant counts: the next firing and one period more.</summary>
    public DateTimeOffset ValidUntil(DateTimeOffset scheduled) => Next(Next(scheduled));

    /// <summary>Reads <c>every</c>, or <c>cron</c> with <c>time_zone</c> (UTC where not given).</summary>
    internal static MonitorSchedule? Read(Fields fields)
    {
        var period = fields.Period("every");
        var cron = fields.Text("cron");
        var zone = ReadZone(fields);
        if (fields.Has("every") == fields.Has("cron"))
        {
            fields.Diagnostics.Error(fields.Has("cron") ? fields.NameAt("cron") : fields.Place, "MON002", fields.Has("cron") ? "both \"every\" and \"cron\" are given" : "the monitor has no schedule", "allowed: one of every, cron");
            return null;
        }

        return cron is null ? ReadEvery(fields, period) : ReadCron(fields, cron, zone);
    }

    private static Every? ReadEvery(Fields fields, TimeSpan? period)
    {
        fields.Refuse("time_zone", "MON003", "\"time_zone\" goes with \"cron\"", "allowed with every: none, its grid is UTC");
        if (period is { } span && span.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            fields.Diagnostics.Error(fields.At("every"), "MON003", "\"every\" has a part of a second", "allowed: whole seconds");
        }

        return period is { } known ? new(known) : null;
    }

    private static Cron? ReadCron(Fields fields, string text, TimeZoneInfo? zone)
    {
        var (cron, problem) = CronExpression.Parse(text);
        if (cron is null)
        {
            fields.Diagnostics.Error(fields.At("cron"), "MON004", problem!, "allowed: minute hour day month weekday, such as \"0 3 * * *\", with seconds before them if need be");
        }

        return cron is not null && zone is not null ? new(cron, zone) : null;
    }

    private static TimeZoneInfo? ReadZone(Fields fields)
    {
        var name = fields.Text("time_zone") ?? "UTC";
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
        {
            return zone;
        }

        var nearest = Nearest.To(name, TimeZoneInfo.GetSystemTimeZones().Select(known => known.Id));
        fields.Diagnostics.Error(fields.At("time_zone"), "MON005", $"time zone \"{name}\" is not known", "allowed: names such as Europe/Berlin", nearest);
        return null;
    }

    private static DateTimeOffset NextMultiple(DateTimeOffset after, TimeSpan period)
    {
        var elapsed = (after.ToUniversalTime() - DateTimeOffset.UnixEpoch).Ticks;
        var count = Math.DivRem(elapsed, period.Ticks, out var rest) + (rest < 0 ? 0 : 1);
        return DateTimeOffset.UnixEpoch.AddTicks(count * period.Ticks);
    }
}
