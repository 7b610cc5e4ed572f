using System.Globalization;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Activities;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Storage;
using Orchestrator.Runtime.Workflows;

namespace Orchestrator.Runtime.Labeling;

/// <summary>Takes answers to label tasks; when a queue has them all, or its time is over, its patch is made and its workflow goes on.</summary>
public sealed class LabelDesk(
    Database database, ArtifactStore artifacts, EffectStore effects, WorkflowRunner workflows, FixRunner fixes, Clocks clocks) : IEffectHandler
{
    public const string KindName = "label_queue";

    public string Kind => KindName;

    /// <summary>The bookmark by which an execution waits for its labels.</summary>
    public static string BookmarkOf(string activityKey) => $"labels:{activityKey}";

    /// <summary>Opens a queue with its deadline.</summary>
    public void Open(Transaction transaction, LabelQueue queue, IReadOnlyList<LabelTask> tasks)
    {
        if (LabelStore.Open(transaction, queue, tasks))
        {
            effects.Add(transaction, TimerEffect.Ask(TimerTarget.LabelQueue, queue.Id, "deadline", queue.Deadline), queue.OpenedAt);
            AuditStore.Append(transaction, queue.OpenedAt, "system", "label_queue.opened", queue.Id, new { queue.Dataset, tasks = tasks.Count });
        }
    }

    /// <summary>Records an answer, or a skip where <paramref name="answer"/> is null; the same answer by the same person again is accepted and changes nothing.</summary>
    public AnswerOutcome Answer(Transaction transaction, string taskId, string? answer, string by)
    {
        if (Find(transaction, taskId) is not var (queue, task))
        {
            return new AnswerOutcome.Refused($"there is no label task {taskId}");
        }

        if (answer is not null && !queue.Classes.Contains(answer, StringComparer.Ordinal))
        {
            return new AnswerOutcome.Refused($"\"{answer}\" is no label of {queue.Dataset}; allowed: {string.Join(", ", queue.Classes)}");
        }

        if (task.State != "open")
        {
            return task.AnsweredBy == by && task.Answer == answer
                ? new AnswerOutcome.Accepted(task)
                : new AnswerOutcome.Refused($"the task {taskId} was {task.State} by {task.AnsweredBy}");
        }

        if (queue.State != "open")
        {
            return new AnswerOutcome.Refused($"the label queue {queue.Id} is closed{(queue.Outcome == LabelQueue.Withdrawn ? ": what asked for it was stopped" : "")}");
        }

        LabelStore.Answer(transaction, task, answer, by, clocks.Now);
        if (queue.Open == 1)
        {
            Close(transaction, queue.Id, "Done");
        }

        return new AnswerOutcome.Accepted(LabelStore.FindTask(transaction.Connection, queue.Id, task.Position)!);
    }

    /// <summary>Closes a queue whose deadline has passed, with the answers that it has.</summary>
    public void PassDeadline(Transaction transaction, TimerBody timer) => Close(transaction, timer.Owner, "Timed out");

    /// <summary>Closes the queue of an execution that was stopped; the labels that people have given by then stay confirmed.</summary>
    public void Withdraw(Transaction transaction, string activityKey)
    {
        if (LabelStore.OfBookmark(transaction.Connection, BookmarkOf(activityKey)) is not { State: "open" } queue)
        {
            return;
        }

        var answered = LabelStore.Tasks(transaction.Connection, queue.Id).Where(task => task.State == "answered").ToList();
        LabelStore.SetState(transaction, queue.Id, ("open", "closed"), (clocks.Now, LabelQueue.Withdrawn));
        EffectStore.Cancel(transaction, TimerEffect.KeyOf(queue.Id, "deadline"), clocks.Now);
        ConfirmedLabelStore.Save(transaction, answered.Select(task => Confirmed(queue, task)));
        AuditStore.Append(transaction, clocks.Now, "system", "label_queue.withdrawn", queue.Id, new { answered = answered.Count });
    }

    /// <summary>Makes the patch of a closing queue.</summary>
    public async Task<EffectOutcome> RunAsync(EffectAttempt attempt, CancellationToken cancellation)
    {
        var closing = Json.Read<Closing>(attempt.Effect.Body);
        var (queue, tasks) = database.Read(connection => (LabelStore.FindQueue(connection, closing.Queue)!, LabelStore.Tasks(connection, closing.Queue)));
        var asked = database.Read(connection => LabelStore.Asked(connection, queue.InstanceId, queue.Dataset));
        var answered = tasks.Where(task => task.State == "answered").ToList();
        var patch = DataPatch.Of(
            queue.Dataset,
            queue.Version,
            answered.Where(task => task.Answer != task.Given).Select(task => new RowChange.Relabel(task.RowId, task.ContentHash, task.Given, task.Answer)));
        var artifact = await artifacts.PutTextAsync(patch.Write(), cancellation).ConfigureAwait(false);
        var outputs = ActivityResult.Done(closing.Outcome, ("Patch", artifact), ("Answered", answered.Count), ("Changed", patch.Changes.Length), ("Asked", asked));
        return new EffectOutcome.Done(
            Json.Write(new { patch = artifact }),
            transaction =>
            {
                var now = clocks.Now;
                LabelStore.SetState(transaction, queue.Id, ("closing", "closed"), (now, closing.Outcome));
                ConfirmedLabelStore.Save(transaction, answered.Select(task => Confirmed(queue, task)));
                AuditStore.Append(
                    transaction, now, "system", "label_queue.closed", queue.Id, new { answered = answered.Count, changed = patch.Changes.Length, patch = artifact });
                GoOn(transaction, queue, Proposal((queue, answered), (patch, artifact), outputs), now);
            });
    }

    private static PatchProposal Proposal(
        (LabelQueue Queue, List<LabelTask> Answered) labels, (DataPatch Patch, string Artifact) made, ActivityResult.Completed outputs) => new(
        made.Artifact,
        labels.Queue.Dataset,
        labels.Answered.Count,
        PatchProposal.LabelsOf(made.Patch),
        [.. labels.Answered.Select(task => task.AnsweredBy!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)])
        {
            Bookmark = labels.Queue.Bookmark, Outcome = outputs.Outcome, Outputs = outputs.Outputs,
        };

    private void GoOn(Transaction transaction, LabelQueue queue, PatchProposal patch, DateTimeOffset now)
    {
        if (!fixes.AsksForPatch(transaction, queue.InstanceId, patch, now))
        {
            workflows.Handle(transaction, queue.InstanceId, new WorkflowCommand.ResumeBookmark(now, patch.Bookmark, patch.Outcome, patch.Outputs));
        }
    }

    public void GiveUp(Transaction transaction, Effect effect, string reason)
    {
        // The queue stays closing and its workflow waits; a person tries the parked effect again.
    }

    private static ConfirmedLabel Confirmed(LabelQueue queue, LabelTask task) =>
        new(queue.Dataset, task.RowId, task.ContentHash, task.Answer!, queue.LabelSet, task.AnsweredBy!, task.AnsweredAt!.Value);

    private void Close(Transaction transaction, string queueId, string outcome)
    {
        if (LabelStore.SetState(transaction, queueId, ("open", "closing"), (clocks.Now, outcome)))
        {
            effects.Add(
                transaction, new Effect($"{queueId}:close", KindName, queueId, Json.Write(new Closing(queueId, outcome)), clocks.Now), clocks.Now);
        }
    }

    private static (LabelQueue Queue, LabelTask Task)? Find(Transaction transaction, string taskId)
    {
        var colon = taskId.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(taskId[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var position))
        {
            return null;
        }

        var queue = LabelStore.FindQueue(transaction.Connection, taskId[..colon]);
        var task = LabelStore.FindTask(transaction.Connection, taskId[..colon], position);
        return queue is null || task is null ? null : (queue, task);
    }

    private sealed record Closing(string Queue, string Outcome);
}
