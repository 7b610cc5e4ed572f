using System.Collections.Immutable;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Rows of a dataset version to be looked at by people, the most suspect first; an artifact between activities.</summary>
/// <param name="Segment">Predicate that the rows were taken from; null where from all.</param>
/// <param name="LabelSet">Hash of the classes that the model file states; empty where it states none.</param>
/// <param name="Classes">The labels that can be given.</param>
public sealed record SuspectList(
    string Dataset, string Version, string? Segment, string LabelSet, ImmutableArray<string> Classes, ImmutableArray<SuspectRow> Rows)
{
    /// <summary>The dataset that the rows were selected for; absent where they are looked at for their own.</summary>
    public string? Into { get; init; }
}

/// <summary>A row to be looked at.</summary>
/// <param name="Content">Hash of the row without its label.</param>
/// <param name="Given">The label that it carries; empty where it has none.</param>
/// <param name="Suggested">The label that the ranking thinks it should have.</param>
/// <param name="Score">Suspicion from 0 to 1: higher is more suspicious.</param>
/// <param name="Flagged">Whether the search calls the label wrong, and not only less sure than others.</param>
/// <param name="Cells">The whole row, by column, as text in canonical form.</param>
public sealed record SuspectRow(
    string Id, string Content, string Given, string Suggested, double Score, bool Flagged, ImmutableSortedDictionary<string, string?> Cells);
