namespace Orchestrator.Core.Series;

/// <summary>Instants as microseconds since the Unix epoch, the form that series and tables use.</summary>
public static class Timestamp
{
    public const long PerSecond = 1_000_000;

    public static long ToMicros(this DateTimeOffset instant) => (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static long ToMicros(this TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset ToInstant(this long micros) => DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);
}
