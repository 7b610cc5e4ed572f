using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Findings;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Series;
using Orchestrator.Core.Workflows;
using Orchestrator.EndToEnd.Tests.Commands;
using Orchestrator.Runtime.Findings;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Keys;

namespace Orchestrator.EndToEnd.Tests.Fixes;

public sealed class ApprovalTests(LiveServer server) : IClassFixture<LiveServer>
{
    [Fact]
    public async Task Only_a_member_of_the_rules_group_approves_and_only_the_plan_that_stands()
    {
        var plan = await ProposeAsync("f1");
        using var outsider = await server.ClientOfAsync("other@example.org", Role.Approver);
        using var lead = await server.ClientOfAsync("lead@example.org", Role.Approver);

        using var notInGroup = await outsider.PostAsync("/api/fixes/f1/approve", new { plan_sha256 = plan });
        using var otherPlan = await lead.PostAsync("/api/fixes/f1/approve", new { plan_sha256 = new string('0', 64) });
        using var approved = await lead.PostAsync("/api/fixes/f1/approve", new { plan_sha256 = plan, comment = "looked at the rows" });
        using var again = await lead.PostAsync("/api/fixes/f1/approve", new { plan_sha256 = plan });

        Assert.Equal((409, "The fix f1 stays as it is: other@example.org is in none of the groups that may approve it: leads."), await SaidAsync(notInGroup));
        Assert.Equal((409, $"The fix f1 stays as it is: the plan has changed since you looked: it is {plan} now; review it again."), await SaidAsync(otherPlan));
        Assert.Equal("lead@example.org", (await Caller.JsonAsync(approved)).GetProperty("approved_by").GetString());
        Assert.Equal(409, (await SaidAsync(again)).Status);
    }

    [Fact]
    public async Task A_rejection_ends_the_fix_with_the_persons_words()
    {
        await ProposeAsync("f2");
        var ended = await Ended.RunAsync("fixes", "reject", "f2", "--comment", "the rows are right", "--workspace", server.Workspace);
        Assert.Equal((0, "The fix f2 is rejected.\n"), (ended.ExitCode, ended.Output));
        using var admin = server.Admin();
        var history = (await admin.JsonAsync("/api/fixes/f2")).GetProperty("history");
        Assert.Equal("the rows are right", history[history.GetArrayLength() - 1].GetProperty("event").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task The_servers_no_is_exit_code_1()
    {
        var plan = await ProposeAsync("f3");
        var ended = await Ended.RunAsync("fixes", "approve", "f3", "--plan", plan, "--workspace", server.Workspace);
        Assert.Equal(1, ended.ExitCode);
        Assert.StartsWith("orchestrator: The fix f3 stays as it is: admin is in none of the groups", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_patch_of_a_running_fix_is_shown_and_approved_by_somebody_else_than_who_gave_the_labels()
    {
        var patch = await PatchedAsync("f4");
        var shown = await Ended.RunAsync("fixes", "show", "f4", "--workspace", server.Workspace);
        Assert.Contains("changes   2 labels of tiny, of 3 rows that labeler@example.org answered", shown.Output, StringComparison.Ordinal);
        Assert.Contains("2 from dog to cat", shown.Output, StringComparison.Ordinal);

        using var labeler = await server.ClientOfAsync("labeler@example.org", Role.Approver);
        using var lead = await server.ClientOfAsync("lead@example.org", Role.Approver);
        using var own = await labeler.PostAsync("/api/fixes/f4/patch/approve", new { patch_sha256 = patch });
        using var plan = await lead.PostAsync("/api/fixes/f4/approve", new { plan_sha256 = patch });
        using var other = await lead.PostAsync("/api/fixes/f4/patch/approve", new { patch_sha256 = new string('0', 64) });
        using var approved = await lead.PostAsync("/api/fixes/f4/patch/approve", new { patch_sha256 = patch });

        Assert.Equal(409, (await SaidAsync(own)).Status);
        Assert.Equal((409, "The fix f4 stays as it is: the fix is running, not proposed."), await SaidAsync(plan));
        Assert.Equal((409, $"The fix f4 stays as it is: the patch is {patch}: review that one."), await SaidAsync(other));
        Assert.True(approved.IsSuccessStatusCode);
        using var admin = server.Admin();
        Assert.Equal("lead@example.org", (await admin.JsonAsync("/api/fixes/f4")).GetProperty("fix").GetProperty("patch_approved_by").GetString());
        Assert.Equal("relabel", (await admin.JsonAsync("/api/fixes/f4/patch")).GetProperty("changes")[0].GetProperty("op").GetString());
    }

    /// <summary>Lets a fix of the database run until the labels are in; the hash of their patch.</summary>
    private async Task<string> PatchedAsync(string id)
    {
        await ProposeAsync(id);
        var node = server.Node;
        var rows = DataPatch.Of("tiny", "v1", [new RowChange.Relabel("1", "c", "dog", "cat"), new RowChange.Relabel("2", "c", "dog", "cat")]);
        var sha = await node.Artifacts.PutTextAsync(rows.Write(), TestContext.Current.CancellationToken);
        var patch = new PatchProposal(sha, "tiny", 3, PatchProposal.LabelsOf(rows), ["labeler@example.org"]) { Bookmark = "labels:none/1", Outcome = "Done", Outputs = Values.Empty };
        var fix = node.Database.Read(connection => FixStore.Find(connection, id))! with
        {
            State = FixState.Running,
            InstanceId = "none",
            Patch = patch,
            Deadline = node.Clocks.Now.AddDays(1),
        };
        await node.Database.WriteAsync(transaction => FixStore.Update(transaction, fix), TestContext.Current.CancellationToken);
        return sha;
    }

    private static async Task<(int Status, string Detail)> SaidAsync(HttpResponseMessage answer)
    {
        var problem = await Caller.ProblemAsync(answer);
        return (problem.Status, problem.Detail);
    }

    /// <summary>Puts a proposed fix into the database; the hash of its plan.</summary>
    private async Task<string> ProposeAsync(string id)
    {
        var now = server.Node.Clocks.Now;
        var finding = new Finding(id, id, "tiny", "FewRows", Labels.Empty, "revision", now);
        var terms = new FixTerms("notify", AutoApprove: false, ["leads"], Author: null, TimeSpan.FromDays(3), Verification: null);
        var opened = Fix.Evolve(null, new FixEvent.Opened(id, id, "FewRows", null, id, terms) { At = now });
        var evidence = new PlanEvidence([], null, ImmutableSortedDictionary<string, string>.Empty, null);
        var text = await File.ReadAllTextAsync(Repository.File("workflows/notify.json"), TestContext.Current.CancellationToken);
        var canonical = WorkflowProjection.Canonical(WorkflowDefinition.Read("notify.json", text).Definition!);
        var plan = new FixPlan(
            id, "FewRows", "revision", text, canonical, ImmutableSortedDictionary<string, JsonElement>.Empty, evidence,
            new PatchLimits(null, [], 0, null), new PredictedEffect(null, null, null, "none"), "nothing is changed");
        await server.Node.Database.WriteAsync(
            transaction =>
            {
                server.Node.Fixes.SetKillSwitch(transaction, on: true, "test", now);
                FindingStore.Save(transaction, finding);
                FixStore.Save(transaction, opened, priority: 0, labelBudget: 0);
                server.Node.Fixes.Handle(transaction, id, new FixCommand.Propose(plan, "rule") { At = now }, "rule");
            },
            TestContext.Current.CancellationToken);
        return server.Node.Database.Read(connection => FixStore.Find(connection, id))!.Plan!.Sha256;
    }
}
