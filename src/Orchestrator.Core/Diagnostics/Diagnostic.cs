namespace Orchestrator.Core.Diagnostics;

/// <summary>How much a diagnostic matters: an error keeps a revision out, a warning does not.</summary>
public enum Severity
{
    Warning,
    Error,
}

/// <summary>Something wrong in an authored file, with its place; collected and shown, never thrown.</summary>
/// <param name="Path">File as its author names it, relative to the rules source.</param>
/// <param name="Line">1-based line.</param>
/// <param name="Column">1-based column, counted in UTF-16 code units.</param>
/// <param name="Code">Stable identifier, such as <c>RULE012</c>.</param>
/// <param name="Text">What is wrong, in the author's words.</param>
/// <param name="Allowed">What is allowed instead.</param>
/// <param name="Nearest">The nearest fix, where there is one.</param>
public sealed record Diagnostic(
    string Path, int Line, int Column, string Code, Severity Severity, string Text, string? Allowed = null, string? Nearest = null)
{
    /// <summary><c>path:line:col: CODE text; what is allowed; nearest fix</c> on one line.</summary>
    public override string ToString()
    {
        var allowed = Allowed is null ? "" : $"; {Allowed}";
        var nearest = Nearest is null ? "" : $"; did you mean {Nearest}?";
        return $"{Path}:{Line}:{Column}: {Code} {Text}{allowed}{nearest}";
    }
}
