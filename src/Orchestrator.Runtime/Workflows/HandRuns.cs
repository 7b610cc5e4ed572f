using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Workflows;

/// <summary>A workflow that a person starts, without any finding.</summary>
public abstract record HandRun
{
    private HandRun()
    {
    }

    public sealed record Started(string InstanceId) : HandRun;

    public sealed record Refused(string Reason) : HandRun;
}

/// <summary>Starts and stops workflows by hand.</summary>
public static class HandRuns
{
    /// <summary>Starts what is published, never a draft, and never a fix: that one starts by its approval.</summary>
    public static HandRun Start(Transaction transaction, Node node, (string DefinitionId, ImmutableSortedDictionary<string, JsonElement> Inputs) asked, string by)
    {
        if (DefinitionLibrary.FixOf(transaction.Connection, asked.DefinitionId) is { } fix)
        {
            return new HandRun.Refused($"the fix {fix.Id} runs once it is approved, and in no other way");
        }

        if (node.Definitions.Library.Published(transaction.Connection, asked.DefinitionId) is not { } version)
        {
            return new HandRun.Refused("nothing of it is published");
        }

        if (KillSwitch.IsOn(transaction.Connection))
        {
            return new HandRun.Refused("the kill switch is on");
        }

        var (definition, diagnostics) = WorkflowDefinition.Read("", version.Body);
        if (definition is not { CanStart: true })
        {
            return new HandRun.Refused($"it cannot run: {string.Join("; ", diagnostics.Where(diagnostic => diagnostic.Severity == Severity.Error).Select(diagnostic => diagnostic.Text).Take(3))}");
        }

        var inputs = WorkflowInputs.Bind(definition, asked.Inputs);
        if (!inputs.Problems.IsEmpty)
        {
            return new HandRun.Refused(string.Join("; ", inputs.Problems));
        }

        var id = DefinitionDesk.NewId(node.Clocks);
        AuditStore.Append(transaction, node.Clocks.Now, by, "workflow.run_by_hand", id, new { definition = version.DefinitionId, version = version.Id });
        node.Workflows.Start(transaction, id, definition.Write(), inputs.Values, node.Clocks.Now);
        return new HandRun.Started(id);
    }

    /// <summary>Why the instance was not stopped; null where it was.</summary>
    public static string? Cancel(Transaction transaction, Node node, string instanceId, string by)
    {
        if (WorkflowStore.Find(transaction.Connection, instanceId) is null)
        {
            return "there is no such instance";
        }

        if (FixStore.OfInstance(transaction.Connection, instanceId) is { } fix)
        {
            return $"it is the run of the fix {fix.Id}, and is stopped by cancelling the fix, which undoes what it changed";
        }

        AuditStore.Append(transaction, node.Clocks.Now, by, "workflow.cancelled_by_hand", instanceId);
        node.Workflows.Handle(transaction, instanceId, new WorkflowCommand.Cancel(node.Clocks.Now, $"cancelled by {by}"));
        return null;
    }
}
