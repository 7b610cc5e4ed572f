namespace Orchestrator.Core.Rules;

/// <summary>Numbers as people read them, in Prometheus's way.</summary>
internal static class Humanized
{
    private static readonly string[] Large = ["k", "M", "G", "T", "P", "E", "Z", "Y"];
    private static readonly string[] LargeBinary = ["ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"];
    private static readonly string[] Small = ["m", "u", "n", "p", "f", "a", "z", "y"];

    public static string Number(double value)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return GoFormat.General(value, 4);
        }

        return Math.Abs(value) >= 1 ? Divided(value, 1000, Large) : Multiplied(value);
    }

    public static string Number1024(double value) =>
        Math.Abs(value) <= 1 || !double.IsFinite(value) ? GoFormat.General(value, 4) : Divided(value, 1024, LargeBinary);

    private static string Divided(double value, double by, string[] prefixes)
    {
        var prefix = "";
        foreach (var next in prefixes.TakeWhile(_ => Math.Abs(value) >= by))
        {
            prefix = next;
            value /= by;
        }

        return GoFormat.General(value, 4) + prefix;
    }

    private static string Multiplied(double value)
    {
        var prefix = "";
        foreach (var next in Small.TakeWhile(_ => Math.Abs(value) < 1))
        {
            prefix = next;
            value *= 1000;
        }

        return GoFormat.General(value, 4) + prefix;
    }

    public static string Duration(double value)
    {
        if (!double.IsFinite(value))
        {
            return GoFormat.General(value, 4);
        }

        if (value == 0 || Math.Abs(value) < 1)
        {
            return (value == 0 ? "0" : Multiplied(value)) + "s";
        }

        var sign = value < 0 ? "-" : "";
        var total = (decimal)Math.Truncate(Math.Min(Math.Abs(value), 1e15));
        var (days, hours, minutes, seconds) = (decimal.Floor(total / 86400), decimal.Floor(total / 3600) % 24, decimal.Floor(total / 60) % 60, total % 60);
        var text = (days, hours, minutes) switch
        {
            ( > 0, _, _) => $"{days}d {hours}h {minutes}m {seconds}s",
            (_, > 0, _) => $"{hours}h {minutes}m {seconds}s",
            (_, _, > 0) => $"{minutes}m {seconds}s",
            _ => GoFormat.General(Math.Abs(value), 4) + "s",
        };
        return sign + text;
    }

    public static string Timestamp(double value) => double.IsFinite(value) ? GoTime.Text(Nanos(value)) : GoFormat.General(value, 4);

    /// <summary>Seconds since the epoch as nanoseconds, to the millisecond.</summary>
    public static Int128 Nanos(double seconds)
    {
        if (!double.IsFinite(seconds))
        {
            throw new TemplateException("value is NaN or Inf");
        }

        return Math.Abs(seconds * 1e9) < long.MaxValue
            ? (Int128)Math.Round((decimal)seconds * 1000) * 1_000_000
            : throw new TemplateException($"{GoFormat.General(seconds)} cannot be represented as a nanoseconds timestamp since it overflows int64");
    }
}
