using System.Collections.Immutable;

namespace Orchestrator.Core.Metrics.Segments;

/// <summary>Which segments are searched, how small one may be, and how many false ones are accepted among those found.</summary>
/// <param name="MinimumRows">Rows inside, and rows outside.</param>
/// <param name="FalseDiscoveryRate">By Benjamini and Hochberg over all segments that were looked at.</param>
/// <param name="Depth">Conditions that one segment may have, 1 to 3.</param>
/// <param name="AllFeatures">Whether every feature with few values or of numbers is searched beside the segments that the monitor declares.</param>
/// <param name="By">The metrics whose bad rows are searched; empty for all that the dataset gives.</param>
public sealed record SegmentSearchOptions(int MinimumRows, double FalseDiscoveryRate, int Depth, bool AllFeatures, ImmutableArray<string> By)
{
    public static readonly SegmentSearchOptions Default = new(30, 0.05, 2, false, []);

    public bool Wants(string metric) => By.IsEmpty || By.Contains(metric);
}
