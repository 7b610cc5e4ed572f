using System.Text.Json.Nodes;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Keys;
using Orchestrator.Server.Elsa;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.EndToEnd.Tests.Elsa;

/// <summary>Elsa Studio itself, in a browser, over this server.</summary>
public sealed class CanvasTests(DesignerServer server, Chromium chromium) : IClassFixture<DesignerServer>, IClassFixture<Chromium>
{
    [Fact]
    public async Task An_authored_definition_opens_on_the_canvas_for_reading_only()
    {
        await using var tab = await SignInAsync("reader@example.org", Role.Author);
        await tab.OpenAsync("/studio/definitions/relabel-rebuild-retrain");
        await Expect(tab.Node("Retrain")).ToBeVisibleAsync();
        await Expect(tab.Page.GetByText("read-only mode")).ToBeVisibleAsync();
        await tab.PictureAsync("authored-definition");
        Assert.Empty(await tab.ComplaintsAsync());
    }

    [Fact]
    public async Task An_input_of_a_fix_is_changed_on_the_canvas_saved_and_submitted_as_the_next_plan()
    {
        await server.ProposeAsync("canvas");
        await using var tab = await SignInAsync("editor@example.org", Role.Author);
        var begun = await tab.Page.Context.APIRequest.PostAsync("/api/fixes/canvas/edit", new() { Headers = [new("Origin", server.Url.GetLeftPart(UriPartial.Authority))] });
        Assert.True(begun.Ok, await begun.TextAsync());
        await tab.OpenAsync("/studio/definitions/fix-canvas");
        await tab.Node("Find suspects").ClickAsync();
        await Expect(tab.Field("Budget")).ToHaveValueAsync("225");
        await tab.PictureAsync("fix-plan-1");
        var saved = await tab.SavedAsync(async () =>
        {
            await tab.Field("Budget").FillAsync("120");
            await tab.Field("Budget").PressAsync("Tab");
        });
        Assert.True(saved.Ok, await saved.TextAsync());
        Assert.Equal(1, Plan("canvas").PlanNumber);
        var submitted = await tab.SavedAsync(tab.PublishAsync, publish: true);
        Assert.True(submitted.Ok, await submitted.TextAsync());
        await Expect(tab.Page.Locator("#said")).ToHaveTextAsync("Submitted as plan 2. Somebody else has to approve it.");
        await tab.PictureAsync("fix-plan-2");
        var fix = Plan("canvas");
        Assert.Equal((2, FixState.Proposed, "editor@example.org"), (fix.PlanNumber, fix.State, fix.ProposedBy));
        var find = JsonNode.Parse(fix.Plan!.Definition)!["root"]!["activities"]!.AsArray().Single(activity => activity!["id"]!.ToString() == "find")!;
        Assert.Equal("120", find["budget"]!["expression"]!["value"]!.ToString());
        Assert.Empty(await tab.ComplaintsAsync());
    }

    [Fact]
    public async Task What_is_refused_is_said_on_the_page_and_stays_on_the_canvas()
    {
        using var other = await server.AsAsync("other@example.org", Role.Author);
        await using var tab = await SignInAsync("late@example.org", Role.Author);
        var model = JsonNode.Parse(ElsaFiles.Small)!.AsObject();
        var saved = await DesignerServer.SavedAsync(other, model, publish: true);
        await tab.OpenAsync($"/studio/definitions/{saved["definitionId"]}");
        await tab.Node("Fault").ClickAsync();
        await Expect(tab.Field("Message")).ToHaveValueAsync("it was not set");
        saved["description"] = "of another";
        await DesignerServer.SavedAsync(other, saved, publish: false);
        var refused = await tab.SavedAsync(async () =>
        {
            await tab.Field("Message").FillAsync("mine");
            await tab.Field("Message").PressAsync("Tab");
        });
        Assert.Equal(409, refused.Status);
        await Expect(tab.Page.Locator("#said")).ToContainTextAsync("It was not saved: other@example.org is editing it");
        await Expect(tab.Field("Message")).ToHaveValueAsync("mine");
        await tab.PictureAsync("refused");
    }

    [Fact]
    public async Task A_run_is_shown_with_its_badges_and_its_journal()
    {
        using var admin = await server.AsAsync("root@example.org", Role.Admin);
        await server.Node.Database.WriteAsync(transaction => server.Node.Fixes.SetKillSwitch(transaction, on: false, "test", server.Node.Clocks.Now), TestContext.Current.CancellationToken);
        var saved = await DesignerServer.SavedAsync(admin, JsonNode.Parse(ElsaFiles.Small)!.AsObject(), publish: true);
        using var run = await admin.PostAsync($"/elsa/api/workflow-definitions/{saved["definitionId"]}/execute", """{"input": null}""");
        var id = run.Headers.GetValues("x-elsa-workflow-instance-id").Single();
        await using var tab = await SignInAsync("watcher@example.org", Role.Viewer);
        await tab.OpenAsync($"/studio/instances/{id}");
        await Expect(tab.Node("Set Variable")).ToContainTextAsync("1");
        await tab.Node("Decision").ClickAsync();
        await Expect(tab.Page.GetByText("Condition").First).ToBeVisibleAsync();
        await tab.PictureAsync("run");
        Assert.Empty(await tab.ComplaintsAsync());
    }

    [Theory]
    [InlineData("definitions", "Relabel, rebuild, retrain")]
    [InlineData("instances", "Workflow instances")]
    public async Task Lists_show_what_there_is(string noun, string words)
    {
        await using var tab = await SignInAsync("reader@example.org", Role.Viewer);
        await tab.OpenAsync($"/studio/{noun}");
        await Expect(tab.Page.GetByText(words).First).ToBeVisibleAsync();
        await tab.PictureAsync(noun);
        Assert.Empty(await tab.ComplaintsAsync());
    }

    [Fact]
    public async Task Without_a_session_the_page_says_so_and_stands_in_a_frame_of_its_own_origin()
    {
        await using var tab = await SignInAsync("reader@example.org", Role.Viewer);
        await tab.Page.Context.ClearCookiesAsync();
        await tab.Page.GotoAsync("/studio/3.8.2/NOTICE.txt");
        await tab.Page.EvaluateAsync("() => { const frame = document.createElement('iframe'); frame.src = '/studio/definitions'; document.body.append(frame); }");
        await Expect(tab.Page.FrameLocator("iframe").GetByText("Sign in first, then load this page again.")).ToBeVisibleAsync();
    }

    private async Task<Tab> SignInAsync(string name, Role role)
    {
        Assert.SkipUnless(StudioFiles.OfProgram().AreThere, "Elsa Studio is not part of this build: npm was missing");
        using var caller = await server.AsAsync(name, role);
        return await chromium.SignInAsync(server.Url, caller.Authorization["Bearer ".Length..]);
    }

    private Fix Plan(string id) => server.Node.Database.Read(connection => FixStore.Find(connection, id))!;
}
