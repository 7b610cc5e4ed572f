using System.Globalization;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Workflows;
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

        if (queue.Overlap > 1)
        {
            return Vote(transaction, queue, task, new LabelVote(task.Position, by, answer));
        }

        if (task.State != "open")
        {
            return task.AnsweredBy == by && task.Answer == answer
                ? new AnswerOutcome.Accepted(task)
                : new AnswerOutcome.Refused($"the task {taskId} was {task.State} by {task.AnsweredBy}");
        }

        return Closed(queue) is { } refused ? refused : Take(transaction, queue, task, (answer, by));
    }

    private static AnswerOutcome.Refused? Closed(LabelQueue queue) => queue.State == "open"
        ? null
        : new AnswerOutcome.Refused($"the label queue {queue.Id} is closed{(queue.Outcome == LabelQueue.Withdrawn ? ": what asked for it was stopped" : "")}");

    /// <summary>Takes the word on a row; the last one closes the queue.</summary>
    private AnswerOutcome.Accepted Take(Transaction transaction, LabelQueue queue, LabelTask task, (string? Answer, string By) word)
    {
        LabelStore.Answer(transaction, task, word.Answer, word.By, clocks.Now);
        if (queue.Open == 1)
        {
            Close(transaction, queue.Id, "Done");
        }

        return new AnswerOutcome.Accepted(LabelStore.FindTask(transaction.Connection, queue.Id, task.Position)!);
    }

    /// <summary>One of several people's answers to a row: everybody answers once, and the row is closed when enough have.</summary>
    private AnswerOutcome Vote(Transaction transaction, LabelQueue queue, LabelTask task, LabelVote vote)
    {
        var votes = LabelVotes.List(transaction.Connection, queue.Id);
        var ofRow = votes.Where(one => one.Position == task.Position).ToList();
        if (ofRow.Find(one => one.Person == vote.Person) is { } earlier)
        {
            return earlier.Answer == vote.Answer ? new AnswerOutcome.Accepted(task) : new AnswerOutcome.Refused($"{vote.Person} has answered the task {task.Id} already");
        }

        if (task.State != "open" || Closed(queue) is not null)
        {
            return Closed(queue) ?? new AnswerOutcome.Refused($"the task {task.Id} was {task.State} by {task.AnsweredBy}");
        }

        LabelVotes.Add(transaction, task, vote, clocks.Now);
        List<LabelVote> now = [.. ofRow, vote];
        var mayAskMore = LabelVotes.Committed(queue.Open + queue.Answered + queue.Skipped, queue.Overlap, [.. votes, vote]) < queue.Budget;
        var verdict = LabelVotes.Verdict(now, queue.Overlap, mayAskMore);
        return verdict.IsOpen ? new AnswerOutcome.Accepted(task) : Take(transaction, queue, task, (verdict.Label, Names(now, verdict.Label)));
    }

    /// <summary>Who stands for a label that several people gave.</summary>
    private static string Names(IEnumerable<LabelVote> votes, string? label) => string.Join(", ", votes.Where(vote => vote.Answer == label || label is null).Select(vote => vote.Person));

    /// <summary>Closes a queue whose deadline has passed, with the answers that it has; of rows that several people answer, with those that no further answer could change.</summary>
    public void PassDeadline(Transaction transaction, TimerBody timer)
    {
        if (LabelStore.FindQueue(transaction.Connection, timer.Owner) is { State: "open", Overlap: > 1 } queue)
        {
            TakeMajorities(transaction, queue);
        }

        Close(transaction, timer.Owner, "Timed out");
    }

    private void TakeMajorities(Transaction transaction, LabelQueue queue)
    {
        var votes = LabelVotes.List(transaction.Connection, queue.Id).ToLookup(vote => vote.Position);
        foreach (var task in LabelStore.Tasks(transaction.Connection, queue.Id).Where(task => task.State == "open"))
        {
            if (LabelVotes.Majority([.. votes[task.Position]], queue.Overlap) is { } label)
            {
                LabelStore.Answer(transaction, task, label, Names(votes[task.Position], label), clocks.Now);
            }
        }
    }

    /// <summary>Closes the queue of an execution that was stopped; the labels that people have given by then stay confirmed.</summary>
    public void Withdraw(Transaction transaction, string activityKey)
    {
        if (LabelStore.OfBookmark(transaction.Connection, BookmarkOf(activityKey)) is not { State: "open" } queue)
        {
            return;
        }

        var labelled = LabelledQueue.Of(transaction.Connection, queue.Id);
        LabelStore.SetState(transaction, queue.Id, ("open", "closed"), (clocks.Now, LabelQueue.Withdrawn));
        EffectStore.Cancel(transaction, TimerEffect.KeyOf(queue.Id, "deadline"), clocks.Now);
        ConfirmedLabelStore.Save(transaction, labelled.Confirmed);
        AuditStore.Append(transaction, clocks.Now, "system", "label_queue.withdrawn", queue.Id, new { answered = labelled.Answered.Length });
    }

    /// <summary>Makes the patch of a closing queue.</summary>
    public async Task<EffectOutcome> RunAsync(EffectAttempt attempt, CancellationToken cancellation)
    {
        var closing = Json.Read<Closing>(attempt.Effect.Body);
        var labelled = database.Read(connection => LabelledQueue.Of(connection, closing.Queue));
        var patch = labelled.Patch;
        var artifact = await artifacts.PutTextAsync(patch.Write(), cancellation).ConfigureAwait(false);
        return new EffectOutcome.Done(
            Json.Write(new { patch = artifact }),
            transaction =>
            {
                var now = clocks.Now;
                LabelStore.SetState(transaction, closing.Queue, ("closing", "closed"), (now, closing.Outcome));
                LabelStore.SetAgreement(transaction, closing.Queue, labelled.Agreement);
                ConfirmedLabelStore.Save(transaction, labelled.Confirmed);
                AuditStore.Append(
                    transaction, now, "system", "label_queue.closed", closing.Queue, new { answered = labelled.Answered.Length, changed = patch.Changes.Length, patch = artifact });
                GoOn(transaction, labelled.Queue, labelled.Proposal(patch, artifact, closing.Outcome), now);
            });
    }

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
