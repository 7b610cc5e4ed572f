using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Models;

/// <summary>What a command is asked for: the content of its <c>request.json</c>.</summary>
/// <param name="Contract">Version of this shape.</param>
/// <param name="Task"><c>train</c>, <c>score</c>, or <c>cancel</c> of a training that goes on elsewhere.</param>
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

    /// <summary>How the command may answer that the work goes on elsewhere; null where it has to be done when the command ends.</summary>
    public HandedCallback? Callback { get; init; }

    /// <summary>Of a request to stop: what the command called the work that goes on elsewhere.</summary>
    public string? Running { get; init; }

    /// <summary>Its artifact, as the training wrote it.</summary>
    public string? Artifact { get; init; }

    public static RunnerRequest Of(string task, ModelFile model, RowsFile rows, string folder) => new(
        1, task, model.Name, Predicted.Of(model.Task), new(rows.Path, rows.Format, rows.Count), rows.Roles, folder, System.IO.Path.Combine(folder, Answer));
}

/// <summary>Where the end of work that goes on elsewhere is told.</summary>
/// <param name="Id">The same for every attempt at the same work; also the header <c>webhook-id</c>.</param>
/// <param name="Url">The whole address, where the operator's file states the public one; else <paramref name="Path"/> on this server.</param>
internal sealed record HandedCallback(string Id, string Path, string? Url);

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
