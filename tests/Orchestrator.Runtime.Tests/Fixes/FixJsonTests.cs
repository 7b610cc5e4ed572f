using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Findings;
using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Tests.Fixes;

public sealed class FixJsonTests
{
    private static readonly DateTimeOffset _at = new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero).AddTicks(1234567);

    private static readonly FixPlan _plan = new FixPlan(
        "f-1",
        "LabelErrors",
        "r-1",
        """{"root":{"type":"Elsa.Flowchart","metadata":{"é":"<>&'\""}}}""",
        """{"root":{"type":"Elsa.Flowchart"}}""",
        new Dictionary<string, JsonElement>
        {
            ["budget"] = JsonSerializer.SerializeToElement(180), ["Budget"] = JsonSerializer.SerializeToElement(1.50m), ["é"] = JsonSerializer.SerializeToElement<string?>(null),
            ["deep"] = JsonSerializer.SerializeToElement(new { b = new[] { 1, 2 }, a = "x" }),
        }.ToImmutableSortedDictionary(StringComparer.Ordinal),
        new PlanEvidence(
            [new Evidence("data_label_error_ratio", 0.2, 900, ["17", "4"]), new Evidence("model_auroc", double.NaN, 0, [])],
            new BlamedSegment("ink = 'q4'", 225, 120, 0.5, 1e-12),
            ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("digits-train", "v1").Add("Digits", "v2"),
            "c-1"),
        new PatchLimits("digits-train", ["relabel", "drop"], 180, null),
        new PredictedEffect("model_accuracy", 0.867, null, "suggested labels"),
        "the previous version is restored").Sealed();

    private static readonly Fix _fix = new(
        "x-1", "f-1", "LabelErrors", null, "LabelErrors|digits", new FixTerms("relabel", false, ["ml-leads"], null, TimeSpan.FromDays(3), new("a > 1", TimeSpan.FromHours(2), 100, Otherwise.Compensate)), FixState.Proposed, _at)
    {
        Plan = _plan, PlanNumber = 2, ProposedBy = "editor@example.org", Deadline = _at.AddDays(3),
    };

    private static readonly PatchProposal _patch = new("p-1", "digits-train", 3, [new LabelChange("3", null, 2)], ["ann"])
    {
        Bookmark = "labels:x", Outcome = "Done", Outputs = _plan.Inputs,
    };

    [Fact]
    public void A_fix_with_its_plan_comes_back_as_it_was()
    {
        var text = Json.Write(_fix);
        var back = Json.Read<Fix>(text);

        Assert.Equal(text, Json.Write(back));
        Assert.Equal(
            (_fix.OpenedAt, _fix.Deadline, _fix.State, _fix.PlanNumber, _fix.ProposedBy, _fix.Model),
            (back.OpenedAt, back.Deadline, back.State, back.PlanNumber, back.ProposedBy, back.Model));
        Assert.Equal(_fix.Terms.Verification, back.Terms.Verification);
        Assert.Equal(_plan.Definition, back.Plan!.Definition);
        Assert.Equal(_plan.Evidence.Segment, back.Plan.Evidence.Segment);
        Assert.Equal((IEnumerable<string>)["17", "4"], back.Plan.Evidence.Numbers[0].RowIds);
        Assert.True(double.IsNaN(back.Plan.Evidence.Numbers[1].Value));
    }

    [Fact]
    public void The_hash_of_a_plan_is_stored_with_it_and_is_the_same_when_computed_again()
    {
        var back = Json.Read<FixPlan>(Json.Write(_plan));

        Assert.Equal(64, _plan.Sha256.Length);
        Assert.Equal(_plan.Sha256, back.Sha256);
        Assert.Equal(_plan.Sha256, back.Sealed().Sha256);
    }

    [Fact]
    public void Every_event_comes_back_under_a_name_of_its_own()
    {
        FixEvent[] events =
        [
            new FixEvent.Opened("x-1", "f-1", "LabelErrors", null, "key", _fix.Terms) { At = _at },
            new FixEvent.Proposed(_plan, "system", _at.AddDays(3)) { At = _at },
            new FixEvent.Approved(_plan.Sha256, "lead@example.org", null) { At = _at },
            new FixEvent.Started("x-1-run") { At = _at },
            new FixEvent.PatchProposed(_patch, _at.AddDays(3)) { At = _at },
            new FixEvent.PatchApproved("p-1", "lead@example.org", "fine") { At = _at },
            new FixEvent.CompensationStarted("rejected") { At = _at, UndoneAs = FixState.Rejected },
            new FixEvent.Ran(_at.AddHours(2), "the workflow finished") { At = _at },
            new FixEvent.CompensationStarted("no recovery") { At = _at },
            new FixEvent.Ended(FixState.Compensated, "undone", "lead@example.org") { At = _at },
        ];
        var texts = events.Select(@event => Json.Write(@event)).ToList();

        Assert.Equal(texts, texts.Select(text => Json.Write(Json.Read<FixEvent>(text))));
        Assert.Equal(events.Select(@event => @event.GetType()), texts.Select(text => Json.Read<FixEvent>(text).GetType()));
        Assert.Equal(
            """{"$type":"ended","state":"compensated","reason":"undone","by":"lead@example.org","at":"2026-01-05T08:00:00.1234567+00:00"}""", texts[^1]);
    }
}
