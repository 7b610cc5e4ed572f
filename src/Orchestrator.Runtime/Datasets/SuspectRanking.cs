using Orchestrator.Core.Metrics;
using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Core.Metrics.Segments;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Datasets;

/// <summary>The labelled rows of a dataset version by how likely their label is wrong.</summary>
/// <param name="All">Every labelled row.</param>
/// <param name="Inside">Ids of the rows in the segment that was asked for; of all rows where none was.</param>
public sealed record RankedSuspects(LabelErrorReport All, IReadOnlySet<string> Inside)
{
    /// <summary>What people may be asked about, the most suspect first.</summary>
    public IEnumerable<Suspect> Candidates => All.Within(int.MaxValue).Where(suspect => Inside.Contains(suspect.Id));
}

/// <summary>Ranks the rows of a dataset version as the monitor's metric does; those of a segment in doubt by the rows outside of it.</summary>
public sealed class SuspectRanking(DatasetVersions versions)
{
    /// <summary>Throws <see cref="DatasetException"/> where no label can be told from another, or no row lies in the segment.</summary>
    public async Task<RankedSuspects> RankAsync(OpenedDataset opened, DatasetVersion version, (string? Segment, RankingMethod Method) by, CancellationToken cancellation)
    {
        if (opened.Model?.Task is ModelTask.Regression)
        {
            throw new DatasetException($"the labels of {version.Dataset} are numbers: wrong labels are searched for among classes only");
        }

        var shape = opened.Prepared.Matured;
        var loaded = LoadedRows.Load(opened.Connection, shape);
        if (loaded.Rows.Labels.Distinct().Count() < 2)
        {
            throw new DatasetException($"the labelled rows of {version.Dataset} are of fewer than two classes: no label can be told from another");
        }

        var confirmed = (await versions.ConfirmedAsync(version, VersionSource.LabelSetOf(opened.Model), cancellation))
            .Among(opened.Connection, opened.Prepared, loaded.Rows.Ids);
        var inside = Inside(opened, loaded, by.Segment);
        var rows = CanBeJudgedFromOutside(loaded.Rows, inside) ? loaded.Rows with { Doubted = [.. loaded.Rows.Ids.Select(inside.Contains)] } : loaded.Rows;
        return new(LabelErrorReport.Of(rows, shape.Classes, confirmed, (by.Method, new NeighbourOptions())), inside);
    }

    /// <summary>Whether most rows of each class lie outside: where a segment holds nearly all of a class, nobody else knows it.</summary>
    private static bool CanBeJudgedFromOutside(LabelledRows rows, HashSet<string> inside) =>
        rows.Ids.Zip(rows.Labels).GroupBy(row => row.Second).All(group => 2 * group.Count(row => inside.Contains(row.First)) <= group.Count());

    private static HashSet<string> Inside(OpenedDataset opened, LoadedRows loaded, string? segment)
    {
        if (segment is null)
        {
            return loaded.Rows.Ids.ToHashSet(StringComparer.Ordinal);
        }

        var inside = SegmentMembers.Of(opened, segment);
        inside.IntersectWith(loaded.Rows.Ids);
        return inside.Count > 0 ? inside : throw new DatasetException($"no row lies in the segment {segment}; there are {Known(loaded, opened.Prepared.Matured)}");
    }

    private static string Known(LoadedRows loaded, RelationShape shape)
    {
        const int shown = 20;
        var parts = loaded.Segments.SelectMany(names => names).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Concat(shape.Slices.Select(slice => $"{slice} = …"));
        return $"{string.Join(", ", parts.Take(shown))}, and conditions joined by \"{SegmentPredicate.And.Trim()}\"";
    }
}
