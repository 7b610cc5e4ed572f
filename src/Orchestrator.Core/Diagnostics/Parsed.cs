using System.Collections.Immutable;

namespace Orchestrator.Core.Diagnostics;

/// <summary>What reading an authored file gave: its value, absent if there is any error, and everything there is to say about it.</summary>
public sealed record Parsed<T>(T? Value, ImmutableArray<Diagnostic> Diagnostics)
    where T : class
{
    public bool HasErrors => Diagnostics.Any(diagnostic => diagnostic.Severity == Severity.Error);
}
