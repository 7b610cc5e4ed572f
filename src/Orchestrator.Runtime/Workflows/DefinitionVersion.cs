namespace Orchestrator.Runtime.Workflows;

/// <summary>Where a definition comes from, and hence what becomes of changes to it.</summary>
public enum DefinitionOrigin
{
    /// <summary>Made in the designer: a change is published.</summary>
    Own,

    /// <summary>From the rules source: a change is proposed to those who keep it.</summary>
    Authored,

    /// <summary>The plan of a fix: a change is submitted as the next plan.</summary>
    Fix,

    /// <summary>What an instance ran: it does not change any more.</summary>
    Run,
}

/// <summary>What a stored version is.</summary>
public enum VersionState
{
    Draft,
    Published,

    /// <summary>Was published before a later one, or was taken back.</summary>
    Retired,

    /// <summary>Being edited by whoever holds the edit lock; only that person sees it.</summary>
    Scratch,

    /// <summary>A scratch that became a plan or a proposal.</summary>
    Submitted,

    /// <summary>A scratch that was given up.</summary>
    Discarded,

    /// <summary>No longer listed; instances that ran it still show it.</summary>
    Deleted,
}

/// <summary>One version of a workflow definition.</summary>
/// <param name="Id">Names this version for ever.</param>
/// <param name="DefinitionId">The name that all versions share.</param>
/// <param name="Body">Elsa 3 JSON as it was read or saved.</param>
public sealed record DefinitionVersion(string Id, string DefinitionId, int Version, string Name, string Body, DateTimeOffset CreatedAt)
{
    public DefinitionOrigin Origin { get; init; }

    public VersionState State { get; init; } = VersionState.Published;

    public string Description { get; init; } = "";

    public bool IsLatest { get; init; } = true;

    public bool IsPublished => State == VersionState.Published;

    public bool IsScratch => State == VersionState.Scratch;

    /// <summary>Hash of the plan that a scratch was begun from; null where it was begun from no plan.</summary>
    public string? Base { get; init; }

    public string CreatedBy { get; init; } = "";

    public DateTimeOffset ChangedAt { get; init; } = CreatedAt;

    public string ChangedBy { get; init; } = "";
}
