using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;

namespace Orchestrator.Core.Workflows;

/// <summary>The activities that the decider carries out itself.</summary>
internal static class InlineActivities
{
    public static void Run(Decision decision, ActivityNode node, Execution execution)
    {
        switch (node.Type)
        {
            case ElsaActivities.Start or ElsaActivities.SetVariable:
                Flow.Complete(decision, execution, ["Done"], Values.Empty);
                break;
            case ElsaActivities.FlowFork:
                Flow.Complete(decision, execution, node.Outcomes, Values.Empty);
                break;
            case ElsaActivities.FlowDecision:
                Flow.Complete(decision, execution, [execution.Inputs["Condition"].GetBoolean() ? "True" : "False"], Values.Empty);
                break;
            case ElsaActivities.FlowJoin:
                Join(decision, node, execution);
                break;
            case ElsaActivities.End:
                End(decision, execution);
                break;
            case ElsaActivities.Finish:
                Flow.Complete(decision, execution, [], Values.Empty);
                Finish(decision);
                break;
            case ElsaActivities.Fault:
                Flow.Fail(decision, execution, Text(execution, "Message") ?? Text(execution, "Code") ?? "faulted");
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>A join that takes the first branch stops the others: what runs on them and what waits on them.</summary>
    private static void Join(Decision decision, ActivityNode node, Execution execution)
    {
        if (Joins.ModeOf(node) == JoinMode.WaitAny && decision.State.Live.TryGetValue(execution.Parent, out var parent))
        {
            var before = decision.Definition.Activities[parent.ActivityId].Container!.Graph.Ancestors(node.Id);
            foreach (var other in decision.State.Live.Values.Where(live => live.Parent == parent.Number && before.Contains(live.ActivityId)).ToList())
            {
                decision.Stop(other);
            }

            foreach (var waiting in parent.Arrivals.Where(arrival => before.Contains(arrival.Target)).GroupBy(arrival => arrival.Target, StringComparer.Ordinal))
            {
                decision.Happened(new WorkflowEvent.ArrivalsDropped(decision.At, parent.Number, waiting.Key, [.. waiting]));
            }
        }

        Flow.Complete(decision, execution, ["Done"], Values.Empty);
    }

    /// <summary>Ends the container at once, whatever else runs in it.</summary>
    private static void End(Decision decision, Execution execution)
    {
        Flow.Complete(decision, execution, [], Values.Empty);
        if (decision.State.Live.TryGetValue(execution.Parent, out var container))
        {
            decision.StopWithin(container.Number);
            Flow.Complete(decision, container, ["Done"], Values.Empty);
        }
    }

    private static void Finish(Decision decision)
    {
        if (decision.State.Status == InstanceStatus.Running)
        {
            decision.StopAll();
            decision.Happened(new WorkflowEvent.InstanceFinished(decision.At));
        }
    }

    private static string? Text(Execution execution, string input) =>
        execution.Inputs.TryGetValue(input, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
