using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Deployments;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Activities;

/// <summary>Makes the very artifact that passed the gate the champion, and waits until serving has followed where the model states a hook.</summary>
public sealed class PromoteActivity(Champions champions, Database database) : IActivity, ICompensation
{
    public string Type => "Orchestrator.Promote";

    public async Task<ActivityResult> RunAsync(ActivityCall call, CancellationToken cancellation)
    {
        var (model, digest) = (call.Text("Model"), call.Text("Digest"));
        if (database.Read(connection => GateStore.Last(connection, model, digest)) is not { Verdict: GateVerdict.Promote } word)
        {
            return new ActivityResult.Failed($"the artifact {digest} did not pass the gate of {model}", Retryable: false);
        }

        var change = new ChampionChange(call.Key, model, call.InstanceId, "passed the gate", call.Now) { Compared = new(word.Champion) };
        return await champions.PromoteAsync(change, call.Text("Challenger"), digest, cancellation) switch
        {
            ChampionOutcome.Moved moved => DeploymentDesk.Answer(database, call.Key, ActivityResult.Done("Done", DeploymentDesk.Output(MoveKind.Promotion, moved.From, moved.To))),
            ChampionOutcome.Refused refused => new ActivityResult.Failed(refused.Reason, Retryable: false),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>What it did is read from the moves: an attempt that was stopped may have promoted without having answered.</summary>
    public async Task<ActivityResult> UndoAsync(UndoCall call, CancellationToken cancellation)
    {
        if (database.Read(connection => ChampionStore.ByKey(connection, call.Of)) is not { To: { } promoted } move)
        {
            return ActivityResult.Done("Done");
        }

        var change = new ChampionChange(call.Key, move.Model, "compensation", "what a fix changed was undone", call.Now);
        return await champions.UndoAsync(change, promoted, move.From, cancellation) is ChampionOutcome.Refused refused
            ? new ActivityResult.Failed(refused.Reason, Retryable: false)
            : DeploymentDesk.Answer(database, call.Key, ActivityResult.Done("Done"));
    }
}
