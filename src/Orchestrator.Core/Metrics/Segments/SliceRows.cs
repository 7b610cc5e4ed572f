using System.Collections.Immutable;

namespace Orchestrator.Core.Metrics.Segments;

/// <summary>Rows as the search for segments sees them: a code for each dimension, and whether the row is bad (mislabelled, misclassified).</summary>
/// <param name="Dimensions">Ways in which rows fall into parts; a segment has at most one condition of each.</param>
public sealed record SliceRows(ImmutableArray<SliceDimension> Dimensions, bool[] Bad)
{
    public int Count => Bad.Length;
}

/// <summary>One way in which rows fall into parts.</summary>
/// <param name="Predicates">What selects each part, such as <c>ink = 'q4'</c>; code 1 is the first.</param>
/// <param name="Codes">The part of each row; 0 where it falls into none.</param>
public sealed record SliceDimension(ImmutableArray<string> Predicates, byte[] Codes)
{
    /// <summary>Parts that a code has room for.</summary>
    public const int MostParts = byte.MaxValue;
}
