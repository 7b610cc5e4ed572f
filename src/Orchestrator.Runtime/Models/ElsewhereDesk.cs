using System.Text.Json;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Series;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Addresses;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Storage;
using Orchestrator.Runtime.Workflows;

namespace Orchestrator.Runtime.Models;

/// <summary>What became of a callback.</summary>
public abstract record CallbackOutcome
{
    private CallbackOutcome()
    {
    }

    /// <param name="IsNew">Whether it is the first; what comes after it changes nothing.</param>
    public sealed record Taken(bool IsNew) : CallbackOutcome;

    /// <summary>There is no such training, or the signature is not its runner's: who asks is not told which.</summary>
    public sealed record Unknown : CallbackOutcome;

    public sealed record Refused(string Reason) : CallbackOutcome;
}

/// <summary>Keeps trainings that go on elsewhere: takes the signed word that one has ended, and stops those whose time is over or for whom nobody waits any more.</summary>
public sealed class ElsewhereDesk(Workspace workspace, Database database, EffectStore effects, WorkflowRunner workflows, OperatorFile operatorFile, string root, Clocks clocks)
{
    /// <summary>Where the callbacks of this server are told.</summary>
    public const string Path = "/api/callbacks/";

    /// <summary>The place of a training: the same callback for every attempt, files of its own for each.</summary>
    internal ElsewherePlace PlaceOf(string key, string attemptFolder)
    {
        var id = Digest.Of(key)[..32];
        var folder = System.IO.Path.Combine(workspace.Folder, "elsewhere", id, System.IO.Path.GetFileName(attemptFolder));
        return new(folder, new(id, Path + id, operatorFile.PublicUrl is { } url ? url + Path + id : null));
    }

    /// <summary>Opens it, with its time-out, in the transaction in which its workflow comes to wait.</summary>
    public void Open(Transaction transaction, ElsewhereTraining training)
    {
        ElsewhereStore.Add(transaction, training);
        effects.Add(transaction, TimerEffect.Ask(TimerTarget.Elsewhere, training.Id, "deadline", training.Deadline), training.OpenedAt);
        AuditStore.Append(transaction, training.OpenedAt, "system", "training.elsewhere", training.Model, new { training.Runner, training.Running, callback = training.Id });
    }

    /// <summary>Takes the word that a training has ended, in the shape of a command's answer; only what the runner's secret signed counts.</summary>
    public async Task<CallbackOutcome> TakeAsync(string id, SignedHead head, byte[] body, CancellationToken cancellation)
    {
        if (database.Read(connection => ElsewhereStore.Find(connection, id)) is not { } training
            || operatorFile.Runners.GetValueOrDefault(training.Runner)?.SecretFile is not { } file
            || !SecretFile.TryRead(root, file, out var secret, out _)
            || head.Id != id || !Signature.Holds(secret, head, clocks.Real.GetUtcNow(), body))
        {
            return new CallbackOutcome.Unknown();
        }

        if (Fault(body) is { } fault)
        {
            return new CallbackOutcome.Refused(fault);
        }

        return await database.WriteAsync(transaction => Take(transaction, training, System.Text.Encoding.UTF8.GetString(body)), cancellation).ConfigureAwait(false);
    }

    /// <summary>Its time is over: whoever waits is told, and the command too.</summary>
    public void PassDeadline(Transaction transaction, TimerBody timer)
    {
        if (ElsewhereStore.Find(transaction.Connection, timer.Owner) is { State: "running" } training)
        {
            Fail(transaction, training, $"RUN002 {training.Runner}: \"{training.Running}\" did not call back within {training.Deadline - training.OpenedAt}");
            AskStop(transaction, training);
        }
    }

    /// <summary>Nobody waits for the execution any more: the command is told.</summary>
    public void Withdraw(Transaction transaction, string activityKey)
    {
        if (ElsewhereStore.OfKey(transaction.Connection, activityKey) is { State: not "ended" } training
            && ElsewhereStore.End(transaction, training.Id, "what asked for it was stopped", clocks.Now))
        {
            AskStop(transaction, training);
        }
    }

    /// <summary>Ends it as failed, once.</summary>
    public void Fail(Transaction transaction, ElsewhereTraining training, string reason)
    {
        if (ElsewhereStore.End(transaction, training.Id, reason, clocks.Now))
        {
            workflows.Handle(transaction, training.InstanceId, new WorkflowCommand.FailActivity(clocks.Now, training.Key, reason));
        }
    }

    /// <summary>Ends it with the version that came of it, once.</summary>
    public void Finish(Transaction transaction, ElsewhereTraining training, TrainedModel trained)
    {
        if (ElsewhereStore.End(transaction, training.Id, null, clocks.Now))
        {
            var version = ModelStore.Add(transaction, trained, clocks.Now);
            var outputs = Values.Of(("Challenger", version.Id), ("Digest", version.Digest));
            workflows.Handle(transaction, training.InstanceId, new WorkflowCommand.CompleteActivity(clocks.Now, training.Key, "Succeeded", outputs));
        }
    }

    private CallbackOutcome.Taken Take(Transaction transaction, ElsewhereTraining training, string answer)
    {
        var isNew = ElsewhereStore.Answer(transaction, training.Id, answer);
        if (isNew)
        {
            effects.Add(transaction, ElsewhereEffect.AskFinish(training, clocks.Now), clocks.Now);
            EffectStore.Cancel(transaction, TimerEffect.KeyOf(training.Id, "deadline"), clocks.Now);
        }

        return new CallbackOutcome.Taken(isNew);
    }

    private void AskStop(Transaction transaction, ElsewhereTraining training)
    {
        EffectStore.Cancel(transaction, TimerEffect.KeyOf(training.Id, "deadline"), clocks.Now);
        effects.Add(transaction, ElsewhereEffect.AskStop(training, clocks.Now), clocks.Now);
    }

    /// <summary>Why the body is no answer; null where it is one.</summary>
    private static string? Fault(byte[] body)
    {
        try
        {
            return Json.Read<RunnerResult>(System.Text.Encoding.UTF8.GetString(body)) is { Artifact: null, Error: null }
                ? "it names neither an artifact nor an error"
                : null;
        }
        catch (JsonException error)
        {
            return $"it cannot be read: {error.Message}; allowed: a JSON object with artifact, sha256, metrics, predictions, or with error";
        }
    }
}
