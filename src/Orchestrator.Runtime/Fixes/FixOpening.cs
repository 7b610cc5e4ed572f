using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Orchestrator.Core.Findings;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Rules;
using Orchestrator.Runtime.Findings;
using Orchestrator.Runtime.Revisions;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Fixes;

/// <summary>A firing alert with its rule and its finding.</summary>
public sealed record FiredRule(LoadedRevision Revision, Rule.Alerting Rule, Alert Alert, Finding Finding);

/// <summary>Opens the fix that a rule asks for, unless a guardrail holds it back; then the finding says why.</summary>
public sealed class FixOpening(FixRunner runner)
{
    public void Consider(Transaction transaction, FiredRule fired, DateTimeOffset now)
    {
        if (fired.Rule.Then is not { } then || fired.Rule.Mode == RuleMode.Shadow)
        {
            return;
        }

        var before = FixStore.OfFinding(transaction.Connection, fired.Finding.Id);
        if (before.Any(fix => fix.IsOpen))
        {
            return;
        }

        var command = Command(fired, then, before.Count + 1, now);
        var budget = LabelBudget(then.InputsFor(fired.Alert.Data));
        var objection = Rejected(before) ?? Guardrails.OutsideHours(then.Limits.ActiveHours, now) ?? Guardrails.Objection(command, budget, FixLimits.Of(then), Context(transaction, command));
        if (objection != fired.Finding.Held)
        {
            FindingStore.Save(transaction, fired.Finding with { Held = objection });
        }

        if (objection is null)
        {
            runner.Open(transaction, command, then.Priority, budget);
        }
    }

    /// <summary>Labels that the fix may ask for: its input <c>label_budget</c>, 0 where it has none.</summary>
    private static int LabelBudget(ImmutableSortedDictionary<string, JsonElement> inputs) =>
        inputs.TryGetValue("label_budget", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var budget) ? budget : 0;

    private static FixCommand.Open Command(FiredRule fired, FixTemplate then, int number, DateTimeOffset now)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{fired.Finding.Id}-{number}");
        var labels = fired.Alert.Labels;
        var model = labels["model"] is { Length: > 0 } name ? name : null;
        return new FixCommand.Open(id, fired.Finding.Id, fired.Rule.Name, model, then.DedupKey(labels), FixTerms.Of(then, fired.Revision.Author)) { At = now };
    }

    private static GuardrailContext Context(Transaction transaction, FixCommand.Open command) =>
        FixRunner.Context(transaction.Connection, command.Model) with { BreakerReset = Breaker.ResetAt(transaction.Connection, command.DedupKey) };

    private static string? Rejected(IReadOnlyList<Fix> before) =>
        before.FirstOrDefault(fix => fix.State == FixState.Rejected || fix.CancelledBy is not null) is { } rejected
            ? $"the fix {rejected.Id} was {(rejected.CancelledBy is null ? "rejected" : "stopped")}: {rejected.Reason}"
            : null;
}
