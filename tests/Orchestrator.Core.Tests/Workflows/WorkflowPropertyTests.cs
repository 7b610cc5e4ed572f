using CsCheck;
using Orchestrator.Core.Workflows;

namespace Orchestrator.Core.Tests.Workflows;

/// <summary>What holds for every flowchart and every order of answers.</summary>
public sealed class WorkflowPropertyTests
{
    private const int Rounds = 400;

    [Fact]
    public void No_flow_throws_or_stalls_and_the_journal_gives_the_same_state() =>
        Gen.Select(RandomFlow.Looping(), Gen.Int[0, 1_000_000].Array[40]).Sample(
            (lines, choices) =>
            {
                if (!TryRead(lines, out var definition))
                {
                    return;
                }

                var play = Played(definition, choices);
                Assert.True(play.State.Status == InstanceStatus.Running ? play.Open.Count > 0 : play.State.Live.IsEmpty);
                Assert.Empty(play.GiveAllAgain());
                Assert.Equal(WorkflowJson.Write(play.State), WorkflowJson.Write(InstanceState.Replay("i", play.Journal)));
            },
            iter: Rounds, print: Print);

    [Fact]
    public void Whatever_ran_is_undone_once_each() =>
        Gen.Select(RandomFlow.Looping(), Gen.Int[0, 1_000_000].Array[30], Gen.Int[0, 30]).Sample(
            (lines, choices, stop) =>
            {
                if (!TryRead(lines, out var definition))
                {
                    return;
                }

                var play = Played(definition, choices[..stop]);
                var owed = play.State.Undo.Select(step => step.Number).Union(play.State.Live.Values.Where(live => live.Undoable).Select(live => live.Number)).Order().ToList();
                play.Give(new WorkflowCommand.Compensate(play.Now, "test"));
                for (var i = 0; play.State.Status == InstanceStatus.Compensating; i++)
                {
                    Assert.IsType<WorkflowEffect.Compensate>(Assert.Single(play.Open));
                    play.Answer(choices[i % choices.Length]);
                }

                var requested = play.Journal.OfType<WorkflowEvent.CompensationRequested>().Select(one => one.Number).Order();
                Assert.Equal(owed, requested);
                Assert.Equal(play.State.Undo.IsEmpty ? InstanceStatus.Compensated : InstanceStatus.CompensationFailed, play.State.Status);
            },
            iter: Rounds, print: Print);

    [Fact]
    public void The_order_of_activities_and_connections_in_the_file_changes_nothing() =>
        Gen.Select(RandomFlow.Looping(), Gen.Int[0, 1_000_000].Array[20], Gen.Int[0, 1000]).Sample(
            (lines, choices, turn) =>
            {
                var turned = lines.Skip(1 + (turn % lines.Length)).Concat(lines.Take(1 + (turn % lines.Length))).Reverse().OrderBy(line => line.Contains("->", StringComparison.Ordinal)).ToArray();
                if (TryRead(lines, out var one) && TryRead(turned, out var other))
                {
                    Assert.Equal(WorkflowProjection.Canonical(one), WorkflowProjection.Canonical(other));
                    Assert.Equal(States(one, choices), States(other, choices));
                }
            },
            iter: Rounds, print: Print);

    [Fact]
    public void Without_loops_joins_are_those_of_elsas_counters() =>
        Gen.Select(RandomFlow.Forward(withoutWaitAny: true), Gen.Int[0, 1_000_000].Array[20]).Sample(
            (lines, choices) =>
            {
                if (!TryRead(lines, out var definition))
                {
                    return;
                }

                var counters = new CounterModel(definition);
                var play = Played(definition, choices);
                Assert.Equal(counters.Replay(play.Journal), play.Journal.OfType<WorkflowEvent.ActivityStarted>().Select(started => started.Execution.ActivityId).Skip(1).Order(StringComparer.Ordinal));
            },
            iter: Rounds, print: Print);

    private static bool TryRead(string[] lines, out WorkflowDefinition definition)
    {
        definition = WorkflowDefinition.Read("flow.json", FlowText.Json(lines)).Definition!;
        return definition.CanStart;
    }

    private static string States(WorkflowDefinition definition, int[] choices) => WorkflowJson.Write(Played(definition, choices).State);

    /// <summary>Answers until the flow is over, or forks in a loop have made more of it than is worth following.</summary>
    private static RandomPlay Played(WorkflowDefinition definition, int[] choices)
    {
        var play = new RandomPlay(definition);
        play.Give(new WorkflowCommand.Start(play.Now, Values.Empty));
        foreach (var choice in choices.TakeWhile(_ => !play.IsOver && play.Open.Count < 50))
        {
            Assert.NotEmpty(play.Open);
            play.Answer(choice);
        }

        return play;
    }

    private static string Print((string[] Lines, int[] Choices) sample) => $"{string.Join('\n', sample.Lines)}\n{string.Join(',', sample.Choices)}";

    private static string Print((string[] Lines, int[] Choices, int Number) sample) => $"{Print((sample.Lines, sample.Choices))}\n{sample.Number}";
}
