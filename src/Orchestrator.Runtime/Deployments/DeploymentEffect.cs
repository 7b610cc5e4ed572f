using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Series;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Addresses;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Deployments;

/// <summary>What is to be done about a deployment.</summary>
public enum DeploymentStep
{
    /// <summary>Tell the hook.</summary>
    Tell,

    /// <summary>Look whether the version shows in the prediction log.</summary>
    Look,

    /// <summary>Look for the last time.</summary>
    Deadline,

    /// <summary>Take it back.</summary>
    Withdraw,
}

/// <summary>Tells hooks of champions, looks for versions in the prediction log, and takes back what serving did not follow.</summary>
public sealed class DeploymentEffect(Database database, DeploymentDesk desk, HookCall hook, PredictionLog log, Champions champions, Clocks clocks) : IEffectHandler
{
    public const string KindName = "deployment";

    /// <summary>Times that a hook is told before it counts as not told; with the worker's back-off about two minutes.</summary>
    public const int Tries = 10;

    public string Kind => KindName;

    public static Effect Ask(string key, string model, DeploymentStep step, DateTimeOffset due) => Ask(key, model, new(key, step, null), (Json.Name(step.ToString()), due));

    public static Effect AskLook(string key, string model, DateTimeOffset at, DateTimeOffset due) =>
        Ask(key, model, new(key, DeploymentStep.Look, null), (FormattableString.Invariant($"look:{at.ToMicros()}"), due));

    public static Effect AskWithdrawal(Deployment deployment, string reason, DateTimeOffset due) =>
        Ask(deployment.Key, deployment.Model, new(deployment.Key, DeploymentStep.Withdraw, reason), ("withdraw", due));

    public async Task<EffectOutcome> RunAsync(EffectAttempt attempt, CancellationToken cancellation)
    {
        var body = Json.Read<StepBody>(attempt.Effect.Body);
        var deployment = database.Read(connection => DeploymentStore.Find(connection, body.Key));
        return (body.Step, deployment) switch
        {
            (DeploymentStep.Tell, { State: DeploymentState.Telling }) => await TellAsync(attempt, deployment, cancellation).ConfigureAwait(false),
            (DeploymentStep.Look or DeploymentStep.Deadline, { State: DeploymentState.Waiting }) => await LookAsync(body.Step, deployment, cancellation).ConfigureAwait(false),
            (DeploymentStep.Withdraw, { IsOpen: true }) => await WithdrawAsync(deployment, body.Reason!, cancellation).ConfigureAwait(false),
            _ => new EffectOutcome.Done("{}", _ => { }),
        };
    }

    public void GiveUp(Transaction transaction, Effect effect, string reason)
    {
        var body = Json.Read<StepBody>(effect.Body);
        switch (body.Step)
        {
            case DeploymentStep.Tell or DeploymentStep.Deadline:
                desk.Withdraw(transaction, body.Key, reason);
                break;
            case DeploymentStep.Withdraw when DeploymentStore.Find(transaction.Connection, body.Key) is { } deployment:
                desk.Fail(transaction, deployment, $"{body.Reason}; the champion could not be put back: {reason}");
                break;
        }
    }

    private static Effect Ask(string key, string model, StepBody body, (string Name, DateTimeOffset Due) step) =>
        new($"{KindName}:{key}:{step.Name}", KindName, ActivityKey.InstanceOf(key) ?? model, Json.Write(body), step.Due);

    private async Task<EffectOutcome> TellAsync(EffectAttempt attempt, Deployment deployment, CancellationToken cancellation) =>
        await hook.TellAsync(deployment, cancellation).ConfigureAwait(false) switch
        {
            Delivery.Taken => new EffectOutcome.Done(Json.Write(new { told = true }), transaction => desk.Told(transaction, deployment)),
            Delivery.Withheld => new EffectOutcome.Done(Json.Write(new { told = false }), transaction => desk.Told(transaction, deployment)),
            Delivery.NotNow later when attempt.Number < Tries => new EffectOutcome.Retry(later.Reason),
            Delivery.NotNow later => await WithdrawAsync(deployment, $"{later.Reason}, {Tries} times", cancellation).ConfigureAwait(false),
            Delivery.Refused refused => await WithdrawAsync(deployment, refused.Reason, cancellation).ConfigureAwait(false),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private async Task<EffectOutcome> LookAsync(DeploymentStep step, Deployment deployment, CancellationToken cancellation)
    {
        var (shows, why) = await ShowsAsync(deployment, cancellation).ConfigureAwait(false);
        return shows ? new EffectOutcome.Done(Json.Write(new { shows }), transaction => desk.Confirm(transaction, deployment))
            : step == DeploymentStep.Look ? new EffectOutcome.Done(Json.Write(new { shows, why }), _ => { })
            : await WithdrawAsync(
                deployment, $"{deployment.Version ?? "no version"} did not show in the prediction log within {Duration.Text(deployment.ConfirmWithin!.Value)}{why}", cancellation).ConfigureAwait(false);
    }

    private async Task<(bool Shows, string? Why)> ShowsAsync(Deployment deployment, CancellationToken cancellation)
    {
        try
        {
            return (await log.ShowsAsync(deployment, clocks.Now, cancellation).ConfigureAwait(false), null);
        }
        catch (DatasetException error)
        {
            return (false, $", which cannot be read: {error.Message}");
        }
    }

    /// <summary>Puts the champion before back where a promotion failed. A rollback is not taken back: what it left was left for a reason.</summary>
    private async Task<EffectOutcome> WithdrawAsync(Deployment deployment, string reason, CancellationToken cancellation)
    {
        var end = deployment switch
        {
            { Kind: MoveKind.Rollback } => $"{deployment.Version ?? "none"} stays the champion",
            { Previous: null } => $"no version served before, so {deployment.Version} stays the champion",
            _ => await PutBackAsync(deployment, reason, cancellation).ConfigureAwait(false),
        };
        return new EffectOutcome.Done(Json.Write(reason), transaction => desk.Fail(transaction, deployment, $"{reason}; {end}"));
    }

    private async Task<string> PutBackAsync(Deployment deployment, string reason, CancellationToken cancellation)
    {
        var change = new ChampionChange($"{deployment.Key}:withdrawn", deployment.Model, "system", reason, clocks.Now);
        return await champions.UndoAsync(change, deployment.Version!, deployment.Previous, cancellation).ConfigureAwait(false) switch
        {
            ChampionOutcome.Moved moved when moved.To == deployment.Previous => $"{moved.To} is the champion again",
            ChampionOutcome.Moved moved => $"{moved.To} was promoted meanwhile and stays the champion",
            ChampionOutcome.Refused refused => $"the champion could not be put back: {refused.Reason}",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private sealed record StepBody(string Key, DeploymentStep Step, string? Reason);
}
