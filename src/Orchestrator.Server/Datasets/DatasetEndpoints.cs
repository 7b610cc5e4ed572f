using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Storage;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Datasets;

/// <summary>Datasets that are kept by versions or only measured.</summary>
internal static class DatasetEndpoints
{
    public static void MapDatasets(this IEndpointRouteBuilder routes)
    {
        var datasets = routes.MapGroup("/api/datasets").WithTags("datasets");
        datasets.MapGet("/", List).Needs(Role.Viewer, About.Shown).WithSummary("Datasets that have a version, each with the current one, and those that are only measured.");
        datasets.MapGet("/{name}", Show).Needs(Role.Viewer, About.Dataset).WithSummary("One dataset: its versions with their manifests, newest first, and what was current when.");
        datasets.MapRows();
        datasets.MapDrift();
        datasets.MapMaps();
        datasets.MapPredictions();
    }

    private static Ok<List<DatasetLine>> List(Node node, ClaimsPrincipal user)
    {
        var measured = (node.Revisions.Current?.Monitors ?? []).SelectMany(monitor => monitor.Datasets).Select(dataset => dataset.Name);
        return TypedResults.Ok(node.Database.Read(connection => DatasetVersionStore.Datasets(connection).Union(measured, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Where(name => user.Actor().May(Role.Viewer, Subjects.OfDataset(node, name)))
            .Select(name => DatasetLine.Of(DatasetVersionStore.Current(connection, name), name)).ToList()));
    }

    /// <summary>What is only measured has no versions, and its drift is shown all the same.</summary>
    private static Results<Ok<DatasetShown>, ProblemHttpResult> Show(string name, Node node)
    {
        var shown = node.Database.Read(connection => new DatasetShown(
            name,
            DatasetVersionStore.Current(connection, name)?.Id,
            DatasetVersionStore.List(connection, name),
            DatasetVersionStore.History(connection, name)));
        return shown.Versions.Count > 0 || node.Revisions.Current?.Dataset(name) is not null ? TypedResults.Ok(shown) : Problems.NotFound("dataset with a version", name, "/api/datasets");
    }
}

/// <summary>A dataset as one line of a list; all but its name are absent where no version is current.</summary>
public sealed record DatasetLine(string Dataset, string? Version, int? Number, long? Rows, VersionChanges? Changes, DateTimeOffset? CreatedAt)
{
    internal static DatasetLine Of(DatasetVersion? current, string name) =>
        new(name, current?.Id, current?.Number, current?.Manifest.Rows, current?.Manifest.Changes, current?.CreatedAt);
}

/// <summary>A dataset with its versions and what was current when.</summary>
public sealed record DatasetShown(string Dataset, string? Current, IReadOnlyList<DatasetVersion> Versions, IReadOnlyList<DatasetMove> History);
