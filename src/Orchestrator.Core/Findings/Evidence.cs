using System.Collections.Immutable;

namespace Orchestrator.Core.Findings;

/// <summary>One number behind a finding, with the rows that it blames.</summary>
/// <param name="Name">Series as in rules, such as <c>data_label_error_ratio{dataset="digits-train"}</c>.</param>
/// <param name="Rows">Rows it was measured on.</param>
/// <param name="RowIds">Ids of the rows to blame, worst first; empty where the number is of the whole.</param>
public sealed record Evidence(string Name, double Value, long Rows, ImmutableArray<string> RowIds);

/// <summary>The segment of rows that the evidence blames.</summary>
/// <param name="Predicate">The rows, such as <c>ink = 'q4'</c>.</param>
/// <param name="Rows">Rows of the dataset in the segment.</param>
/// <param name="BlamedRows">Rows of the segment that the evidence names.</param>
/// <param name="Effect">Share of blamed rows inside minus the share outside.</param>
/// <param name="PValue">Probability of an effect this large by chance, corrected for the number of segments looked at.</param>
public sealed record BlamedSegment(string Predicate, long Rows, long BlamedRows, double Effect, double PValue);
