using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Keys;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Datasets;

/// <summary>Rows of versions to be looked at, and what is other in one version than in another.</summary>
internal static class RowEndpoints
{
    public static void MapRows(this RouteGroupBuilder datasets)
    {
        datasets.MapGet("/{name}/rows", Rows).Needs(Role.Viewer, About.Dataset)
            .WithSummary($"Rows of a version, or of the current one, from the one with the number offset on; at most {Pages.MostRows}. Of long cells the beginning is shown.");
        datasets.MapGet("/{name}/difference", Differ).Needs(Role.Viewer, About.Dataset)
            .WithSummary($"What happened to rows between two versions, one entry a row, from the entry with the number offset on; at most {Pages.MostRows}.");
    }

    private static Results<Ok<VersionPage>, ProblemHttpResult> Rows(string name, string? version, long? offset, int? limit, Node node, CancellationToken cancellation)
    {
        var span = Pages.Span(offset, limit);
        return (version is null ? node.Versions.Current(name) : node.Versions.Find(name, version)) is { } found
            ? TypedResults.Ok(node.Versions.Pages.Read(found, span, cancellation))
            : NoVersion(name, version);
    }

    private static Results<Ok<ChangedRows>, ProblemHttpResult> Differ(
        string name, string from, string to, [AsParameters] SpanWish wish, Node node, CancellationToken cancellation)
    {
        var span = Pages.Span(wish.Offset, wish.Limit);
        var (before, after) = (node.Versions.Find(name, from), node.Versions.Find(name, to));
        return before is null || after is null ? NoVersion(name, before is null ? from : to) : TypedResults.Ok(node.Versions.Comparison.Read(before, after, span, cancellation));
    }

    private static ProblemHttpResult NoVersion(string name, string? version) => Problems.NotFound("version", version is null ? $"of {name}" : $"{version} of {name}", $"/api/datasets/{name}");
}

/// <summary>Which entries of a list are asked for.</summary>
/// <param name="Offset">The number of the first, from 0.</param>
internal sealed record SpanWish(long? Offset, int? Limit);
