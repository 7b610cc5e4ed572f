using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Storage;
using Orchestrator.Runtime.Workflows;

namespace Orchestrator.Runtime.Activities;

/// <summary>Undoes activities of workflows: one effect, one execution that is undone.</summary>
public sealed class CompensationEffect(WorkflowRunner workflows, Clocks clocks, IEnumerable<IActivity> activities) : IEffectHandler
{
    public const string KindName = "compensation";

    private readonly Dictionary<string, ICompensation> _compensations =
        activities.OfType<ICompensation>().ToDictionary(activity => activity.Type, StringComparer.Ordinal);

    public string Kind => KindName;

    public static Effect Ask(string instanceId, WorkflowEffect.Compensate undo, DateTimeOffset now) =>
        new(undo.Key, KindName, instanceId, Json.Write(new UndoBody(instanceId, undo.Type, undo.Of, undo.Inputs, undo.Outputs)), now);

    public async Task<EffectOutcome> RunAsync(EffectAttempt attempt, CancellationToken cancellation)
    {
        var body = Json.Read<UndoBody>(attempt.Effect.Body);
        var key = attempt.Effect.Key;
        if (!_compensations.TryGetValue(body.Type, out var compensation))
        {
            return Answer(body, new WorkflowCommand.FailActivity(clocks.Now, key, $"{body.Type} cannot be undone by this server"));
        }

        var undo = new UndoCall(key, body.Of, body.Inputs, body.Outputs, clocks.Now);
        return await compensation.UndoAsync(undo, cancellation).ConfigureAwait(false) switch
        {
            ActivityResult.Completed => Answer(body, new WorkflowCommand.CompleteActivity(clocks.Now, key, "Done", Values.Empty)),
            ActivityResult.Waiting => new EffectOutcome.Done("{}", _ => { }),
            ActivityResult.Failed { Retryable: true } failed => new EffectOutcome.Retry(failed.Message),
            ActivityResult.Failed failed => Answer(body, new WorkflowCommand.FailActivity(clocks.Now, key, failed.Message)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    public void GiveUp(Transaction transaction, Effect effect, string reason)
    {
        var body = Json.Read<UndoBody>(effect.Body);
        workflows.Handle(transaction, body.InstanceId, new WorkflowCommand.FailActivity(clocks.Now, effect.Key, reason));
    }

    private EffectOutcome.Done Answer(UndoBody body, WorkflowCommand command) =>
        new("{}", transaction => workflows.Handle(transaction, body.InstanceId, command));

    private sealed record UndoBody(
        string InstanceId,
        string Type,
        string Of,
        ImmutableSortedDictionary<string, JsonElement> Inputs,
        ImmutableSortedDictionary<string, JsonElement> Outputs);
}
