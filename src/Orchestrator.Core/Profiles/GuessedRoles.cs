using System.Collections.Immutable;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Core.Profiles;

/// <summary>What the columns of a file are taken for, each with its reason.</summary>
/// <param name="Id">Null where no column names the rows.</param>
/// <param name="Segments">Columns with few values, by which rows are told apart.</param>
/// <param name="Ignored">Columns that tell a model nothing, or too much.</param>
/// <param name="Reasons">By role, why.</param>
/// <param name="Doubts">What a person should look at; empty where the guess is clear.</param>
public sealed record GuessedRoles(
    string? Id,
    string Label,
    string? Time,
    string? Text,
    ModelTask Task,
    ImmutableArray<string> Segments,
    ImmutableArray<(string Column, string Reason)> Ignored,
    ImmutableArray<(string Role, string Column, string Reason)> Reasons,
    ImmutableArray<string> Doubts)
{
    /// <summary>Labels of text and pictures are given by people; those of tables are observed.</summary>
    public LabelOrigin Origin => Text is null ? LabelOrigin.Observed : LabelOrigin.Human;
}

/// <summary>What came of guessing.</summary>
public abstract record GuessOutcome
{
    private GuessOutcome()
    {
    }

    public sealed record Guessed(GuessedRoles Roles) : GuessOutcome;

    /// <param name="Reason">Why, and what to say instead.</param>
    public sealed record Refused(string Reason) : GuessOutcome;
}
