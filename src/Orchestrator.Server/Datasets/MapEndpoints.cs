using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Datasets.Maps;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Monitors;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Datasets;

/// <summary>Rows laid out in a plane, and what rows that somebody picks there have in common.</summary>
internal static class MapEndpoints
{
    /// <summary>Ids of 200 bytes for each row of a map.</summary>
    private const int LargestSelection = 1024 * 1024;

    public static void MapMaps(this RouteGroupBuilder datasets)
    {
        datasets.MapGet("/{name}/map", ReadAsync).Needs(Role.Viewer, About.Dataset)
            .WithSummary($"At most {RowMaps.MostRows} rows in a plane, chosen by a hash of their ids: of a version, or of the last measurement where the dataset has none; nothing where it was not measured yet. The axes are columns of numbers, or the first two principal components of the features.");
        datasets.MapGet("/{name}/map/row", RowAsync).Needs(Role.Viewer, About.Dataset).WithSummary("A row of a map with its features.");
        datasets.MapPost("/{name}/map/selection", PickAsync).Needs(Role.Viewer, About.Dataset).WithMetadata(new RequestSizeLimitAttribute(LargestSelection))
            .WithSummary("What rows that were picked on a map have in common, against the others on it: classes, errors, and the segments that describe them best. Nothing is changed.");
    }

    private static async Task<Results<Ok<RowMap>, NoContent, ProblemHttpResult>> ReadAsync(string name, string? version, [AsParameters] AxesWish axes, Node node, CancellationToken cancellation)
    {
        var (wish, problem) = Wish(node, name, new MapAsked(version, null));
        if (wish is null)
        {
            return problem is null ? TypedResults.NoContent() : problem;
        }

        return await RowReading.TryAsync(name, () => node.Maps.ReadAsync(wish, new MapAxes(axes.X, axes.Y), cancellation)) switch
        {
            (_, { } refused) => refused,
            ({ } map, _) => TypedResults.Ok(map),
            _ => Problems.Refuse(400, $"\"{axes.X ?? axes.Y}\" and \"{axes.Y ?? axes.X}\" are not both columns of numbers.", "A map without x and y lists the columns of numbers."),
        };
    }

    private static async Task<Results<Ok<MapRow>, ProblemHttpResult>> RowAsync(string name, string key, [AsParameters] MapAsked of, Node node, CancellationToken cancellation)
    {
        var (wish, problem) = Wish(node, name, of);
        if (wish is null)
        {
            return problem ?? Unmeasured(name);
        }

        return await RowReading.TryAsync(name, () => node.Maps.RowAsync(wish, key, cancellation)) switch
        {
            (_, { } refused) => refused,
            ({ } row, _) => TypedResults.Ok(row),
            _ => Problems.NotFound("row on the map", key, $"/api/datasets/{name}/map"),
        };
    }

    private static async Task<Results<Ok<PickedRows>, ProblemHttpResult>> PickAsync(string name, RowPicking picking, Node node, CancellationToken cancellation)
    {
        if (picking.Keys.IsDefaultOrEmpty || picking.Keys.Length > RowMaps.MostRows)
        {
            return Problems.Refuse(400, $"{(picking.Keys.IsDefault ? 0 : picking.Keys.Length)} rows were picked.", $"Pick 1 to {RowMaps.MostRows}: send their keys.");
        }

        var (wish, problem) = Wish(node, name, new MapAsked(picking.Version, picking.At));
        if (wish is null)
        {
            return problem ?? Unmeasured(name);
        }

        return await RowReading.TryAsync(name, () => node.Maps.PickAsync(wish, picking.Keys, cancellation)) switch
        {
            (_, { } refused) => refused,
            ({ } picked, _) => TypedResults.Ok(picked),
            _ => Problems.Refuse(400, "Some of the picked rows are not on this map.", "Load the map anew and pick again."),
        };
    }

    /// <summary>Nothing, and no problem either, where the dataset was not measured yet.</summary>
    private static (MapWish? Wish, ProblemHttpResult? Problem) Wish(Node node, string name, MapAsked asked)
    {
        var version = asked.Version is null ? node.Versions.Current(name) : node.Versions.Find(name, asked.Version);
        if (version is not null)
        {
            return (new(name, version, node.Clocks.Now), null);
        }

        if (asked.Version is not null || node.Revisions.Current?.Dataset(name) is not var (monitor, _))
        {
            return (null, Problems.NotFound(asked.Version is null ? "dataset" : "version", asked.Version is null ? name : $"{asked.Version} of {name}", "/api/datasets"));
        }

        var last = node.Database.Read(connection => FiringStore.Last(connection, monitor.Name))?.ScheduledAt;
        return last is null ? (null, null)
            : asked.At is null || asked.At == last ? (new(name, null, last.Value), null)
            : (null, Problems.Refuse(409, $"{name} was measured again meanwhile: the rows of {asked.At:O} are not those of now.", "Load the map anew and pick again."));
    }

    private static ProblemHttpResult Unmeasured(string name) => Problems.Refuse(409, $"{name} was not measured yet.", "Its rows are there after the next measurement.");
}

/// <summary>The columns of numbers that axes are asked to be.</summary>
internal sealed record AxesWish([FromQuery(Name = "x")] string? X, [FromQuery(Name = "y")] string? Y);

/// <summary>Which map is meant.</summary>
/// <param name="Version">The current one where it is absent.</param>
/// <param name="At">The measurement that a map said it shows.</param>
internal sealed record MapAsked([FromQuery(Name = "version")] string? Version, [FromQuery(Name = "at")] DateTimeOffset? At);

/// <summary>Rows picked on a map.</summary>
/// <param name="Keys">Of each row its key.</param>
public sealed record RowPicking(ImmutableArray<string> Keys)
{
    /// <summary>The version that the map showed.</summary>
    public string? Version { get; init; }

    /// <summary>Or the measurement, where it said one.</summary>
    public DateTimeOffset? At { get; init; }
}
