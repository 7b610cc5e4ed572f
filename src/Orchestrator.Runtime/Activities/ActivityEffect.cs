using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Storage;
using Orchestrator.Runtime.Workflows;

namespace Orchestrator.Runtime.Activities;

/// <summary>Runs the activities of workflows: one effect, one execution of one activity.</summary>
public sealed class ActivityEffect(
    Workspace workspace, Database database, WorkflowRunner workflows, Clocks clocks, IEnumerable<IActivity> activities) : IEffectHandler
{
    public const string KindName = "activity";

    private readonly Dictionary<string, IActivity> _activities = activities.ToDictionary(activity => activity.Type, StringComparer.Ordinal);

    public string Kind => KindName;

    /// <summary>The effect that runs one execution of an activity.</summary>
    public static Effect Ask(string instanceId, WorkflowEffect.RunActivity run, DateTimeOffset now, bool isRepeatable) => new(
        run.Key,
        KindName,
        instanceId,
        Json.Write(new ActivityBody(instanceId, run.Type, run.Inputs)),
        now,
        isRepeatable);

    public async Task<EffectOutcome> RunAsync(EffectAttempt attempt, CancellationToken cancellation)
    {
        var body = Json.Read<ActivityBody>(attempt.Effect.Body);
        var key = attempt.Effect.Key;
        if (!_activities.TryGetValue(body.Type, out var activity))
        {
            return Fail(body.InstanceId, key, $"this server has no body for the activity {body.Type}");
        }

        var folder = Path.Combine(workspace.Attempts, SafeName(key), $"attempt-{attempt.Fence}");
        Directory.CreateDirectory(folder);
        try
        {
            var call = new ActivityCall(key, body.InstanceId, body.Inputs, folder, clocks.Now, note => Note(attempt, note))
            {
                Holds = transaction => EffectStore.Holds(transaction, attempt),
            };
            return Outcome(body.InstanceId, key, await RunBoundedAsync(activity, call, cancellation).ConfigureAwait(false));
        }
        catch (Exception error) when (error is ActivityInputException or DatasetException)
        {
            return Fail(body.InstanceId, key, error.Message);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public void GiveUp(Transaction transaction, Effect effect, string reason)
    {
        // The instance waits with its parked activity: a person tries it again or cancels the fix.
    }

    private static async Task<ActivityResult> RunBoundedAsync(IActivity activity, ActivityCall call, CancellationToken cancellation)
    {
        var limit = ActivityCatalog.Find(activity.Type)?.Timeout ?? TimeSpan.FromHours(1);
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(limit);
        try
        {
            return await activity.RunAsync(call, bounded.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ActivityResult.Failed($"{activity.Type} did not end within {limit}", Retryable: true);
        }
    }

    private EffectOutcome Outcome(string instanceId, string key, ActivityResult result) => result switch
    {
        ActivityResult.Completed done => new EffectOutcome.Done(
            Json.Write(done.Outputs),
            tx => workflows.Handle(tx, instanceId, new WorkflowCommand.CompleteActivity(clocks.Now, key, done.Outcome, done.Outputs))),
        ActivityResult.Waiting waiting => new EffectOutcome.Done(
            Json.Write(waiting.Bookmark),
            tx =>
            {
                workflows.Handle(tx, instanceId, new WorkflowCommand.SuspendActivity(clocks.Now, key, waiting.Bookmark));
                waiting.Ask(tx);
            }),
        ActivityResult.Failed { Retryable: true } failed => new EffectOutcome.Retry(failed.Message),
        ActivityResult.Failed failed => Fail(instanceId, key, failed.Message),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private EffectOutcome.Done Fail(string instanceId, string key, string message) =>
        new(Json.Write(message), tx => workflows.Handle(tx, instanceId, new WorkflowCommand.FailActivity(clocks.Now, key, message)));

    private void Note(EffectAttempt attempt, string note) =>
        _ = database.WriteAsync(transaction => EffectStore.Note(transaction, attempt, note), CancellationToken.None);

    private static string SafeName(string key) => string.Concat(key.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-'));

    private sealed record ActivityBody(string InstanceId, string Type, ImmutableSortedDictionary<string, JsonElement> Inputs);
}
