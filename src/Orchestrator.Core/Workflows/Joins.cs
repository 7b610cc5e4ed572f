using System.Collections.Immutable;
using System.Text.Json;

namespace Orchestrator.Core.Workflows;

/// <summary>What becomes of connections that were taken.</summary>
internal abstract record JoinStep
{
    private JoinStep()
    {
    }

    public sealed record Begin(string ActivityId, ImmutableArray<Connection> Consumed) : JoinStep;

    public sealed record Drop(string ActivityId, ImmutableArray<Connection> Dropped) : JoinStep;
}

/// <summary>Says which activity of a container begins next.</summary>
/// <remarks>
/// Without loops this is Elsa's counter model: an activity waits until each forward connection into it was taken or can't be taken any more.
/// With loops counters fall out of step, so what can still be taken is asked of the graph itself.
/// </remarks>
internal static class Joins
{
    /// <summary>The next step in forward order; null where all arrivals wait, or there is none.</summary>
    public static JoinStep? Next(Decision decision, Execution container, FlowGraph graph)
    {
        foreach (var target in container.Arrivals.Select(arrival => arrival.Target).Distinct(StringComparer.Ordinal).OrderBy(graph.RankOf))
        {
            if (Step(decision, container, graph, target) is { } step)
            {
                return step;
            }
        }

        return null;
    }

    /// <summary>The mode of an activity; every one that is no join waits for all that can still arrive.</summary>
    public static JoinMode ModeOf(ActivityNode node)
    {
        if (node.Type != ElsaActivities.FlowJoin)
        {
            return JoinMode.WaitAllActive;
        }

        return node.Inputs.GetValueOrDefault("Mode") is InputValue.Constant mode ? Enum.Parse<JoinMode>(mode.Value.GetString()!) : JoinMode.WaitAny;
    }

    private static JoinStep? Step(Decision decision, Execution container, FlowGraph graph, string target)
    {
        var arrived = container.Arrivals.Where(arrival => arrival.Target == target).Distinct().ToImmutableArray();
        if (arrived.FirstOrDefault(graph.IsBack) is { } back)
        {
            return new JoinStep.Begin(target, [back]);
        }

        var missing = graph.ForwardInto(target).Except(arrived).ToList();
        var mode = ModeOf(decision.Definition.Activities[target]);
        if (mode == JoinMode.WaitAny)
        {
            return new JoinStep.Begin(target, [.. container.Arrivals.Where(arrival => arrival.Target == target)]);
        }

        if (missing.Count == 0)
        {
            return new JoinStep.Begin(target, arrived);
        }

        if (CanStillArrive(decision.State, container, graph, (target, missing)))
        {
            return null;
        }

        return mode == JoinMode.WaitAll ? new JoinStep.Drop(target, arrived) : new JoinStep.Begin(target, arrived);
    }

    /// <summary>
    /// Whether work under way, or something that waits further ahead, leads to one of the missing connections without passing the target.
    /// Only what waits before the target counts, so that two activities never wait for each other.
    /// </summary>
    private static bool CanStillArrive(InstanceState state, Execution container, FlowGraph graph, (string Target, List<Connection> Missing) join)
    {
        var leading = graph.Leading(join.Missing.Select(connection => connection.Source), join.Target);
        return state.Live.Values.Any(live => live.Parent == container.Number && leading.Contains(live.ActivityId))
            || container.Arrivals.Any(arrival => graph.RankOf(arrival.Target) < graph.RankOf(join.Target) && leading.Contains(arrival.Target));
    }
}
