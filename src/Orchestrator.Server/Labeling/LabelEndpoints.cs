using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Labeling;
using Orchestrator.Runtime.Storage;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Labeling;

/// <summary>Label queues and their tasks.</summary>
internal static class LabelEndpoints
{
    public static void MapLabels(this IEndpointRouteBuilder routes)
    {
        var labels = routes.MapGroup("/api/labels").WithTags("labels");
        labels.MapGet("/queues", (Database database) => TypedResults.Ok(database.Read(LabelStore.Queues)))
            .Needs(Role.Viewer).WithSummary("Label queues, newest first.");
        labels.MapGet("/queues/{id}", Show).Needs(Role.Viewer).WithSummary("One queue with its tasks.");
        labels.MapGet("/next", Next).Needs(Role.Labeler).WithSummary("The tasks to answer next, most suspicious first.");
    }

    private static Results<Ok<QueueShown>, ProblemHttpResult> Show(string id, Database database) =>
        database.Read(connection => LabelStore.FindQueue(connection, id) is { } queue ? new QueueShown(queue, LabelStore.Tasks(connection, id)) : null) is { } shown
            ? TypedResults.Ok(shown)
            : Problems.NotFound("label queue", id, "/api/labels/queues");

    private static Ok<IReadOnlyList<LabelTask>> Next(Database database, string? queue, int? limit) =>
        TypedResults.Ok(database.Read(connection => LabelStore.NextTasks(connection, queue, Pages.Limit(limit))));
}

/// <summary>A label queue with its tasks.</summary>
public sealed record QueueShown(LabelQueue Queue, IReadOnlyList<LabelTask> Tasks);
