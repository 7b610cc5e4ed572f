using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Monitors;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Monitors;

/// <summary>Monitors in force, and measuring out of their turn.</summary>
internal static class MonitorEndpoints
{
    public static void MapMonitors(this IEndpointRouteBuilder routes)
    {
        var monitors = routes.MapGroup("/api/monitors").WithTags("monitors");
        monitors.MapGet("/", List).Needs(Role.Viewer, About.Shown).WithSummary("Monitors of the revision in force, each with its last run.");
        monitors.MapPost("/{name}/measure", MeasureAsync).Needs(Role.Author, About.Monitor)
            .WithSummary("Measures now, or as of an instant, and says which alerts would hold; findings and fixes are left to the schedule.");
    }

    private static Ok<List<MonitorLine>> List(Node node, ClaimsPrincipal user)
    {
        var monitors = (node.Revisions.Current?.Monitors ?? []).Where(monitor => user.Actor().Sees(monitor.Model)).ToList();
        return TypedResults.Ok(node.Database.Read(connection =>
            monitors.Select(monitor => MonitorLine.Of(monitor, FiringStore.Last(connection, monitor.Name), node.Clocks.Now)).ToList()));
    }

    private static async Task<Results<Ok<Measured>, ProblemHttpResult>> MeasureAsync(
        string name, MeasureWish wish, Measuring measuring, ClaimsPrincipal user, CancellationToken cancellation) =>
        measuring.Find(name) is { } monitor
            ? TypedResults.Ok((await measuring.RunAsync(monitor, wish.At, user.Actor().Name, cancellation)).SeenBy(user.Actor()))
            : Problems.NotFound("monitor in force", name, "/api/monitors");
}

/// <summary>A monitor as one line of a list.</summary>
/// <param name="Problems">What its last run could not measure, one line each.</param>
public sealed record MonitorLine(
    string Monitor, string? Model, ImmutableArray<string> Datasets, DateTimeOffset? LastRun, bool Running, ImmutableArray<string> Problems, DateTimeOffset? NextRun)
{
    internal static MonitorLine Of(MonitorFile monitor, Firing? last, DateTimeOffset now) => new(
        monitor.Name, monitor.Model, [.. monitor.Datasets.Select(dataset => dataset.Name)], last?.ScheduledAt, last is { EndedAt: null },
        last?.Problems ?? [], monitor.Schedule.Next(now));
}

/// <summary>The wish to measure out of turn.</summary>
/// <param name="At">The instant to measure as of; now where absent.</param>
public sealed record MeasureWish(DateTimeOffset? At = null);
