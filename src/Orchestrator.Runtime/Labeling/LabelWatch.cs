using Orchestrator.Core.Series;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Activities;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Storage;
using Orchestrator.Runtime.Workflows;

namespace Orchestrator.Runtime.Labeling;

/// <summary>Labels that a workflow waits for.</summary>
/// <param name="Rows">So many rows have to have a label.</param>
public sealed record AwaitedLabels(string InstanceId, string Bookmark, string Dataset, int Rows);

/// <summary>Looks for labels that a workflow waits for whenever the dataset's monitor is due; once they are there the workflow goes on.</summary>
public sealed class LabelWatch(LearnableRows learnable, Workspace workspace, Database database, EffectStore effects, WorkflowRunner workflows, Clocks clocks) : IEffectHandler
{
    public const string KindName = "label_watch";

    public string Kind => KindName;

    /// <summary>How many matured rows that may be learnt from have a label.</summary>
    public async Task<int> CountAsync(AwaitedLabels awaited, string folder, CancellationToken cancellation)
    {
        using var rows = await learnable.OpenAsync(awaited.Dataset, clocks.Now, folder, cancellation).ConfigureAwait(false);
        return rows.Rows.Rows.Labels.Count(label => label is not null);
    }

    public void Open(Transaction transaction, AwaitedLabels awaited) => effects.Add(transaction, Next(awaited), clocks.Now);

    public async Task<EffectOutcome> RunAsync(EffectAttempt attempt, CancellationToken cancellation)
    {
        var awaited = Json.Read<AwaitedLabels>(attempt.Effect.Body);
        var waiting = database.Read(connection => WorkflowStore.Find(connection, awaited.InstanceId))?.State.Live.Values;
        if (waiting?.Any(live => live.Bookmark == awaited.Bookmark) != true)
        {
            return new EffectOutcome.Done("{}", _ => { });
        }

        var labelled = await CountAsync(awaited, workspace.Folder, cancellation).ConfigureAwait(false);
        return new EffectOutcome.Done(Json.Write(new { labelled }), transaction =>
        {
            if (labelled >= awaited.Rows)
            {
                workflows.Handle(transaction, awaited.InstanceId, new WorkflowCommand.ResumeBookmark(clocks.Now, awaited.Bookmark, "Done", Values.Of(("Labelled", labelled))));
            }
            else
            {
                effects.Add(transaction, Next(awaited), clocks.Now);
            }
        });
    }

    public void GiveUp(Transaction transaction, Effect effect, string reason)
    {
        // The workflow waits until its deadline; a person tries the parked effect again before.
    }

    private Effect Next(AwaitedLabels awaited)
    {
        var due = learnable.NextLook(awaited.Dataset, clocks.Now);
        return new Effect($"{awaited.Bookmark}:{due.ToMicros()}", KindName, awaited.InstanceId, Json.Write(awaited), due);
    }
}
