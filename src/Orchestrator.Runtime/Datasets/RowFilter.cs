using System.Collections.Immutable;

namespace Orchestrator.Runtime.Datasets;

/// <summary>A condition on the rows of a version.</summary>
/// <param name="Sql">Holds no text of whoever asked; question marks stand for the values.</param>
public sealed record RowFilter(string Sql, ImmutableArray<object> Values);
