using Orchestrator.Runtime.Addresses;
using Orchestrator.Runtime.Notifications;

namespace Orchestrator.Runtime.Activities;

/// <summary>Sends a message of the workflow's own to a target that the operator named.</summary>
public sealed class NotifyActivity(Messenger messenger, string environment) : IActivity
{
    public string Type => "Orchestrator.Notify";

    public async Task<ActivityResult> RunAsync(ActivityCall call, CancellationToken cancellation)
    {
        var notification = new Notification("message", call.Text("Message"), call.Key, call.Now) { Environment = environment };
        return await messenger.SendAsync(call.Text("Target"), notification, cancellation).ConfigureAwait(false) switch
        {
            Delivery.Taken => ActivityResult.Done("Done"),
            Delivery.Withheld => Withheld(call),
            Delivery.NotNow later => NotSent(call, later.Reason),
            Delivery.Refused refused => NotSent(call, refused.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static ActivityResult.Completed Withheld(ActivityCall call)
    {
        call.Progress("not sent: nothing leaves a story");
        return ActivityResult.Done("Done");
    }

    /// <summary>It is not tried again, for it could be taken twice: the workflow flows on through the port Failed, with the reason on the record.</summary>
    private static ActivityResult.Failed NotSent(ActivityCall call, string reason)
    {
        call.Progress(reason);
        return new ActivityResult.Failed(reason, Retryable: false);
    }
}
