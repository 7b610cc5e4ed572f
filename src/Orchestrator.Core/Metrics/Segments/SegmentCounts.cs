namespace Orchestrator.Core.Metrics.Segments;

/// <summary>Rows of one value of a segment, and how many of them are bad (mislabelled, misclassified).</summary>
public sealed record SegmentCounts(string Segment, string Value, long Rows, long Bad);
