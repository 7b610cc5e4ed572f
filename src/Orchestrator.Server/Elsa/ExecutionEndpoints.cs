using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Keys;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Elsa;

/// <summary>Journal and executions of an instance: what the viewer's badges and panels show.</summary>
internal static class ExecutionEndpoints
{
    private const int MostOnPage = 1000;

    public static void MapExecutions(this RouteGroupBuilder api)
    {
        api.MapPost("/workflow-instances/{id}/journal", Journal).Needs(Role.Viewer, About.Instance);
        api.MapPost("/activity-executions/report", Report).Needs(Role.Viewer, About.Shown);
        api.MapGet("/activity-executions/list", (string workflowInstanceId, string? activityNodeId, Node node) => List(node, workflowInstanceId, activityNodeId)).Needs(Role.Viewer, About.InstanceAsked);
        api.MapGet("/activity-execution-summaries/list", (string workflowInstanceId, string? activityNodeId, Node node) => List(node, workflowInstanceId, activityNodeId)).Needs(Role.Viewer, About.InstanceAsked);
        api.MapGet("/activity-executions/by-id", Show).Needs(Role.Viewer, About.Execution);
        api.MapGet("/activity-executions/{id}/call-stack", CallStack).Needs(Role.Viewer, About.Execution);
    }

    private static Results<JsonHttpResult<ElsaPage<JournalLine>>, ProblemHttpResult> Journal(string id, int? skip, int? take, JsonObject body, Node node)
    {
        if (InstanceEndpoints.Find(node, id) is not { } history)
        {
            return InstanceEndpoints.NoInstance(id);
        }

        var filter = body["filter"] as JsonObject ?? [];
        var lines = history.Lines.Where(line =>
            IsAsked(filter["activityIds"], line.ActivityId) && IsAsked(filter["activityNodeIds"], line.NodeId) && IsAsked(filter["eventNames"], line.EventName)
            && !Texts(filter["excludedActivityTypes"]).Contains(line.ActivityType, StringComparer.Ordinal)).ToList();
        var page = lines.Skip(Math.Max(0, skip ?? 0)).Take(Math.Clamp(take ?? MostOnPage, 1, MostOnPage)).ToList();
        return ElsaJson.Answer(new ElsaPage<JournalLine>(page, lines.Count, []));
    }

    private static Results<JsonHttpResult<ActivityReport>, ProblemHttpResult> Report(JsonObject body, Node node, ClaimsPrincipal user)
    {
        var id = body["workflowInstanceId"]?.ToString() ?? "";
        return user.Actor().May(Role.Viewer, node.Database.Read(connection => Subjects.OfInstance(connection, id))) && InstanceEndpoints.Find(node, id) is { } history
            ? ElsaJson.Answer(ActivityReport.Of(history, [.. Texts(body["activityNodeIds"])]))
            : InstanceEndpoints.NoInstance(id);
    }

    private static Results<JsonHttpResult<ElsaList<ExecutionRecord>>, ProblemHttpResult> List(Node node, string id, string? activityNodeId) =>
        InstanceEndpoints.Find(node, id) is { } history
            ? ElsaJson.List<ExecutionRecord>([.. history.Runs.Where(run => activityNodeId is null || run.NodeId == activityNodeId).Select(run => ExecutionRecord.Of(history, run))])
            : InstanceEndpoints.NoInstance(id);

    private static Results<JsonHttpResult<ExecutionRecord>, ProblemHttpResult> Show(string id, Node node) =>
        InstanceHistory.Parse(id) is var (instance, number) && InstanceEndpoints.Find(node, instance) is { } history && history.Run(number) is { } run
            ? ElsaJson.Answer(ExecutionRecord.Of(history, run))
            : Problems.NotFound("activity execution", id, "/elsa/api/activity-executions/list");

    private static Results<JsonHttpResult<ShownCallStack>, ProblemHttpResult> CallStack(string id, Node node)
    {
        if (InstanceHistory.Parse(id) is not var (instance, number) || InstanceEndpoints.Find(node, instance) is not { } history || history.Run(number) is null)
        {
            return Problems.NotFound("activity execution", id, "/elsa/api/activity-executions/list");
        }

        var stack = new List<ExecutionRecord>();
        for (var run = history.Run(number); run is not null; run = history.Run(run.Execution.Parent))
        {
            stack.Add(ExecutionRecord.Of(history, run));
        }

        return ElsaJson.Answer(new ShownCallStack(id, stack, stack.Count));
    }

    private static bool IsAsked(JsonNode? asked, string value) => asked is not JsonArray { Count: > 0 } list || Texts(list).Contains(value, StringComparer.Ordinal);

    private static IEnumerable<string> Texts(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonValue>().Select(value => value.ToString());
}

/// <summary>How often each node ran and how it stands: what the viewer's badges say.</summary>
internal sealed record ActivityReport(IReadOnlyList<ActivityCount> Stats)
{
    /// <param name="nodes">Only these nodes; empty for all that ran.</param>
    public static ActivityReport Of(InstanceHistory history, IReadOnlyCollection<string> nodes) => new(
    [
        .. history.Runs.GroupBy(run => run.NodeId, StringComparer.Ordinal).Where(group => nodes.Count == 0 || nodes.Contains(group.Key)).Select(group => new ActivityCount(
            group.Key, group.First().Execution.ActivityId, group.Count(), group.Count(run => run.Status == "Completed"), group.Count(run => run.EndedAt is null),
            group.Any(run => run.IsBlocked), group.Any(run => run.Status == "Faulted"))),
    ]);
}

/// <summary>One node's part of a report.</summary>
internal sealed record ActivityCount(string ActivityNodeId, string ActivityId, int StartedCount, int CompletedCount, int UncompletedCount, bool IsBlocked, bool IsFaulted)
{
    public Dictionary<string, object> Metadata { get; } = [];
}

/// <summary>One execution as the viewer's panels show it.</summary>
internal sealed record ExecutionRecord(string Id, string WorkflowInstanceId, string ActivityId, string ActivityNodeId, string ActivityType, int ActivityTypeVersion, string ActivityName, DateTimeOffset StartedAt)
{
    public DateTimeOffset? CompletedAt { get; init; }

    public bool HasBookmarks { get; init; }

    public string Status { get; init; } = "Running";

    public object? ActivityState { get; init; }

    public object? Payload { get; init; }

    public object? Outputs { get; init; }

    public Dictionary<string, object> Properties { get; } = [];

    public Dictionary<string, object> Metadata { get; } = [];

    public object? Exception { get; init; }

    public int AggregateFaultCount { get; init; }

    public static ExecutionRecord Of(InstanceHistory history, ActivityRun run) => new(
        history.IdOf(run.Execution.Number), history.Instance.Id, run.Execution.ActivityId, run.NodeId, run.Execution.Type, 1, run.Name, run.StartedAt)
    {
        CompletedAt = run.EndedAt,
        HasBookmarks = run.IsBlocked,
        Status = run.Status,
        ActivityState = run.Execution.Inputs,
        Payload = run.Outcomes.IsEmpty ? null : new { run.Outcomes },
        Outputs = run.Outputs,
        Exception = run.Fault is { } fault ? new { Type = "Orchestrator.ActivityFault", Message = fault, StackTrace = (string?)null, InnerException = (string?)null } : null,
        AggregateFaultCount = run.Fault is null ? 0 : 1,
    };
}

/// <summary>An execution and those around it, the innermost first.</summary>
internal sealed record ShownCallStack(string ActivityExecutionId, IReadOnlyList<ExecutionRecord> Items, int TotalCount);
