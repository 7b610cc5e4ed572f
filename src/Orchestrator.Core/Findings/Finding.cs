using System.Globalization;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Findings;

/// <summary>Whether anything is still to be done about a finding.</summary>
public enum FindingState
{
    Open,
    Resolved,
}

/// <summary>The durable record of an alert that fired, and of what became of it.</summary>
/// <param name="Id">Derived from the fingerprint and the instant at which the alert began to fire.</param>
/// <param name="Fingerprint">Identity over time: the rule and the alert's labels.</param>
/// <param name="Rule">Name of the alerting rule.</param>
/// <param name="Value">The alert's last value while it fired.</param>
/// <param name="Revision">The rule revision under which it opened.</param>
/// <param name="Resolution">How it was resolved; null while it is open.</param>
/// <param name="Held">Why no fix is opened for it; null where nothing holds one back.</param>
public sealed record Finding(
    string Id, string Fingerprint, string Group, string Rule, Labels Labels, string Revision, DateTimeOffset OpenedAt)
{
    public FindingState State { get; init; } = FindingState.Open;

    public double Value { get; init; }

    public string Severity { get; init; } = "";

    public string Summary { get; init; } = "";

    public string Owner { get; init; } = "";

    public string? Held { get; init; }

    public string? Resolution { get; init; }

    public DateTimeOffset? ResolvedAt { get; init; }

    public static string FingerprintOf(string group, string rule, Labels labels) => Hash($"{group}\n{rule}\n{labels}");

    public static string IdOf(string fingerprint, DateTimeOffset firingSince) =>
        Hash($"{fingerprint}\n{firingSince.ToMicros().ToString(CultureInfo.InvariantCulture)}")[..12];

    private static string Hash(string text) => Digest.Of(text)[..32];
}
