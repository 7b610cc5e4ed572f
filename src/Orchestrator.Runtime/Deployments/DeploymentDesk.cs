using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Activities;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Storage;
using Orchestrator.Runtime.Workflows;

namespace Orchestrator.Runtime.Deployments;

/// <summary>Opens a deployment with each move of a champion whose model states a hook, carries it from state to state, and answers the workflow that waits for it.</summary>
public sealed class DeploymentDesk(Authored authored, EffectStore effects, WorkflowRunner workflows, Clocks clocks)
{
    /// <summary>Raised for each deployment that failed, in the transaction in which it did.</summary>
    public event Action<Transaction, Deployment>? Failed;

    /// <summary>What an activity that moved a champion under a key answers: what it did, once serving has followed.</summary>
    public static ActivityResult Answer(Database database, string key, ActivityResult.Completed moved) =>
        database.Read(connection => DeploymentStore.Find(connection, key)) switch
        {
            { IsOpen: true } => new ActivityResult.Waiting($"deployment:{key}"),
            { State: DeploymentState.Failed } failed => new ActivityResult.Failed(failed.Note!, Retryable: false),
            _ => moved,
        };

    /// <summary>The outputs of a move of the champion.</summary>
    public static (string Name, object Value) Output(MoveKind kind, string? from, string? to) =>
        kind == MoveKind.Promotion ? ("Previous", from ?? "") : ("Champion", to ?? "");

    public void Open(Transaction transaction, string key, ChampionMove move)
    {
        if (authored.Model(move.Model) is not { Deploy: { } deploy })
        {
            return;
        }

        var digest = move.To is { } version ? ModelStore.Find(transaction.Connection, version)?.Digest : null;
        DeploymentStore.Add(transaction, new Deployment(key, move.Model, move.Kind, move.To, digest, move.From, deploy.Hook, deploy.ConfirmWithin, move.At));
        effects.Add(transaction, DeploymentEffect.Ask(key, move.Model, DeploymentStep.Tell, clocks.Now), clocks.Now);
    }

    /// <summary>Asks for a look at the prediction log for every version of the monitor's model that is waited for.</summary>
    public static void AskAll(Transaction transaction, EffectStore effects, string? model, (DateTimeOffset At, DateTimeOffset Now) measured)
    {
        if (model is null)
        {
            return;
        }

        foreach (var waiting in DeploymentStore.List(transaction.Connection, model).Where(one => one.State == DeploymentState.Waiting))
        {
            effects.Add(transaction, DeploymentEffect.AskLook(waiting.Key, model, measured.At, measured.Now), measured.Now);
        }
    }

    /// <summary>The hook knows: the time begins in which the version has to show.</summary>
    public void Told(Transaction transaction, Deployment deployment)
    {
        var now = clocks.Now;
        if (deployment.ConfirmWithin is not { } within)
        {
            End(transaction, deployment with { State = DeploymentState.Told });
        }
        else if (DeploymentStore.Update(transaction, deployment with { State = DeploymentState.Waiting, ConfirmBy = now + within }))
        {
            effects.Add(transaction, DeploymentEffect.Ask(deployment.Key, deployment.Model, DeploymentStep.Deadline, now + within), now);
        }
    }

    public void Confirm(Transaction transaction, Deployment deployment) => End(transaction, deployment with { State = DeploymentState.Confirmed });

    public void Fail(Transaction transaction, Deployment deployment, string reason) => End(transaction, deployment with { State = DeploymentState.Failed, Note = reason });

    /// <summary>Asks to take back what the hook could not be told or what could not be looked for.</summary>
    public void Withdraw(Transaction transaction, string key, string reason)
    {
        if (DeploymentStore.Find(transaction.Connection, key) is { IsOpen: true } deployment)
        {
            effects.Add(transaction, DeploymentEffect.AskWithdrawal(deployment, reason, clocks.Now), clocks.Now);
        }
    }

    private void End(Transaction transaction, Deployment deployment)
    {
        var now = clocks.Now;
        if (!DeploymentStore.Update(transaction, deployment with { EndedAt = now }))
        {
            return;
        }

        var state = Json.Name(deployment.State.ToString());
        AuditStore.Append(transaction, now, "system", $"deployment.{state}", deployment.Model, new { deployment.Version, deployment.Hook, deployment.Note });
        if (deployment.State == DeploymentState.Failed)
        {
            Failed?.Invoke(transaction, deployment);
        }

        if (ActivityKey.InstanceOf(deployment.Key) is { } instance)
        {
            var output = Output(deployment.Kind, deployment.Previous, deployment.Version);
            workflows.Handle(transaction, instance, deployment.State == DeploymentState.Failed
                ? new WorkflowCommand.FailActivity(now, deployment.Key, deployment.Note!)
                : new WorkflowCommand.CompleteActivity(now, deployment.Key, "Done", Values.Of(output)));
        }
    }
}
