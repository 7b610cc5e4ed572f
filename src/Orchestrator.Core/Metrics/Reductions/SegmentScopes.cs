using System.Collections.Immutable;

namespace Orchestrator.Core.Metrics.Reductions;

/// <summary>One way in which the rows of columns fall into scopes: all into one, or each into a part of a segment.</summary>
/// <param name="Names">The scopes, by code from 1.</param>
/// <param name="Codes">The scope of each row, 0 for none; null where all rows are in the first.</param>
internal sealed record SegmentScopes(ImmutableArray<string> Names, ushort[]? Codes)
{
    /// <summary>SQL of the codes, a column for each segment.</summary>
    public static IEnumerable<string> Columns(RelationShape shape) => shape.Segments.Select((_, i) => Sql.Code(RelationShape.Segment(i)));

    /// <summary>All rows, then the segments.</summary>
    /// <param name="codes">A column for each segment.</param>
    public static IEnumerable<SegmentScopes> Of(RelationShape shape, ImmutableArray<ushort[]> codes) =>
        [new SegmentScopes([""], null), .. shape.SegmentParts.Zip(codes, (parts, column) => new SegmentScopes(parts, column))];

    public int Of(int row) => Codes is null ? 1 : Codes[row];
}
