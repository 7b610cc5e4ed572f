using Orchestrator.Runtime.Models;

namespace Orchestrator.Runtime.Activities;

/// <summary>Puts the version back that served before the present champion.</summary>
public sealed class RollbackActivity(Champions champions) : IActivity
{
    public string Type => "Orchestrator.Rollback";

    public async Task<ActivityResult> RunAsync(ActivityCall call, CancellationToken cancellation)
    {
        var change = new ChampionChange(call.Key, call.Text("Model"), call.InstanceId, "rolled back by a workflow", call.Now);
        return await champions.RollBackAsync(change, cancellation) switch
        {
            ChampionOutcome.Moved moved => ActivityResult.Done("Done", ("Champion", moved.To ?? "")),
            ChampionOutcome.Refused refused => new ActivityResult.Failed(refused.Reason, Retryable: false),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}
