using System.Collections.Immutable;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Workflows;

namespace Orchestrator.Runtime.Workflows;

/// <summary>What may be saved: a draft may be unfinished, but what can never run here may not get in; what is published has to run.</summary>
internal static class DraftCheck
{
    private const string Code = "FLOW010";

    /// <summary>Code, unknown activities, unknown versions, unknown expressions.</summary>
    private static readonly string[] NeverRuns = [Code, "FLOW007", "FLOW008", "FLOW016"];

    /// <summary>The definition, and why it cannot be saved, one sentence each.</summary>
    /// <param name="before">The text before; what it has already is kept as it stands.</param>
    public static (WorkflowDefinition? Definition, ImmutableArray<string> Problems) Read(DefinitionSave save, string? before)
    {
        var (definition, diagnostics) = WorkflowDefinition.Read("", save.Body);
        var errors = diagnostics.Where(diagnostic => diagnostic.Severity == Severity.Error).ToList();
        if (definition is null || save.Publish)
        {
            return (definition, [.. errors.Select(Sentence).Distinct()]);
        }

        var known = before is null ? [] : WorkflowDefinition.Read("", before).Diagnostics.Select(Sentence).ToHashSet(StringComparer.Ordinal);
        string[] refused = save.IsImport ? [Code] : NeverRuns;
        return (definition, [.. errors.Where(error => refused.Contains(error.Code) && !known.Contains(Sentence(error))).Select(Sentence).Distinct()]);
    }

    private static string Sentence(Diagnostic diagnostic)
    {
        // "known: …" lists the whole catalogue, which is no help in a message on the canvas.
        var allowed = diagnostic.Allowed is { Length: > 0 and < 120 } text ? $"; {text}" : "";
        var nearest = diagnostic.Nearest is { } near ? $"; did you mean {near}?" : "";
        return $"{char.ToUpperInvariant(diagnostic.Text[0])}{diagnostic.Text[1..]}{allowed}{nearest}";
    }
}
