using System.Collections.Frozen;

namespace Orchestrator.Core.Revisions.Difference;

/// <summary>What fields mean where they are not written, so that writing them out is no change.</summary>
internal static class Defaults
{
    private static readonly FrozenDictionary<string, string> Rules = new Dictionary<string, string>
    {
        ["for"] = "0s",
        ["keep_firing_for"] = "0s",
        ["measurements"] = "1",
        ["min_rows"] = "0",
        ["mode"] = "active",
        ["no_data"] = "resolve",
        ["then.approval"] = "required",
        ["then.patch_approval"] = "auto",
        ["then.cooldown"] = "0s",
        ["then.dedup"] = "model, dataset",
        ["then.expires"] = "1w",
        ["then.preview"] = "false",
        ["then.priority"] = "0",
        ["then.verify.min_rows"] = "0",
        ["then.verify.otherwise"] = "escalate",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> Groups = new Dictionary<string, string>
    {
        ["interval"] = "1m",
        ["limit"] = "0",
        ["on_data"] = "true",
        ["query_offset"] = "0s",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> Models = new Dictionary<string, string> { ["registry"] = "local" }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Null where absence means something of its own.</summary>
    public static string? Of(string subject, string field) =>
        (subject.Split(' ')[0] switch { "rule" => Rules, "group" => Groups, "model" => Models, _ => null })?.GetValueOrDefault(field);
}
