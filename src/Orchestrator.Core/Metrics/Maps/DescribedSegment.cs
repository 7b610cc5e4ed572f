namespace Orchestrator.Core.Metrics.Maps;

/// <summary>A segment in place of rows that somebody picked.</summary>
/// <param name="Predicate">Conditions on columns, joined by <c>and</c>.</param>
/// <param name="Rows">Rows of the segment.</param>
/// <param name="Picked">Those of them that were picked.</param>
/// <param name="Precision">Share of the segment's rows that were picked.</param>
/// <param name="Recall">Share of the picked rows that lie in the segment.</param>
public sealed record DescribedSegment(string Predicate, int Rows, int Picked, double Precision, double Recall)
{
    /// <summary>Harmonic mean of precision and recall.</summary>
    public double Agreement => Picked == 0 ? 0 : 2 * Precision * Recall / (Precision + Recall);
}
