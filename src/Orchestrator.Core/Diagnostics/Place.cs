namespace Orchestrator.Core.Diagnostics;

/// <summary>A position in an authored file: 1-based line and column, the column in UTF-16 code units.</summary>
public readonly record struct Place(int Line, int Column)
{
    public static readonly Place Start = new(1, 1);
}
