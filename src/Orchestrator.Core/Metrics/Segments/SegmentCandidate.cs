namespace Orchestrator.Core.Metrics.Segments;

/// <summary>A segment that is significantly worse than the rest of the rows.</summary>
/// <param name="Predicate">What selects its rows, such as <c>ink = 'q4'</c> or <c>work = 'self' and sex = 'male'</c>.</param>
/// <param name="Rows">Rows of the segment.</param>
/// <param name="Bad">Bad rows of the segment.</param>
/// <param name="Effect">Share of bad rows inside minus share of bad rows outside.</param>
/// <param name="ExcessBad">Bad rows beyond those it would hold at the outside share; the ranking goes by it.</param>
/// <param name="PValue">Fisher's exact test, two-sided.</param>
/// <param name="QValue">The same after Benjamini and Hochberg over all tested segments.</param>
public sealed record SegmentCandidate(string Predicate, long Rows, long Bad, double Effect, double ExcessBad, double PValue, double QValue);
