using Orchestrator.Runtime.Addresses;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Notifications;

/// <summary>Sends what was announced; a target that does not take it is shown as parked work and holds nothing else back.</summary>
public sealed class NotificationEffect(Messenger messenger) : IEffectHandler
{
    public const string KindName = "notify";

    public string Kind => KindName;

    /// <param name="owner">What it is about: a fix, a rule group, or other work.</param>
    public static Effect Ask(string target, string owner, Notification notification) =>
        new($"{KindName}:{target}:{notification.Key}", KindName, owner, Json.Write(new Addressed(target, notification)), notification.At);

    public async Task<EffectOutcome> RunAsync(EffectAttempt attempt, CancellationToken cancellation)
    {
        var (target, notification) = Json.Read<Addressed>(attempt.Effect.Body);
        return await messenger.SendAsync(target, notification, cancellation).ConfigureAwait(false) switch
        {
            Delivery.Taken => new EffectOutcome.Done(Json.Write(new { sent = true }), _ => { }),
            Delivery.Withheld => new EffectOutcome.Done(Json.Write(new { sent = false }), _ => { }),
            Delivery.NotNow later => new EffectOutcome.Retry(later.Reason),
            Delivery.Refused refused => new EffectOutcome.Park(refused.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    public void GiveUp(Transaction transaction, Effect effect, string reason)
    {
        // It stays among the parked work; a person tries it again from there. Telling the others of it could go round in circles.
    }

    private sealed record Addressed(string Target, Notification Notification);
}
