using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Orchestrator.Core.Workflows;

namespace Orchestrator.Core.Tests.Workflows;

/// <summary>Plays commands against an instance as a shell would, everything through its stored form, and says in words what followed.</summary>
internal sealed class WorkflowPlay(WorkflowDefinition definition)
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, int> _last = new(StringComparer.Ordinal);
    private int _commands;

    public InstanceState State { get; private set; } = InstanceState.Of("i");

    public List<WorkflowEvent> Journal { get; } = [];

    /// <summary>One command a minute, the first at noon.</summary>
    public DateTimeOffset Now => Noon + TimeSpan.FromMinutes(_commands);

    public WorkflowCommand Command(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
    {
        ["start", .. var inputs] => new WorkflowCommand.Start(Now, Inputs(inputs)),
        ["undo", var id, "done"] => new WorkflowCommand.CompleteActivity(Now, ActivityKey.Undo("i", _last[id], State.Round), "Done", Values.Empty),
        ["undo", var id, "fails"] => new WorkflowCommand.FailActivity(Now, ActivityKey.Undo("i", _last[id], State.Round), "no"),
        [var id, "done", .. var rest] => new WorkflowCommand.CompleteActivity(Now, Key(id), Outcome(rest), Inputs(rest.Skip(1))),
        [var id, "fails"] => new WorkflowCommand.FailActivity(Now, Key(id), "broken"),
        [var id, "suspends", var bookmark] => new WorkflowCommand.SuspendActivity(Now, Key(id), bookmark),
        ["resume", var bookmark, .. var rest] => new WorkflowCommand.ResumeBookmark(Now, bookmark, Outcome(rest), Inputs(rest.Skip(1))),
        ["timer", var id] => new WorkflowCommand.FireTimer(Now, ActivityKey.Timer("i", Number(id))),
        ["cancel"] => new WorkflowCommand.Cancel(Now, "changed my mind"),
        ["compensate"] => new WorkflowCommand.Compensate(Now, "did not help"),
        _ => throw new ArgumentException($"no such command: {text}"),
    };

    /// <summary>
    /// What followed: <c>+A</c> begins, <c>-A</c> is withdrawn, <c>~A</c> is to be undone, <c>A@12:30</c> a timer and <c>-A@</c> its end,
    /// <c>x=5</c> a variable, then the status where it changed; <c>nothing</c> where there are no events.
    /// </summary>
    public string Take(WorkflowCommand command)
    {
        _commands++;
        var before = State;
        var events = Decider.Decide(definition, before, WorkflowJson.ReadCommand(WorkflowJson.Write(command)));
        foreach (var happened in events.Select(happened => WorkflowJson.ReadEvent(WorkflowJson.Write(happened))))
        {
            State = WorkflowJson.ReadState(WorkflowJson.Write(State.Evolve(happened)));
            Journal.Add(happened);
            Remember(happened);
        }

        if (events.IsEmpty)
        {
            return "nothing";
        }

        var effects = WorkflowEffects.Of(before, events).Select(effect => Say(WorkflowJson.ReadEffect(WorkflowJson.Write(effect))));
        var assigned = events.OfType<WorkflowEvent.ActivityCompleted>().SelectMany(completed => completed.Assigned).Select(one => $"{one.VariableId}={one.Value.GetRawText()}");
        string[] status = State.Status == before.Status || State.Status == InstanceStatus.Running ? [] : [State.Status.ToString().ToLowerInvariant()];
        return string.Join(' ', [.. effects, .. assigned, .. status]);
    }

    private void Remember(WorkflowEvent happened)
    {
        if (happened is WorkflowEvent.ActivityStarted { Execution: var begun })
        {
            _last[begun.ActivityId] = begun.Number;
        }
    }

    private string Say(WorkflowEffect effect) => effect switch
    {
        WorkflowEffect.RunActivity run => $"+{run.ActivityId}",
        WorkflowEffect.SetTimer timer => $"{Named(timer.Key)}@{(timer.DueAt.Date == Noon.Date ? timer.DueAt.ToString("HH:mm", CultureInfo.InvariantCulture) : timer.DueAt.ToString("MM-ddTHH:mm", CultureInfo.InvariantCulture))}",
        WorkflowEffect.Compensate undo => $"~{undo.ActivityId}",
        WorkflowEffect.Withdraw withdraw => $"-{Named(withdraw.Key)}{(withdraw.Key.EndsWith("/timer", StringComparison.Ordinal) ? "@" : "")}",
        _ => effect.ToString(),
    };

    private string Named(string key) => Journal.OfType<WorkflowEvent.ActivityStarted>()
        .Single(started => started.Execution.Number.ToString(CultureInfo.InvariantCulture) == key.Split('/')[1]).Execution.ActivityId;

    private int Number(string id) => State.Live.Values.FirstOrDefault(live => live.ActivityId == id)?.Number ?? _last.GetValueOrDefault(id, 99);

    private string Key(string id) => ActivityKey.Of("i", Number(id));

    private static string Outcome(IEnumerable<string> rest) => rest.FirstOrDefault()?.Replace('_', ' ') ?? "Done";

    private static ImmutableSortedDictionary<string, JsonElement> Inputs(IEnumerable<string> words) =>
        Values.Empty.AddRange(words.Select(word => word.Split('=')).Select(pair => KeyValuePair.Create(pair[0], Json(pair[1]))));

    private static JsonElement Json(string text) => JsonPlaces.Parse(text) ?? Values.Element(text);
}
