using Orchestrator.Core.Fixes;
using Orchestrator.Core.Rehearsal;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Labeling;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>The people of a story: they label what they are asked, from a truth that the system never sees, and approve after a while.</summary>
internal sealed class StoryPeople(Node node, ScenarioFile scenario, string folder)
{
    private const string LabelerName = "labeler@example.org";

    private Truth? _truth;
    private StoryScope? _scope;

    private StoryScope Scope => _scope ??= StoryScope.Of(node, scenario);

    /// <summary>When a proposal's time to be approved comes; null where none waits.</summary>
    public DateTimeOffset? Next(DateTimeOffset after) => Waiting().Where(one => one.At > after).Min(one => (DateTimeOffset?)one.At);

    /// <summary>Labels and approves what is due; what was done.</summary>
    public async Task<IReadOnlyList<string>> ActAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var done = new List<string>();
        foreach (var (fix, by, _) in Waiting().Where(one => one.At <= now).ToList())
        {
            var what = fix.AwaitsPatch ? "patch" : "plan";
            var decision = await (fix.AwaitsPatch
                ? node.ApprovePatchAsync(fix.Id, Actor.Named(by), fix.Patch!.Sha256, "approved in the story", cancellation)
                : node.ApproveAsync(fix.Id, Actor.Named(by), fix.Plan!.Sha256, "approved in the story", cancellation)).ConfigureAwait(false);
            done.Add(decision is FixDecision.Refused refused ? $"{by} cannot approve {fix.Id}: {refused.Reason}" : $"{by} reads the {what} of {fix.Id} and approves");
        }

        if (scenario.Labeler is { } labeler && await LabelAsync(labeler, cancellation).ConfigureAwait(false) is > 0 and var labels)
        {
            done.Add($"{labels} rows are labelled");
        }

        return done;
    }

    public string? Awaited()
    {
        var proposed = Proposed().Where(fix => HabitFor(fix) is null).ToList();
        if (proposed.Count > 0)
        {
            return $"the fix {proposed[0].Id} waits for a person: orchestrator fixes show {proposed[0].Id}, then fixes approve or reject";
        }

        var tasks = scenario.Labeler is null ? OpenQueues().Sum(queue => queue.Open) : 0;
        return tasks > 0 ? $"{tasks} rows wait for labels of a person: orchestrator labels next, then labels answer" : null;
    }

    private List<(Fix Fix, string By, DateTimeOffset At)> Waiting()
    {
        var waiting = Proposed().Select(fix => (Fix: fix, Habit: HabitFor(fix))).Where(one => one.Habit is not null);
        return [.. waiting.Select(one => (one.Fix, one.Habit!.By, ProposedAt(one.Fix) + one.Habit.After))];
    }

    private ApprovalHabit? HabitFor(Fix fix) => scenario.Approvals.FirstOrDefault(habit => habit.IsFor(fix.Rule));

    /// <summary>What waits for a person's word: plans, and patches of running fixes.</summary>
    private List<Fix> Proposed() =>
    [
        .. node.Database.Read(connection => FixStore.InState(connection, FixState.Proposed).Concat(FixStore.InState(connection, FixState.Running).Where(fix => fix.AwaitsPatch)).ToList())
            .Where(fix => Scope.HasModel(fix.Model)),
    ];

    private List<LabelQueue> OpenQueues() =>
        [.. node.Database.Read(LabelStore.Queues).Where(queue => queue.State == "open" && Scope.Datasets.Contains(queue.Dataset))];

    private DateTimeOffset ProposedAt(Fix fix) =>
        node.Database.Read(connection => FixStore.History(connection, fix.Id)).Last(one => one.Event is FixEvent.Proposed or FixEvent.PatchProposed).At;

    private async Task<int> LabelAsync(Labeler labeler, CancellationToken cancellation)
    {
        var tasks = OpenQueues().SelectMany(queue => node.Database.Read(connection => LabelStore.NextTasks(connection, queue.Id, int.MaxValue))).ToList();
        if (tasks.Count == 0)
        {
            return 0;
        }

        var truth = _truth ??= Truth.Read(StoryFiles.Find(folder, labeler.Truth)[0], labeler.Id, labeler.Label);
        var queues = node.Database.Read(LabelStore.Queues).ToDictionary(queue => queue.Id, StringComparer.Ordinal);
        await Task.WhenAll(tasks.Select(task => AnswerAsync(task, queues[task.QueueId], (truth, labeler.ErrorRate), cancellation))).ConfigureAwait(false);
        return tasks.Count;
    }

    /// <summary>So many people answer as the queue asks, and one more each time where they are of two minds.</summary>
    private async Task AnswerAsync(LabelTask task, LabelQueue queue, (Truth Truth, double ErrorRate) known, CancellationToken cancellation)
    {
        AnswerOutcome outcome = new AnswerOutcome.Accepted(task);
        for (var person = 1; outcome is AnswerOutcome.Accepted { Task.State: "open" }; person++)
        {
            var isMistaken = IsMistaken(person == 1 ? task.RowId : FormattableString.Invariant($"{task.RowId}:{person}"), known.ErrorRate);
            var label = isMistaken ? Mistake(task, known.Truth, queue.Classes) : known.Truth[task.RowId];
            outcome = await node.AnswerAsync(task.Id, label, person == 1 ? LabelerName : FormattableString.Invariant($"labeler-{person}@example.org"), cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The same rows are answered wrongly by the same people in every run.</summary>
    private static bool IsMistaken(string row, double errorRate) =>
        new SeededRandom(Convert.ToUInt64(Core.Series.Digest.Of(row)[..16], 16)).Below(10_000) < errorRate * 10_000;

    /// <summary>A wrong label: the given one, else the suggested one, else any other.</summary>
    private static string Mistake(LabelTask task, Truth truth, IEnumerable<string> classes) =>
        classes.Prepend(task.Suggested).Prepend(task.Given).FirstOrDefault(label => label is not null && label != truth[task.RowId]) ?? truth[task.RowId];
}
