using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Core.Fixes;

/// <summary>The changes of labels that a running fix would make, known once people have answered; its workflow waits for a second approval of exactly these.</summary>
/// <param name="Sha256">Hash of the patch: what was approved is what is applied.</param>
/// <param name="Answered">Rows that people answered.</param>
/// <param name="Labels">What changes into what, the most frequent first.</param>
/// <param name="LabelledBy">Who answered, and so cannot approve where four eyes are asked for.</param>
public sealed record PatchProposal(string Sha256, string Dataset, int Answered, ImmutableArray<LabelChange> Labels, ImmutableArray<string> LabelledBy)
{
    /// <summary>Where the workflow goes on once the patch is approved.</summary>
    public required string Bookmark { get; init; }

    public required string Outcome { get; init; }

    public required ImmutableSortedDictionary<string, JsonElement> Outputs { get; init; }

    [JsonIgnore]
    public int Changes => Labels.Sum(change => change.Rows);

    /// <summary>What a patch changes into what.</summary>
    public static ImmutableArray<LabelChange> LabelsOf(DataPatch patch) =>
    [
        .. patch.Changes.OfType<RowChange.Relabel>().CountBy(change => (change.From, change.To)).Select(pair => new LabelChange(pair.Key.From, pair.Key.To, pair.Value))
            .OrderByDescending(change => change.Rows).ThenBy(change => change.From, StringComparer.Ordinal).ThenBy(change => change.To, StringComparer.Ordinal),
    ];
}

/// <summary>So many rows whose label changes from one to another.</summary>
public sealed record LabelChange(string? From, string? To, int Rows);
