using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Orchestrator.Core.Workflows;

/// <summary>Begins, ends and connects executions.</summary>
internal static class Flow
{
    /// <summary>Executions that one command may begin; more is a loop that never waits.</summary>
    public const int MaxAtOnce = 1_000;

    /// <summary>Executions of one instance; more is a loop that never ends.</summary>
    public const int MaxInAll = 100_000;

    public static void Begin(Decision decision, ActivityNode node, int parent, ImmutableArray<Connection> consumed)
    {
        var inputs = InputEvaluation.Of(decision, node, parent);
        var variables = node.Container is { } container ? Initial(parent == 0 ? decision.Definition.Variables.AddRange(container.Variables) : container.Variables)
            : parent == 0 ? Initial(decision.Definition.Variables) : Values.Empty;
        var descriptor = node.Descriptor!;
        var execution = new Execution(
            decision.State.Numbers + 1, parent, node.Id, node.Type, descriptor.Role, inputs.Values, variables, descriptor.HasCompensation);
        decision.Happened(new WorkflowEvent.ActivityStarted(decision.At, execution, consumed));
        if (inputs.Problem is { } problem)
        {
            Fail(decision, execution, problem);
            return;
        }

        switch (descriptor.Role)
        {
            case ActivityRole.Inline:
                InlineActivities.Run(decision, node, execution);
                break;
            case ActivityRole.Timer:
                decision.Happened(new WorkflowEvent.TimerSet(decision.At, execution.Number, After(decision.At, inputs.Values["TimeSpan"])));
                break;
            case ActivityRole.Container when node.Container!.Start is { } start:
                Begin(decision, decision.Definition.Activities[start], execution.Number, []);
                break;
        }
    }

    /// <summary>Leaves an execution by its outcomes; a failure outcome that leads nowhere is no success.</summary>
    public static void Complete(Decision decision, Execution execution, ImmutableArray<string> outcomes, ImmutableSortedDictionary<string, JsonElement> outputs)
    {
        var followed = Followed(decision, execution, outcomes);
        if (outcomes.Contains(ActivityDescriptor.FailureOutcome) && !HandlesFailure(followed))
        {
            Fail(decision, execution, "it ended as Failed, and no connection leads on from there");
            return;
        }

        var assigned = Assignments.Of(decision, execution, outputs);
        decision.Happened(new WorkflowEvent.ActivityCompleted(decision.At, execution.Number, execution.ActivityId, outcomes, outputs, assigned, followed));
        if (execution.Parent == 0)
        {
            decision.Happened(new WorkflowEvent.InstanceFinished(decision.At));
        }
    }

    /// <summary>Ends an execution as failed: by its failure outcome where that is connected, else the instance faults.</summary>
    public static void Fail(Decision decision, Execution execution, string message)
    {
        var followed = Followed(decision, execution, [ActivityDescriptor.FailureOutcome]);
        var handled = HandlesFailure(followed);
        decision.Happened(new WorkflowEvent.ActivityFaulted(decision.At, execution.Number, execution.ActivityId, message, handled ? followed : []));
        if (!handled)
        {
            var name = decision.Definition.Activities.GetValueOrDefault(execution.ActivityId)?.DisplayName ?? execution.ActivityId;
            decision.Fault(execution.ActivityId, $"{name}: {message}");
        }
    }

    /// <summary>Begins all that can begin and ends all containers in which nothing is left to do.</summary>
    public static void GoOn(Decision decision)
    {
        while (decision.State.Status == InstanceStatus.Running)
        {
            if (decision.Begun > MaxAtOnce || decision.State.Numbers > MaxInAll)
            {
                var limit = decision.Begun > MaxAtOnce ? $"{MaxAtOnce} at once" : $"{MaxInAll} in all";
                decision.Fault(null, $"the workflow runs in a loop: more than {limit.ToString(CultureInfo.InvariantCulture)}");
            }
            else if (!Step(decision))
            {
                return;
            }
        }
    }

    /// <summary>An instant so much later; the last there is where that is out of range, and never earlier.</summary>
    public static DateTimeOffset After(DateTimeOffset at, JsonElement wait)
    {
        var span = TimeSpan.ParseExact(wait.GetString()!, "c", CultureInfo.InvariantCulture);
        return span <= TimeSpan.Zero ? at : DateTimeOffset.MaxValue - at < span ? DateTimeOffset.MaxValue : at + span;
    }

    private static bool Step(Decision decision)
    {
        foreach (var container in decision.State.Live.Values.Where(live => live.Role == ActivityRole.Container))
        {
            var graph = decision.Definition.Activities[container.ActivityId].Container!.Graph;
            switch (Joins.Next(decision, container, graph))
            {
                case JoinStep.Begin begin:
                    Begin(decision, decision.Definition.Activities[begin.ActivityId], container.Number, begin.Consumed);
                    return true;
                case JoinStep.Drop drop:
                    decision.Happened(new WorkflowEvent.ArrivalsDropped(decision.At, container.Number, drop.ActivityId, drop.Dropped));
                    return true;
                case null when decision.State.Live.Values.All(live => live.Parent != container.Number):
                    Complete(decision, container, ["Done"], Values.Empty);
                    return true;
                case null:
                    continue;
                default:
                    throw new UnreachableException();
            }
        }

        return false;
    }

    private static ImmutableArray<Connection> Followed(Decision decision, Execution execution, ImmutableArray<string> outcomes) =>
        decision.State.Live.TryGetValue(execution.Parent, out var parent)
            ? decision.Definition.Activities[parent.ActivityId].Container!.Graph.Followed(execution.ActivityId, outcomes)
            : [];

    private static bool HandlesFailure(ImmutableArray<Connection> followed) => followed.Any(connection => connection.Port == ActivityDescriptor.FailureOutcome);

    private static ImmutableSortedDictionary<string, JsonElement> Initial(ImmutableArray<VariableDefinition> variables) =>
        Values.Empty.AddRange(variables.Select(variable => KeyValuePair.Create(variable.Id, variable.Initial)));
}
