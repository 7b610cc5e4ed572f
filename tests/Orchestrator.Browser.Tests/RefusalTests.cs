using Microsoft.Playwright;
using Orchestrator.Core.Fixes;
using Orchestrator.EndToEnd.Tests.Elsa;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Keys;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.Browser.Tests;

/// <summary>What goes wrong is said in words on the page, with what to do next, and nothing that somebody typed is lost.</summary>
public sealed class RefusalTests(DesignerServer server, Chromium chromium) : IClassFixture<DesignerServer>
{
    [Fact(Skip = Whole.Why, SkipUnless = nameof(Whole.IsAsked), SkipType = typeof(Whole))]
    public async Task A_plan_that_has_changed_since_is_not_approved_and_the_comment_stays()
    {
        await server.ProposeAsync("r1");
        await using var tab = await LookAsync("r1", Role.Approver);
        await ProposeNextAsync("r1");
        await DecideAsync(tab, "Approve");
        await Expect(Alert(tab)).ToContainTextAsync("the plan has changed since you looked");
        await Expect(Alert(tab)).ToContainTextAsync("read it, then decide again");
        await Expect(tab.Page.GetByLabel("Comment")).ToHaveValueAsync("looks right");
        await Expect(tab.Page.GetByText("You approve plan 2")).ToBeVisibleAsync();
        await Screens.TakeAsync(tab, "refused-stale-plan");
        await tab.Button("Approve").ClickAsync();
        await Expect(tab.Page.GetByText("Approved; it starts as soon as nothing holds it.")).ToBeVisibleAsync();
        Assert.Equal(FixState.Approved, Of("r1").State);
    }

    [Fact(Skip = Whole.Why, SkipUnless = nameof(Whole.IsAsked), SkipType = typeof(Whole))]
    public async Task A_fix_that_somebody_else_has_approved_already_is_not_approved_twice()
    {
        var sha = await server.ProposeAsync("r2");
        await using var tab = await LookAsync("r2", Role.Approver);
        using var other = await server.AsAsync("other@example.org", Role.Approver);
        using var approved = await other.PostAsync("/api/fixes/r2/approve", new { plan_sha256 = sha });
        Assert.True(approved.IsSuccessStatusCode);
        await DecideAsync(tab, "Approve");
        await Expect(Alert(tab)).ToContainTextAsync("the fix is approved, not proposed");
        await Expect(tab.Page.GetByLabel("Comment")).ToHaveValueAsync("looks right");
        await Screens.TakeAsync(tab, "refused-twice");
        Assert.Equal("other@example.org", Of("r2").ApprovedBy);
    }

    [Fact(Skip = Whole.Why, SkipUnless = nameof(Whole.IsAsked), SkipType = typeof(Whole))]
    public async Task Nobody_approves_an_edit_of_their_own()
    {
        await server.ProposeAsync("r3");
        await ProposeNextAsync("r3");
        await using var tab = await SignInAsync("somebody", Role.Approver);
        await tab.GoAsync("/fixes/r3");
        await Expect(tab.Page.GetByText("somebody else has to approve it")).ToBeVisibleAsync();
        await Expect(tab.Button("Approve")).ToBeDisabledAsync();
        await Expect(tab.Button("Reject")).ToBeEnabledAsync();
        await Screens.TakeAsync(tab, "refused-own-edit");
    }

    [Fact(Skip = Whole.Why, SkipUnless = nameof(Whole.IsAsked), SkipType = typeof(Whole))]
    public async Task A_fault_of_the_server_is_told_and_the_comment_stays()
    {
        await server.ProposeAsync("r4");
        await using var tab = await LookAsync("r4", Role.Approver);
        await tab.Page.RouteAsync("**/reject", route => route.FulfillAsync(new()
        {
            Status = 500, ContentType = "application/problem+json", Body = """{"detail": "The server failed to answer this request.", "next": "Its log says why, under 0HN1."}""",
        }));
        await DecideAsync(tab, "Reject");
        await Expect(Alert(tab)).ToContainTextAsync("The server failed to answer this request.");
        await Expect(Alert(tab)).ToContainTextAsync("Its log says why, under 0HN1.");
        await Expect(tab.Page.GetByLabel("Comment")).ToHaveValueAsync("looks right");
        Assert.Equal(FixState.Proposed, Of("r4").State);
    }

    [Fact(Skip = Whole.Why, SkipUnless = nameof(Whole.IsAsked), SkipType = typeof(Whole))]
    public async Task A_plan_that_asks_for_too_much_is_refused_on_the_canvas_and_what_was_typed_stays()
    {
        await server.ProposeAsync("r5");
        await using var tab = await BeginAsync("r5");
        await tab.SavedAsync(() => tab.Frame.TypeAsync("Budget", "226"));
        var refused = await tab.SavedAsync(() => tab.Frame.Publish.ClickAsync(), publish: true);
        Assert.Equal(422, refused.Status);
        await Expect(tab.Frame.Said).ToContainTextAsync("Find suspects asks for 226 rows, more than the 225 of the rule's label_budget.");
        await Expect(tab.Frame.Field("Budget")).ToHaveValueAsync("226");
        await Screens.TakeSightAsync(tab.Page, "refused-budget");
        Assert.Equal(1, Of("r5").PlanNumber);
    }

