namespace Orchestrator.Core.Expressions;

/// <summary>What is wrong with an expression, and where in its text.</summary>
/// <param name="Offset">0-based, in UTF-16 code units.</param>
/// <param name="Length">Length of the part that is wrong; 0 at the end of the text.</param>
/// <param name="Code">Stable identifier, such as <c>EXPR003</c>; see <see cref="ExpressionCodes"/>.</param>
/// <param name="Text">What is wrong, in the author's words.</param>
/// <param name="Allowed">What is allowed instead.</param>
/// <param name="Nearest">The nearest fix, where there is one.</param>
public sealed record ExpressionError(int Offset, int Length, string Code, string Text, string? Allowed = null, string? Nearest = null)
{
    public override string ToString()
    {
        var allowed = Allowed is null ? "" : $"; {Allowed}";
        var nearest = Nearest is null ? "" : $"; did you mean {Nearest}?";
        return $"{Offset}: {Code} {Text}{allowed}{nearest}";
    }
}
