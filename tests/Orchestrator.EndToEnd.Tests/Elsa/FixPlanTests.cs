using System.Text.Json.Nodes;
using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Keys;

namespace Orchestrator.EndToEnd.Tests.Elsa;

public sealed class FixPlanTests(DesignerServer server) : IClassFixture<DesignerServer>
{
    [Fact]
    public async Task A_plan_is_shown_with_its_concrete_inputs_for_reading_only_and_looking_changes_nothing()
    {
        var sha = await server.ProposeAsync("p1");
        using var author = await server.AsAsync("author@example.org", Role.Author);
        var before = server.Node.Database.Read(AuditStore.LastSequence);
        var plan = await DesignerServer.OpenAsync(author, "fix-p1");
        Assert.False(DesignerServer.MayPublish(plan));
        Assert.Equal(("fix-p1", "fix-p1@1", true), (plan["definitionId"]!.ToString(), plan["id"]!.ToString(), plan["isPublished"]!.GetValue<bool>()));
        var find = DesignerServer.Activity(plan, "find");
        Assert.Equal("""{"type":"Literal","value":"225"}""", find["budget"]!["expression"]!.ToJsonString());
        Assert.Equal("ink='q4'", find["segment"]!["expression"]!["value"]!.ToString());
        Assert.Equal((before, sha), (server.Node.Database.Read(AuditStore.LastSequence), Of("p1").Plan!.Sha256));
    }

    [Fact]
    public async Task An_edit_goes_to_a_scratch_that_only_its_editor_sees_and_publishing_it_submits_the_next_plan()
    {
        var sha = await server.ProposeAsync("p2");
        using var editor = await server.AsAsync("editor@example.org", Role.Author);
        using var other = await server.AsAsync("other@example.org", Role.Author, Role.Approver);
        using var begun = await editor.PostAsync("/api/fixes/p2/edit", "{}");
        Assert.True(begun.IsSuccessStatusCode);
        using var second = await other.PostAsync("/api/fixes/p2/edit", "{}");
        Assert.Equal((409, "fix-p2 cannot be edited now: editor@example.org is editing it."), await SaidAsync(second));

        var scratch = await DesignerServer.OpenAsync(editor, "fix-p2");
        Assert.Equal((true, 2, true, false), (DesignerServer.MayPublish(scratch), Number(scratch), scratch["isSystem"]!.GetValue<bool>(), scratch["isPublished"]!.GetValue<bool>()));
        DesignerServer.Activity(scratch, "find")["budget"]!["expression"]!["value"] = "100";
        var saved = await DesignerServer.SavedAsync(editor, scratch, publish: false);
        Assert.Equal("100", DesignerServer.Activity(saved, "find")["budget"]!["expression"]!["value"]!.ToString());
        Assert.Equal(("225", sha), (DesignerServer.Activity(await DesignerServer.OpenAsync(other, "fix-p2"), "find")["budget"]!["expression"]!["value"]!.ToString(), Of("p2").Plan!.Sha256));

        var submitted = await DesignerServer.SavedAsync(editor, saved, publish: true);
        var fix = Of("p2");
        Assert.Equal((FixState.Proposed, 2, "editor@example.org"), (fix.State, fix.PlanNumber, fix.ProposedBy));
        Assert.NotEqual(sha, fix.Plan!.Sha256);
        Assert.Equal("not computed: editor@example.org changed the plan", fix.Plan.Prediction.Basis);
        Assert.Equal(("fix-p2@2", false), (submitted["id"]!.ToString(), DesignerServer.MayPublish(submitted)));
        using var own = await editor.PostAsync("/api/fixes/p2/edit", "{}");
        Assert.True(own.IsSuccessStatusCode);
        var versions = JsonNode.Parse(await other.TextAsync("/elsa/api/workflow-definitions?versionOptions=AllVersions&DefinitionIds=fix-p2&Page=0&PageSize=10"))!["items"]!.AsArray();
        Assert.Equal([2, 1], versions.Select(version => version!["version"]!.GetValue<int>()));
    }

    [Fact]
    public async Task An_input_that_an_activity_no_longer_follows_is_none_of_the_next_plan_and_the_others_stand_over_every_edit()
    {
        await server.ProposeAsync("p8");
        using var editor = await server.AsAsync("editor@example.org", Role.Author);
        Assert.Equal(["dataset", "label_budget", "model", "ranking", "segment"], Of("p8").Plan!.Inputs.Keys);
        await SubmitAsync(editor, "p8", "budget", "200");
        Assert.Equal(["dataset", "model", "ranking", "segment"], Of("p8").Plan!.Inputs.Keys);
        Assert.Equal("ink='q4'", Of("p8").Plan!.Inputs["segment"].GetString());
        await SubmitAsync(editor, "p8", "segment", "ink='q1'");
        Assert.Equal(["dataset", "model", "ranking"], Of("p8").Plan!.Inputs.Keys);
        var plan = await DesignerServer.OpenAsync(editor, "fix-p8");
        var (find, relabel) = (DesignerServer.Activity(plan, "find"), DesignerServer.Activity(plan, "relabel"));
        Assert.Equal(["200", "ink='q1'", "digits-train"], new[] { "budget", "segment", "dataset" }.Select(input => Written(find, input)));
        Assert.Equal(["225", "digits-train"], new[] { "budget", "dataset" }.Select(input => Written(relabel, input)));
    }

