using System.Collections.Immutable;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Datasets;

/// <summary>A dataset as metrics see it.</summary>
/// <param name="Source">The rows as they are stored.</param>
/// <param name="Current">Rows of the window that ends at the instant.</param>
/// <param name="Matured">Rows of the window that ends where labels have had their time to arrive; the same as <see cref="Current"/> where labels come with the rows.</param>
public sealed record PreparedDataset(DatasetSpec Spec, SourceTable Source, RelationShape Current, RelationShape Matured, ImmutableArray<SegmentSpec> Segments)
{
    /// <summary>The same with the rows that drift is measured against.</summary>
    public PreparedDataset Against(PreparedDataset? reference) => reference is null
        ? this
        : this with { Current = Against(Current, reference, reference.Current), Matured = Against(Matured, reference, reference.Matured) };

    private static RelationShape Against(RelationShape shape, PreparedDataset reference, RelationShape rows) =>
        shape with
        {
            Reference = new(reference.Spec.Name, rows),
            Roles = shape.Roles.Add("reference").Union(rows.Roles.Select(RelationShape.OfReference)),
        };
}
