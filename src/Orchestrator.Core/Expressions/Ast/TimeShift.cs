namespace Orchestrator.Core.Expressions.Ast;

/// <summary>What an <c>@</c> modifier names.</summary>
public enum AtKind
{
    None,
    Instant,
    Start,
    End,
}

/// <summary>Where in time a selector looks: an instant instead of the evaluation's, and an offset back from it.</summary>
/// <param name="Offset">Microseconds back in time; negative ones look forward.</param>
/// <param name="AtTime">Microseconds since the epoch, for <see cref="AtKind.Instant"/>.</param>
public readonly record struct TimeShift(long Offset, AtKind At = AtKind.None, long AtTime = 0)
{
    public bool IsNone => Offset == 0 && At == AtKind.None;
}
