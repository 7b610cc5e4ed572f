using System.Collections.Immutable;
using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Workflows;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Elsa;

/// <summary>Workflow instances as Studio lists and shows them.</summary>
internal static class InstanceEndpoints
{
    public static void MapInstances(this RouteGroupBuilder api)
    {
        api.MapPost("/workflow-instances", List).Needs(Role.Viewer, About.Shown);
        api.MapGet("/workflow-instances/{id}", Show).Needs(Role.Viewer, About.Instance);
        api.MapGet("/workflow-instances/{id}/variables", Variables).Needs(Role.Viewer, About.Instance);
        api.MapGet("/workflow-instances/{id}/execution-state", State).Needs(Role.Viewer, About.Instance);
        api.MapPost("/cancel/workflow-instances/{id}", CancelAsync).Needs(Role.Approver, About.Instance);
        api.MapDelete("/workflow-instances/{id}", (string id) => SaveEndpoints.Refuse(409, $"The instance {id} stays.", "What ran is part of the record and is never deleted.")).Needs(Role.Admin, About.Instance);
    }

    /// <summary>The instance with its journal; null where there is none.</summary>
    public static InstanceHistory? Find(Node node, string id) => node.Database.Read(connection =>
        WorkflowStore.Find(connection, id) is { } instance ? new InstanceHistory(instance, WorkflowStore.Events(connection, id)) : null);

    public static ProblemHttpResult NoInstance(string id) => Problems.NotFound("workflow instance", id, "/api/workflows/instances");

    private static JsonHttpResult<ElsaPage<ShownInstance>> List(JsonObject body, Node node, ClaimsPrincipal user)
    {
        var (count, instances) = node.Database.Read(connection => InstanceSearch.Page(connection, InstanceQuery.Of(body) with { Models = user.Actor().OnlyModels }));
        return ElsaJson.Answer(new ElsaPage<ShownInstance>([.. instances.Select(instance => ShownInstance.Of(instance, null))], count, []));
    }

    private static Results<JsonHttpResult<ShownInstance>, ProblemHttpResult> Show(string id, Node node) =>
        Find(node, id) is { } history ? ElsaJson.Answer(ShownInstance.Of(history.Instance, ShownState.Of(history))) : NoInstance(id);

    private static Results<JsonHttpResult<ElsaList<ShownVariable>>, ProblemHttpResult> Variables(string id, Node node) => Find(node, id) is { } history
        ? ElsaJson.List<ShownVariable>([.. history.Variables.Select(variable => new ShownVariable(variable.Variable.Id, variable.Variable.Name, variable.Value))])
        : NoInstance(id);

    private static Results<JsonHttpResult<ExecutionState>, ProblemHttpResult> State(string id, Node node) =>
        node.Database.Read(connection => WorkflowStore.Find(connection, id)) is { } instance ? ElsaJson.Answer(ExecutionState.Of(instance)) : NoInstance(id);

    /// <summary>Stops what was started by hand; the run of a fix is stopped with its fix, so that what it changed is undone.</summary>
    private static async Task<IResult> CancelAsync(string id, Node node, ClaimsPrincipal user, CancellationToken cancellation) =>
        await node.Database.WriteAsync(transaction => HandRuns.Cancel(transaction, node, id, user.Actor().Name), cancellation) is { } refusal
            ? SaveEndpoints.Refuse(409, $"The instance {id} goes on: {refusal}.", "See /api/fixes for the fix that it belongs to.")
            : TypedResults.Ok();
}

/// <summary>An instance in Studio's words.</summary>
internal sealed record ShownInstance(string Id, string DefinitionId, string DefinitionVersionId, int Version, string Status, string SubStatus, string Name, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public string? CorrelationId { get; init; }

    public int IncidentCount { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public bool IsSystem { get; init; }

    public ShownState? WorkflowState { get; init; }

    public static ShownInstance Of(StoredInstance instance, ShownState? state)
    {
        var (status, subStatus) = ExecutionState.Words(instance.State);
        var definition = WorkflowDefinition.Read(instance.Id, instance.Definition).Definition;
        return new ShownInstance(
            instance.Id, instance.DefinitionId, DefinitionLibrary.OfInstance(instance.Id), definition?.Version ?? 1, status, subStatus, definition?.Name ?? instance.DefinitionId, instance.CreatedAt, instance.UpdatedAt)
        {
            IncidentCount = state?.Incidents.Count ?? (subStatus == "Faulted" ? 1 : 0), FinishedAt = status == "Finished" ? instance.UpdatedAt : null, WorkflowState = state,
        };
    }
}

/// <summary>How far an instance is.</summary>
internal sealed record ExecutionState(string Status, string SubStatus, string WorkflowSubStatus, DateTimeOffset UpdatedAt)
{
    public static ExecutionState Of(StoredInstance instance)
    {
        var (status, subStatus) = Words(instance.State);
        return new ExecutionState(status, subStatus, subStatus, instance.UpdatedAt);
    }

    public static (string Status, string SubStatus) Words(InstanceState state) => state.Status switch
    {
        InstanceStatus.Pending => ("Running", "Pending"),
        InstanceStatus.Running => ("Running", Waits(state) ? "Suspended" : "Executing"),
        InstanceStatus.Compensating => ("Running", "Executing"),
        InstanceStatus.Finished => ("Finished", "Finished"),
        InstanceStatus.Faulted or InstanceStatus.CompensationFailed => ("Finished", "Faulted"),
        _ => ("Finished", "Cancelled"),
    };

    /// <summary>Whether all that is under way waits for somebody or for a time.</summary>
    private static bool Waits(InstanceState state) =>
        state.Live.Values.Where(execution => execution.Role != ActivityRole.Container).All(execution => execution.Bookmark is not null || execution.DueAt is not null);
}

/// <summary>A variable with the value that it has, or had last.</summary>
internal sealed record ShownVariable(string Id, string Name, object Value);

/// <summary>What Studio's tabs show of an instance beside the canvas.</summary>
internal sealed record ShownState(string Id, IReadOnlyList<ShownIncident> Incidents, ImmutableSortedDictionary<string, System.Text.Json.JsonElement> Input)
{
    public Dictionary<string, object> Output { get; } = [];

    public Dictionary<string, object> Properties { get; init; } = [];

    public IReadOnlyList<object> Bookmarks { get; init; } = [];

    public static ShownState Of(InstanceHistory history) => new(
        history.Instance.Id,
        [.. history.Runs.Where(run => run.Fault is not null).Select(run => new ShownIncident(run.Execution.ActivityId, run.NodeId, run.Execution.Type, run.Fault!, run.EndedAt ?? run.StartedAt))],
        history.Instance.State.Inputs)
    {
        Properties = history.Instance.State.Reason is { } reason ? new() { ["Reason"] = reason } : [],
        Bookmarks = [.. history.Runs.Where(run => run.IsBlocked).Select(run => new { Id = run.Execution.Bookmark ?? history.IdOf(run.Execution.Number), run.Execution.ActivityId, ActivityNodeId = run.NodeId, Name = run.Execution.Type })],
    };
}

/// <summary>A failure of an activity.</summary>
internal sealed record ShownIncident(string ActivityId, string ActivityNodeId, string ActivityType, string Message, DateTimeOffset Timestamp)
{
    public object Exception => new { Type = "Orchestrator.ActivityFault", Message, StackTrace = (string?)null, InnerException = (string?)null };
}
