using System.Globalization;

namespace Orchestrator.Core.Workflows;

/// <summary>Idempotency keys, derived from the instance and the number of the execution.</summary>
public static class ActivityKey
{
    public static string Of(string instanceId, int number) => string.Create(CultureInfo.InvariantCulture, $"{instanceId}/{number}");

    /// <summary>The instance that a key belongs to; null for a key of anything else.</summary>
    public static string? InstanceOf(string key) => key.IndexOf('/', StringComparison.Ordinal) is > 0 and var end ? key[..end] : null;

    public static string Timer(string instanceId, int number) => Of(instanceId, number) + "/timer";

    /// <summary>A compensation that failed may be asked for again, in a further round.</summary>
    public static string Undo(string instanceId, int number, int round) => string.Create(CultureInfo.InvariantCulture, $"{instanceId}/{number}/undo/{round}");
}
