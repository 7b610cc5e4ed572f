using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Findings;
using Orchestrator.Core.Fixes;

namespace Orchestrator.Core.Tests.Fixes;

/// <summary>A fix of the digits, brought into any state by its own events.</summary>
internal static class FixStory
{
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);

    public static readonly FixTerms Terms = new(
        "relabel-rebuild-retrain", false, ["ml-leads"], "author@example.org", TimeSpan.FromDays(3), new("model_accuracy > 0.93", TimeSpan.FromHours(2), 100, Otherwise.Escalate));

    public static readonly FixTerms Undoing = Terms with { Verification = Terms.Verification! with { Otherwise = Otherwise.Compensate } };

    public static readonly FixPlan Plan = new FixPlan(
        "f-1",
        "LabelErrors",
        "r-1",
        """{"root":{"type":"Elsa.Flowchart"},"layout":[1,2]}""",
        """{"root":{"type":"Elsa.Flowchart"}}""",
        Inputs("""{"dataset":"digits-train","label_budget":180}"""),
        new PlanEvidence([new Evidence("data_label_error_ratio", 0.2, 900, ["17", "4"])], new BlamedSegment("ink = 'q4'", 225, 120, 0.5, 0.001), Versions("v1"), "c-1"),
        new PatchLimits("digits-train", ["relabel"], 180, 225),
        new PredictedEffect("model_accuracy", 0.867, 0.95, "suggested labels"),
        "the previous dataset version and champion are restored").Sealed();

    /// <summary>Ann answered three rows and called two of them an 8.</summary>
    public static readonly PatchProposal Patch = new("p-1", "digits-train", 3, [new LabelChange("3", "8", 2)], ["ann@example.org"])
    {
        Bookmark = "labels:x-1-run/4", Outcome = "Done", Outputs = Inputs("""{"Patch":"p-1"}"""),
    };

    public static ImmutableSortedDictionary<string, JsonElement> Inputs(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public static ImmutableSortedDictionary<string, string> Versions(string digits) =>
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("digits-train", digits);

    /// <summary>One hour passes between two events.</summary>
    public static Fix In(FixState state, FixTerms? terms = null) => Events(state, terms ?? Terms).Aggregate((Fix?)null, Fix.Evolve)!;

    public static FixCommand.Open Open(FixTerms? terms = null) => new("x-1", "f-1", "LabelErrors", "digits", "LabelErrors|digits|digits-train", terms ?? Terms) { At = Start };

    public static IReadOnlyList<FixEvent> Accepted(FixDecision decision) => Assert.IsType<FixDecision.Accepted>(decision).Events;

    public static string Refused(FixDecision decision) => Assert.IsType<FixDecision.Refused>(decision).Reason;

    public static Fix Apply(Fix? fix, FixCommand command) => Accepted(FixDecision.Decide(fix, command)).Aggregate(fix, Fix.Evolve)!;

    private static List<FixEvent> Events(FixState state, FixTerms terms)
    {
        FixEvent[] path =
        [
            new FixEvent.Opened("x-1", "f-1", "LabelErrors", "digits", "LabelErrors|digits|digits-train", terms) { At = Start },
            new FixEvent.Proposed(Plan, "system", Start.AddHours(1) + terms.Expires) { At = Start.AddHours(1) },
            new FixEvent.Approved(Plan.Sha256, "lead@example.org", null) { At = Start.AddHours(2) },
            new FixEvent.Started("x-1-run") { At = Start.AddHours(3) },
            new FixEvent.Ran(Start.AddHours(6), "the workflow finished") { At = Start.AddHours(4) },
            new FixEvent.CompensationStarted("the metric did not recover") { At = Start.AddHours(6) },
        ];
        var before = state switch
        {
            FixState.Rejected or FixState.Expired => FixState.Proposed,
            FixState.Superseded => FixState.Approved,
            FixState.Succeeded or FixState.Failed => FixState.Verifying,
            FixState.Compensated => FixState.Compensating,
            _ => state,
        };
        return [.. path[..((int)before + 1)], .. Fix.IsFinal(state) ? [new FixEvent.Ended(state, "it ended", null) { At = Start.AddHours(7) }] : Array.Empty<FixEvent>()];
    }
}
