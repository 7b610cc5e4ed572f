using System.Globalization;

namespace Orchestrator.Server.Series;

/// <summary>Numbers and instants as Prometheus's API writes them: the shortest digits that read back, plain between 1e-6 and 1e21.</summary>
internal static class PrometheusNumber
{
    private const double LeastPlain = 1e-6;
    private const double FirstWithExponent = 1e21;

    public static string Text(double value) =>
        double.IsNaN(value) ? "NaN"
        : double.IsInfinity(value) ? (value > 0 ? "+Inf" : "-Inf")
        : value != 0 && (Math.Abs(value) < LeastPlain || Math.Abs(value) >= FirstWithExponent) ? WithExponent(value)
        : Plain(value);

    /// <summary>As Go's <c>%e</c> with as many digits as are needed: <c>1e+00</c>.</summary>
    public static string WithExponent(double value)
    {
        if (!double.IsFinite(value))
        {
            return Text(value);
        }

        var (digits, power) = Digits(value);
        var fraction = digits.Length > 1 ? $".{digits[1..]}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{Sign(value)}{digits[0]}{fraction}e{(power < 0 ? '-' : '+')}{Math.Abs(power):00}");
    }

    /// <summary>Seconds of an instant in microseconds, with milliseconds where there are any.</summary>
    public static string Seconds(long micros)
    {
        var millis = (long)Math.Floor(micros / 1000.0);
        var (seconds, rest) = (millis / 1000, Math.Abs(millis % 1000));
        var sign = millis < 0 && seconds == 0 ? "-" : "";
        return rest == 0 ? seconds.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{sign}{seconds}.{rest:000}");
    }

    private static string Plain(double value)
    {
        var (digits, power) = Digits(value);
        var point = power + 1;
        var text = point <= 0 ? $"0.{new string('0', -point)}{digits}"
            : point >= digits.Length ? digits.PadRight(point, '0')
            : $"{digits[..point]}.{digits[point..]}";
        return Sign(value) + text;
    }

    /// <summary>The shortest digits that read back, and the power of ten of the first.</summary>
    private static (string Digits, int Power) Digits(double value)
    {
        var parts = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture).Split('E');
        var point = parts[0].IndexOf('.', StringComparison.Ordinal) is var at and >= 0 ? at : parts[0].Length;
        var digits = parts[0].Replace(".", "", StringComparison.Ordinal);
        var leading = digits.Length - digits.TrimStart('0').Length;
        var power = parts.Length == 2 ? int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;
        return digits.Trim('0') is { Length: > 0 } significant ? (significant, power + point - 1 - leading) : ("0", 0);
    }

    private static string Sign(double value) => double.IsNegative(value) ? "-" : "";
}
