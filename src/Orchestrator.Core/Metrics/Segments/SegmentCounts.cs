namespace Orchestrator.Core.Metrics.Segments;

/// <summary>Rows of one segment, and how many of them are bad (mislabelled, misclassified).</summary>
public sealed record SegmentCounts(string Predicate, long Rows, long Bad);
