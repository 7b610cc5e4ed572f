using System.Globalization;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Cli;

/// <summary>Values as tables show them.</summary>
internal static class Words
{
    public static string Of(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    public static string Of(DateTimeOffset? at) => at is { } instant ? Of(instant) : "";

    public static string Of(double value) => double.IsNaN(value) ? "" : value.ToString("0.####", CultureInfo.InvariantCulture);

    public static string Of(Enum value) => value.ToString().ToLowerInvariant();

    public static string Of(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    public static string Of(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    public static string Of(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Of(int value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Short(string? hash) => hash is { Length: > 12 } ? hash[..12] : hash ?? "";
}
