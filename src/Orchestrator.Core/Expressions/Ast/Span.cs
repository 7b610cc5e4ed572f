namespace Orchestrator.Core.Expressions.Ast;

/// <summary>A part of an expression's text, in UTF-16 code units.</summary>
public readonly record struct Span(int Offset, int Length)
{
    public int End => Offset + Length;

    /// <summary>From the start of one part to the end of another.</summary>
    public static Span Between(Span first, Span last) => new(first.Offset, last.End - first.Offset);
}
