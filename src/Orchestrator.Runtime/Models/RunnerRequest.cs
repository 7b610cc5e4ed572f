using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Models;

/// <summary>What a command is asked for: the content of its <c>request.json</c>.</summary>
/// <param name="Contract">Version of this shape.</param>
/// <param name="Task"><c>train</c> or <c>score</c>.</param>
/// <param name="Folder">Where it writes, also what its answer names.</param>
/// <param name="Result">The file in which it answers.</param>
internal sealed record RunnerRequest(int Contract, string Task, string Model, Predicted Predicts, HandedFile Rows, HandedRoles Roles, string Folder, string Result)
{
    public const string File = "request.json";

    public const string Answer = "result.json";

    public string? Dataset { get; init; }

    public string? DatasetVersion { get; init; }

    public ImmutableSortedDictionary<string, JsonElement>? Parameters { get; init; }

    /// <summary>The version that is to score.</summary>
    public string? Version { get; init; }

    /// <summary>Its artifact, as the training wrote it.</summary>
    public string? Artifact { get; init; }

    public static RunnerRequest Of(string task, ModelFile model, RowsFile rows, string folder) => new(
        1, task, model.Name, Predicted.Of(model.Task), new(rows.Path, rows.Format, rows.Count), rows.Roles, folder, System.IO.Path.Combine(folder, Answer));
}

/// <summary>A file of rows.</summary>
internal sealed record HandedFile(string Path, RowFormat Format, int Count);

/// <summary>What the model predicts, as its file says.</summary>
/// <param name="Type"><c>binary</c>, <c>multiclass</c> or <c>regression</c>.</param>
internal sealed record Predicted(string Type, string? Positive, double? Threshold, ImmutableArray<string>? Classes)
{
    public static Predicted Of(ModelTask task) => task switch
    {
        ModelTask.Binary binary => new("binary", binary.Positive, binary.Threshold, null),
        ModelTask.Multiclass classes => new("multiclass", null, null, classes.Classes),
        ModelTask.Regression => new("regression", null, null, null),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
