using Orchestrator.Runtime.Deployments;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Activities;

/// <summary>Puts the version back that served before the present champion.</summary>
public sealed class RollbackActivity(Champions champions, Database database) : IActivity
{
    public string Type => "Orchestrator.Rollback";

    public async Task<ActivityResult> RunAsync(ActivityCall call, CancellationToken cancellation)
    {
        var change = new ChampionChange(call.Key, call.Text("Model"), call.InstanceId, "rolled back by a workflow", call.Now);
        return await champions.RollBackAsync(change, cancellation) switch
        {
            ChampionOutcome.Moved moved => DeploymentDesk.Answer(database, call.Key, ActivityResult.Done("Done", DeploymentDesk.Output(MoveKind.Rollback, moved.From, moved.To))),
            ChampionOutcome.Refused refused => new ActivityResult.Failed(refused.Reason, Retryable: false),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}
