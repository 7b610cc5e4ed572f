namespace Orchestrator.Runtime.Activities;

/// <summary>Asks a person in the middle of a workflow and waits for the answer; the deadline is the workflow's own.</summary>
public sealed class ApprovalActivity : IActivity
{
    public string Type => "Orchestrator.Approval";

    public Task<ActivityResult> RunAsync(ActivityCall call, CancellationToken cancellation)
    {
        call.Progress(call.OptionalText("Question") ?? "waits for approval");
        return Task.FromResult<ActivityResult>(new ActivityResult.Waiting($"approval:{call.Key}"));
    }
}