    [Fact(Skip = Whole.Why, SkipUnless = nameof(Whole.IsAsked), SkipType = typeof(Whole))]
    public async Task A_session_that_ends_in_mid_edit_is_opened_anew_and_the_change_is_saved_then()
    {
        await server.ProposeAsync("r6");
        await using var tab = await BeginAsync("r6");
        await server.EndSessionsAsync();
        var saved = tab.SavedAsync(() => tab.Frame.TypeAsync("Budget", "120"), 200);
        await Expect(tab.Frame.Said).ToContainTextAsync("Your session has ended. Sign in again");
        await Expect(tab.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Nothing on this page is lost");
        await Screens.TakeSightAsync(tab.Page, "session-ended");
        await tab.ShowKeyAsync(await KeyAsync("ann@example.org", Role.Author));
        await saved;
        Assert.Equal("120", await server.BudgetAsync("ann@example.org", "r6"));
        await Expect(tab.Frame.Said).ToBeHiddenAsync();
        await Expect(tab.Frame.Field("Budget")).ToHaveValueAsync("120");
    }

    [Fact(Skip = Whole.Why, SkipUnless = nameof(Whole.IsAsked), SkipType = typeof(Whole))]
    public async Task Of_two_people_the_second_sees_who_is_changing_a_plan_and_cannot_change_it()
    {
        await server.ProposeAsync("r7");
        using var first = await server.AsAsync("first@example.org", Role.Author);
        using var begun = await first.PostAsync("/api/fixes/r7/edit", "{}");
        await using var tab = await SignInAsync("second@example.org", Role.Author);
        await tab.GoAsync("/fixes/r7");
        await Expect(tab.Page.GetByText("first@example.org is changing it")).ToBeVisibleAsync();
        await Expect(tab.Button("Change the plan")).ToBeHiddenAsync();
        await Expect(tab.Frame.Body.GetByText("read-only mode")).ToBeVisibleAsync();
        await Screens.TakeAsync(tab, "edited-by-another");
        using var given = await first.SendAsync(HttpMethod.Delete, "/api/fixes/r7/edit");
        await Expect(tab.Button("Change the plan")).ToBeVisibleAsync();
    }

    private static ILocator Alert(Tab tab) => tab.Page.GetByRole(AriaRole.Alert).First;

    /// <summary>Somebody who looks at a fix, and hears nothing of what happens to it afterwards.</summary>
    private async Task<Tab> LookAsync(string fix, Role role)
    {
        var tab = await SignInAsync("ann@example.org", role);
        await tab.Page.RouteAsync("**/api/events", route => route.AbortAsync());
        await tab.GoAsync($"/fixes/{fix}");
        await Expect(tab.Page.GetByText("You approve plan 1")).ToBeVisibleAsync();
        return tab;
    }

    private static async Task DecideAsync(Tab tab, string verb)
    {
        await tab.Page.GetByLabel("Comment").FillAsync("looks right");
        await tab.Button(verb).ClickAsync();
    }

    private async Task<Tab> BeginAsync(string fix)
    {
        var tab = await SignInAsync("ann@example.org", Role.Author);
        await tab.GoAsync($"/fixes/{fix}");
        await tab.Button("Change the plan").ClickAsync();
        await Expect(tab.Page.GetByText("You are changing it")).ToBeVisibleAsync();
        await Expect(tab.Frame.Publish).ToBeVisibleAsync();
        await tab.Frame.ChooseAsync("Find suspects");
        await Expect(tab.Frame.Field("Budget")).ToHaveValueAsync("225");
        return tab;
    }

    private async Task ProposeNextAsync(string fix)
    {
        var next = Of(fix).Plan! with { Undo = "otherwise", Limits = Of(fix).Plan!.Limits with { LabelBudget = 200 } };
        await server.Node.CommandAsync(fix, new FixCommand.Propose(next, "somebody") { At = server.Node.Clocks.Now }, "somebody", TestContext.Current.CancellationToken);
    }

    private async Task<Tab> SignInAsync(string name, Role role) => await chromium.SignInAsync(server.Url, await KeyAsync(name, role));

    private async Task<string> KeyAsync(string name, Role role)
    {
        using var caller = await server.AsAsync(name, role);
        return caller.Authorization["Bearer ".Length..];
    }

    private Fix Of(string id) => server.Node.Database.Read(connection => FixStore.Find(connection, id))!;
}
