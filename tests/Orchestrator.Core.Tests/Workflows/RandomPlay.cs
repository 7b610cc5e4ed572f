using System.Collections.Immutable;
using Orchestrator.Core.Workflows;

namespace Orchestrator.Core.Tests.Workflows;

/// <summary>A shell that answers the effects of an instance in a random order, as numbers tell it to.</summary>
internal sealed class RandomPlay(WorkflowDefinition definition)
{
    private static readonly DateTimeOffset _noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly List<WorkflowEffect> _open = [];
    private readonly List<WorkflowCommand> _given = [];

    public InstanceState State { get; private set; } = InstanceState.Of("i");

    public List<WorkflowEvent> Journal { get; } = [];

    public bool IsOver => State.Status != InstanceStatus.Running;

    public IReadOnlyList<WorkflowEffect> Open => _open;

    public DateTimeOffset Now => _noon + TimeSpan.FromMinutes(_given.Count);

    /// <summary>Gives a command and keeps track of what the shell then has to do.</summary>
    public void Give(WorkflowCommand command)
    {
        _given.Add(command);
        var events = Decider.Decide(definition, State, command);
        foreach (var effect in WorkflowEffects.Of(State, events))
        {
            if (effect is WorkflowEffect.Withdraw)
            {
                _open.RemoveAll(open => open.Key == effect.Key);
            }
            else
            {
                Assert.DoesNotContain(_open, open => open.Key == effect.Key);
                _open.Add(effect);
            }
        }

        State = events.Aggregate(State, (state, happened) => state.Evolve(happened));
        Journal.AddRange(events);
    }

    /// <summary>Answers one open effect; the number chooses which and how.</summary>
    public void Answer(int choice)
    {
        var effect = _open[choice % _open.Count];
        _open.Remove(effect);
        Give(AnswerTo(effect, choice / 7));
    }

    /// <summary>Everything that was ever given, once more: none of it may count again.</summary>
    public ImmutableArray<WorkflowEvent> GiveAllAgain() =>
        [.. _given.Where(command => command is not WorkflowCommand.Compensate).SelectMany(command => Decider.Decide(definition, State, command))];

    private WorkflowCommand AnswerTo(WorkflowEffect effect, int choice) => effect switch
    {
        WorkflowEffect.SetTimer => new WorkflowCommand.FireTimer(Now, effect.Key),
        WorkflowEffect.RunActivity when choice % 11 == 0 => new WorkflowCommand.FailActivity(Now, effect.Key, "broken"),
        WorkflowEffect.RunActivity run => new WorkflowCommand.CompleteActivity(Now, effect.Key, Outcome(run, choice), Values.Empty),
        WorkflowEffect.Compensate => choice % 5 == 0
            ? new WorkflowCommand.FailActivity(Now, effect.Key, "broken")
            : new WorkflowCommand.CompleteActivity(Now, effect.Key, "Done", Values.Empty),
        _ => throw new ArgumentException(effect.ToString()),
    };

    private string Outcome(WorkflowEffect.RunActivity run, int choice)
    {
        var outcomes = definition.Activities[run.ActivityId].Outcomes;
        return outcomes[choice % outcomes.Length];
    }
}
