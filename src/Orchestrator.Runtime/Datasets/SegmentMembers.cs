using Orchestrator.Core.Metrics;
using Orchestrator.Core.Metrics.Segments;

namespace Orchestrator.Runtime.Datasets;

/// <summary>The rows of a segment, by id.</summary>
internal static class SegmentMembers
{
    /// <param name="segment">Conditions joined by <c>and</c>; nothing lies in one of a dimension that the dataset does not have.</param>
    public static HashSet<string> Of(OpenedDataset opened, string segment)
    {
        var shape = opened.Prepared.Matured;
        var ids = SegmentPredicate.Sql(shape, segment) is { } holds
            ? opened.Connection.Query($"select {Sql.Name(RelationShape.Id)} from {Sql.Name(shape.Table)} where {holds}", reader => reader.GetString(0))
            : [];
        return ids.ToHashSet(StringComparer.Ordinal);
    }
}
