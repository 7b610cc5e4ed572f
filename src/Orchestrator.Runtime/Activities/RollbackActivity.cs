using Orchestrator.Runtime.Deployments;
using Orchestrator.Runtime.Findings;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Activities;

/// <summary>Takes the promotion back that served when the finding was opened: the version before it serves again.</summary>
public sealed class RollbackActivity(Champions champions, Database database) : IActivity
{
    public string Type => "Orchestrator.Rollback";

    public async Task<ActivityResult> RunAsync(ActivityCall call, CancellationToken cancellation)
    {
        var change = new ChampionChange(call.Key, call.Text("Model"), call.InstanceId, "rolled back by a workflow", call.Now);
        return await champions.WithdrawAsync(change, Seen(call), cancellation) switch
        {
            ChampionOutcome.Moved moved => DeploymentDesk.Answer(database, call.Key, ActivityResult.Done("Done", DeploymentDesk.Output(MoveKind.Rollback, moved.From, moved.To))),
            ChampionOutcome.Refused refused => new ActivityResult.Failed(refused.Reason, Retryable: false),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>What came to serve after the finding was opened is not what the finding is about.</summary>
    private DateTimeOffset Seen(ActivityCall call) => database.Read(connection =>
        FixStore.OfInstance(connection, call.InstanceId) is { } fix && FindingStore.Find(connection, fix.FindingId) is { } finding ? finding.OpenedAt : call.Now);
}
