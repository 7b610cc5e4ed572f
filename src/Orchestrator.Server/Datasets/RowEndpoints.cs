using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
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
            .WithSummary($"Rows of a version, or of the current one, from the one with the number offset on; at most {Pages.MostRows}; only those of a segment where one is named, such as kind = 'cat' and x = 'q4'. Of long cells the beginning is shown.");
        datasets.MapGet("/{name}/difference", Differ).Needs(Role.Viewer, About.Dataset)
            .WithSummary($"What happened to rows between two versions, one entry a row, from the entry with the number offset on; at most {Pages.MostRows}.");
    }

    private static Results<Ok<VersionPage>, ProblemHttpResult> Rows(string name, [AsParameters] RowsWish wish, Node node, CancellationToken cancellation)
    {
        var span = Pages.Span(wish.Offset, wish.Limit);
        if ((wish.Version is null ? node.Versions.Current(name) : node.Versions.Find(name, wish.Version)) is not { } found)
        {
            return NoVersion(name, wish.Version);
        }

        if (wish.Segment is not { } segment)
        {
            return TypedResults.Ok(node.Versions.Pages.Read(found, span, cancellation));
        }

        return node.Segments.Filter(found, segment) is { } filter
            ? TypedResults.Ok(node.Versions.Pages.Read(found, span, filter, cancellation))
            : Problems.Refuse(400, $"\"{(segment.Length > 200 ? segment[..200] : segment)}\" is no segment of {name}.", "A segment is up to 8 conditions joined by and, such as kind = 'cat' and x = 'q4', on segments of the monitor or columns of the version.");
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

/// <summary>Which rows of a version are asked for.</summary>
/// <param name="Version">The current one where it is absent.</param>
/// <param name="Segment">Conditions joined by <c>and</c>.</param>
/// <param name="Offset">The number of the first, from 0.</param>
internal sealed record RowsWish(
    [FromQuery(Name = "version")] string? Version, [FromQuery(Name = "segment")] string? Segment, [FromQuery(Name = "offset")] long? Offset, [FromQuery(Name = "limit")] int? Limit);

/// <summary>Which entries of a list are asked for.</summary>
/// <param name="Offset">The number of the first, from 0.</param>
internal sealed record SpanWish(long? Offset, int? Limit);
