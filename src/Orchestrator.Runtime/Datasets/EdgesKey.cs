using Orchestrator.Core.Monitors;
using Orchestrator.Core.Series;

namespace Orchestrator.Runtime.Datasets;

/// <summary>What the edges between the quarters of a segment belong to, within one monitor.</summary>
/// <param name="Dataset">Whose rows give them.</param>
/// <param name="Definition">Hash of what the author says: another definition has other edges.</param>
public sealed record EdgesKey(string Dataset, string Segment, string Definition)
{
    public static EdgesKey Of(DatasetSpec dataset, SegmentSpec segment) =>
        new(dataset.Name, segment.Name, Digest.Of(string.Join('\n', "quartiles", segment.By.Column, Where(dataset.From))));

    private static string Where(DataLocation from) => from switch
    {
        DataLocation.Files files => $"{files.Connection}\n{files.Path}",
        DataLocation.Query query => $"{query.Connection}\n{query.Sql}",
        _ => "push",
    };
}
