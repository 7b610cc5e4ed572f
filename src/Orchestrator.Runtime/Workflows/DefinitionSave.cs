using System.Collections.Immutable;

namespace Orchestrator.Runtime.Workflows;

/// <summary>A person's wish to save a definition.</summary>
/// <param name="DefinitionId">Empty for a new one.</param>
/// <param name="VersionId">The version that the person has open; null for a new definition.</param>
public sealed record DefinitionSave(string DefinitionId, string? VersionId, string Body, bool Publish, string By)
{
    /// <summary>Whether it was made elsewhere: activities that are not known here are kept then.</summary>
    public bool IsImport { get; init; }
}

/// <summary>What became of a wish to save.</summary>
public abstract record SaveOutcome
{
    private SaveOutcome()
    {
    }

    /// <param name="Changed">False where the version said the same before.</param>
    public sealed record Saved(DefinitionVersion Version, bool Changed = true) : SaveOutcome;

    /// <summary>A scratch went where it was meant to go.</summary>
    /// <param name="Version">What is to be seen now.</param>
    /// <param name="Told">What became of it, in words.</param>
    public sealed record Submitted(DefinitionVersion Version, string Told) : SaveOutcome;

    /// <summary>Nothing changed; what was sent is kept.</summary>
    /// <param name="KeptDraft">The kept draft's id; null where there was nothing to keep.</param>
    public sealed record Refused(string Reason, string Next, string? KeptDraft) : SaveOutcome;

    /// <summary>It cannot be saved as it is.</summary>
    public sealed record Invalid(ImmutableArray<string> Problems) : SaveOutcome;
}