    [Fact]
    public async Task A_plan_never_asks_for_more_labels_than_the_rule_allows()
    {
        await server.ProposeAsync("p3");
        using var editor = await server.AsAsync("editor@example.org", Role.Author);
        using var begun = await editor.PostAsync("/api/fixes/p3/edit", "{}");
        var scratch = await DesignerServer.OpenAsync(editor, "fix-p3");
        DesignerServer.Activity(scratch, "find")["budget"]!["expression"]!["value"] = "226";
        using var refused = await DesignerServer.SaveAsync(editor, scratch, publish: true);
        Assert.Equal((422, "Find suspects asks for 226 rows, more than the 225 of the rule's label_budget."), await SaidAsync(refused));
        Assert.Equal(1, Of("p3").PlanNumber);
    }

    [Fact]
    public async Task Publishing_without_a_change_leaves_the_plan_as_it_is_and_so_does_giving_up()
    {
        var sha = await server.ProposeAsync("p4");
        using var editor = await server.AsAsync("editor@example.org", Role.Author);
        using var begun = await editor.PostAsync("/api/fixes/p4/edit", "{}");
        using var same = await DesignerServer.SaveAsync(editor, await DesignerServer.OpenAsync(editor, "fix-p4"), publish: true);
        Assert.Equal("Nothing was changed: plan 1 stands.", Uri.UnescapeDataString(same.Headers.GetValues("x-orchestrator-said").Single()));
        using var again = await editor.PostAsync("/api/fixes/p4/edit", "{}");
        using var given = await editor.SendAsync(HttpMethod.Delete, "/api/fixes/p4/edit");
        Assert.Equal((204, sha, 1), ((int)given.StatusCode, Of("p4").Plan!.Sha256, Of("p4").PlanNumber));
        Assert.False(DesignerServer.MayPublish(await DesignerServer.OpenAsync(editor, "fix-p4")));
    }

    [Fact]
    public async Task A_save_without_the_edit_lock_is_kept_and_refused()
    {
        await server.ProposeAsync("p5");
        using var author = await server.AsAsync("author@example.org", Role.Author);
        var plan = await DesignerServer.OpenAsync(author, "fix-p5");
        DesignerServer.Activity(plan, "find")["budget"]!["expression"]!["value"] = "1";
        using var refused = await DesignerServer.SaveAsync(author, plan, publish: true);
        var (status, said) = await SaidAsync(refused);
        Assert.Equal(409, status);
        Assert.StartsWith("It was not saved: it is not being edited: choose Edit first.", said, StringComparison.Ordinal);
        Assert.Equal(1, Of("p5").PlanNumber);
    }

    [Fact]
    public async Task A_plan_that_has_moved_on_in_the_meantime_is_not_replaced()
    {
        await server.ProposeAsync("p6");
        using var editor = await server.AsAsync("editor@example.org", Role.Author);
        using var begun = await editor.PostAsync("/api/fixes/p6/edit", "{}");
        var scratch = await DesignerServer.OpenAsync(editor, "fix-p6");
        DesignerServer.Activity(scratch, "find")["budget"]!["expression"]!["value"] = "10";
        var moved = Of("p6").Plan! with { Undo = "otherwise", Limits = Of("p6").Plan!.Limits with { LabelBudget = 200 } };
        await server.Node.CommandAsync("p6", new FixCommand.Propose(moved, "somebody") { At = server.Node.Clocks.Now }, "somebody", TestContext.Current.CancellationToken);
        using var refused = await DesignerServer.SaveAsync(editor, scratch, publish: true);
        Assert.Equal(409, (int)refused.StatusCode);
        Assert.Equal(("somebody", 2), (Of("p6").ProposedBy, Of("p6").PlanNumber));
    }

    [Fact]
    public async Task Only_a_proposed_fix_can_be_edited_and_no_fix_can_be_run_by_hand()
    {
        await server.ProposeAsync("p7");
        using var admin = await server.AsAsync("root@example.org", Role.Admin);
        using var run = await admin.PostAsync("/elsa/api/workflow-definitions/fix-p7/execute", """{"versionOptions": "Latest", "input": null}""");
        Assert.Equal(("true", false), (run.Headers.GetValues("x-elsa-workflow-cannot-start").Single(), run.Headers.Contains("x-elsa-workflow-instance-id")));
        using var rejected = await admin.PostAsync("/api/fixes/p7/reject", new { comment = "no" });
        using var begun = await admin.PostAsync("/api/fixes/p7/edit", "{}");
        Assert.Equal((409, "fix-p7 cannot be edited now: the fix is rejected, and only while it is proposed can its plan be changed."), await SaidAsync(begun));
    }

    private Fix Of(string id) => server.Node.Database.Read(connection => FixStore.Find(connection, id))!;

    private static int Number(JsonObject definition) => definition["version"]!.GetValue<int>();

    private static async Task<(int Status, string Said)> SaidAsync(HttpResponseMessage answer)
    {
        var (status, detail, next) = await Caller.ProblemAsync(answer);
        return (status, status == 409 && detail.StartsWith("It was", StringComparison.Ordinal) ? $"{detail} {next}" : detail);
    }

    private static string Written(JsonObject activity, string input) => activity[input]!["expression"]!["value"]!.ToString();

    private static async Task SubmitAsync(Caller editor, string fix, string input, string value)
    {
        using var begun = await editor.PostAsync($"/api/fixes/{fix}/edit", "{}");
        Assert.True(begun.IsSuccessStatusCode);
        var scratch = await DesignerServer.OpenAsync(editor, $"fix-{fix}");
        DesignerServer.Activity(scratch, "find")[input]!["expression"]!["value"] = value;
        await DesignerServer.SavedAsync(editor, scratch, publish: true);
    }
}
