using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Runtime;
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
        labels.MapGet("/queues", (Database database, ClaimsPrincipal user) => TypedResults.Ok(database.Read(connection => LabelStore.Queues(connection, user.Actor().OnlyModels))))
            .Needs(Role.Viewer, About.Shown).WithSummary("Label queues, newest first.");
        labels.MapGet("/queues/{id}", Show).Needs(Role.Viewer, About.Queue).WithSummary("One queue with its tasks, a page at a time: next says what to send as after.");
        labels.MapGet("/next", Next).Needs(Role.Labeler, About.Shown).WithSummary("The tasks that the caller may answer next, most suspicious first.");
        labels.MapPost("/answer", AnswerAsync).Needs(Role.Labeler, About.Shown).WithSummary("Answers a task; the same answer by the same person again changes nothing.");
        labels.MapPost("/answers", AnswerAllAsync).Needs(Role.Labeler, About.Shown).WithSummary("Answers many tasks; one that is refused keeps no other from being taken.");
        labels.MapPost("/skip", SkipAsync).Needs(Role.Labeler, About.Shown).WithSummary("Leaves a task without an answer.");
    }

    private static Results<Ok<QueueShown>, ProblemHttpResult> Show(string id, int? after, int? limit, Database database) =>
        database.Read(connection => LabelStore.FindQueue(connection, id) is { } queue
            ? QueueShown.Of(queue, LabelStore.TasksAfter(connection, id, after ?? int.MinValue, Pages.Limit(limit ?? Pages.Most) + 1), Pages.Limit(limit ?? Pages.Most))
            : null) is { } shown
            ? TypedResults.Ok(shown)
            : Problems.NotFound("label queue", id, "/api/labels/queues");

    private static Ok<IReadOnlyList<LabelTask>> Next(Database database, ClaimsPrincipal user, string? queue, int? limit) =>
        TypedResults.Ok(database.Read(connection => LabelStore.NextTasks(connection, queue, Pages.Limit(limit), user.Actor().Name, ModelsOf(user))));

    private static Task<Results<Ok<LabelTask>, ProblemHttpResult>> AnswerAsync(
        LabelAnswer answer, Node node, ClaimsPrincipal user, CancellationToken cancellation) =>
        TakeAsync(GiveAsync(answer.Task, answer.Label, node, user, cancellation));

    private static async Task<Ok<List<AnswerTaken>>> AnswerAllAsync(List<LabelAnswer> answers, Node node, ClaimsPrincipal user, CancellationToken cancellation)
    {
        var taken = new List<AnswerTaken>();
        foreach (var answer in answers)
        {
            var outcome = await GiveAsync(answer.Task, answer.Label, node, user, cancellation);
            taken.Add(new AnswerTaken(answer.Task, (outcome as AnswerOutcome.Refused)?.Reason));
        }

        return TypedResults.Ok(taken);
    }

    private static Task<Results<Ok<LabelTask>, ProblemHttpResult>> SkipAsync(LabelSkip skip, Node node, ClaimsPrincipal user, CancellationToken cancellation) =>
        TakeAsync(GiveAsync(skip.Task, null, node, user, cancellation));

    /// <summary>The task of a queue that is not the caller's is to him as if it were not there.</summary>
    private static async Task<AnswerOutcome> GiveAsync(string task, string? label, Node node, ClaimsPrincipal user, CancellationToken cancellation) =>
        user.Actor().May(Role.Labeler, node.Database.Read(connection => Subjects.OfQueue(connection, task[..Math.Max(0, task.LastIndexOf(':'))])))
            ? await node.AnswerAsync(task, label, user.Actor().Name, cancellation)
            : new AnswerOutcome.Refused($"there is no label task {task}");

    /// <summary>The models that the caller may label for; null for all.</summary>
    private static IReadOnlyList<string>? ModelsOf(ClaimsPrincipal user) =>
        user.Actor() is { } actor && actor.May(Role.Labeler) ? null : [.. user.Actor().Models.Keys.Where(model => user.Actor().MayFor(Role.Labeler, model))];

    private static async Task<Results<Ok<LabelTask>, ProblemHttpResult>> TakeAsync(Task<AnswerOutcome> answering) => await answering switch
    {
        AnswerOutcome.Accepted accepted => TypedResults.Ok(accepted.Task),
        AnswerOutcome.Refused refused => Problems.Refuse(409, $"The answer was not taken: {refused.Reason}.", "See /api/labels/next for open tasks."),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>A label queue with its tasks.</summary>
public sealed record QueueShown(LabelQueue Queue, IReadOnlyList<LabelTask> Tasks)
{
    /// <summary>The position to send as <c>after</c> for the tasks that come next; absent at the end.</summary>
    public int? Next { get; init; }

    internal static QueueShown Of(LabelQueue queue, IReadOnlyList<LabelTask> read, int limit) =>
        new(queue, [.. read.Take(limit)]) { Next = read.Count > limit ? read[limit - 1].Position : null };
}

/// <summary>The label that a person gives to a task's row.</summary>
public sealed record LabelAnswer(string Task, string Label);

/// <summary>Whether an answer was taken.</summary>
/// <param name="Refusal">Why not; null where it was.</param>
public sealed record AnswerTaken(string Task, string? Refusal);

/// <summary>A task that a person cannot answer.</summary>
public sealed record LabelSkip(string Task);
