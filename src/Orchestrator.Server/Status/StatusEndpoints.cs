using System.Security.Claims;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Findings;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Labeling;
using Orchestrator.Runtime.Storage;
using Orchestrator.Core.Monitors;
using Orchestrator.Server.Access;
using Orchestrator.Server.Effects;

namespace Orchestrator.Server.Status;

/// <summary>How things stand, in numbers and as a page.</summary>
internal static class StatusEndpoints
{
    public static void MapStatus(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/status", (Database database, Clocks clocks, Node node, ClaimsPrincipal user, IServiceProvider parts) => TypedResults.Ok(database.Read(connection => new Standing(
                typeof(StatusEndpoints).Assembly.GetName().Version!.ToString(3),
                clocks.Now,
                KillSwitch.IsOn(connection),
                FindingStore.CountOpen(connection, user.Actor().OnlyModels),
                FixStore.Count(connection, user.Actor().OnlyModels).Open,
                FixStore.Count(connection, user.Actor().OnlyModels).Waiting,
                LabelStore.Queues(connection, user.Actor().OnlyModels).Where(queue => queue.State == "open").Sum(queue => queue.Open),
                user.Actor().May(Role.Viewer) ? EffectStore.CountParked(connection) : 0,
                BusOf(node, parts)))))
            .Needs(Role.Viewer, About.Shown).WithTags("status").WithSummary("How things stand, in numbers.");
    }

    /// <summary>A server that only answers has no bus.</summary>
    private static BusStanding? BusOf(Node node, IServiceProvider parts) => parts.GetService<EffectAnnouncer>() is { } announcer
        ? new BusStanding(node.Options.Operator.Transport is Transport.RabbitMq ? "rabbitmq" : "in_memory", !announcer.IsCutOff)
        : null;
}

/// <summary>How things stand.</summary>
/// <param name="Now">The domain clock, which a played story moves.</param>
/// <param name="FixesWaiting">Fixes that wait for a person's word.</param>
public sealed record Standing(
    string Version, DateTimeOffset Now, bool KillSwitch, int OpenFindings, int OpenFixes, int FixesWaiting, int OpenLabelTasks, int ParkedWork, BusStanding? Bus);

/// <summary>The bus that wakes workers.</summary>
/// <param name="Reached">Whether it took the last message; while it takes none, the workers go on without it.</param>
public sealed record BusStanding(string Transport, bool Reached);
