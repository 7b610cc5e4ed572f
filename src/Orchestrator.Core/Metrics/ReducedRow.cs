namespace Orchestrator.Core.Metrics;

/// <summary>One row of what SQL reduced the data to; the meaning of its parts is the reduction's own.</summary>
/// <param name="Scope">Empty for all rows, else the predicate of a segment.</param>
public sealed record ReducedRow(string Scope, string Key, string Other, long Rows, double A, double B);
