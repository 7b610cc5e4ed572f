using Orchestrator.EndToEnd.Tests.Elsa;
using Orchestrator.Runtime.Keys;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.Browser.Tests;

/// <summary>The server goes away and comes back while pages are open.</summary>
public sealed class RestartTests(DesignerServer server, Chromium chromium) : IClassFixture<DesignerServer>
{
    [Fact(Skip = Whole.Why, SkipUnless = nameof(Whole.IsAsked), SkipType = typeof(Whole))]
    public async Task A_page_says_that_the_server_is_away_and_goes_on_by_itself()
    {
        await server.ProposeAsync("s1");
        await using var tab = await SignInAsync(Role.Approver);
        await tab.GoAsync("/fixes");
        await Expect(tab.Link("WrongLabels").First).ToBeVisibleAsync();
        await server.RestartAsync(async () =>
        {
            await Expect(tab.Page.GetByText("not connected")).ToBeVisibleAsync();
            await Screens.TakeAsync(tab, "server-away");
            await Expect(tab.Link("WrongLabels").First).ToBeVisibleAsync();
        });
        await Expect(tab.Page.GetByText("not connected")).ToBeHiddenAsync();
        await server.ProposeAsync("s2");
        await Expect(tab.Link("WrongLabels").Nth(1)).ToBeVisibleAsync();
    }

    [Fact(Skip = Whole.Why, SkipUnless = nameof(Whole.IsAsked), SkipType = typeof(Whole))]
    public async Task A_change_on_the_canvas_is_saved_once_the_server_is_back()
    {
        await server.ProposeAsync("s3");
        await using var tab = await SignInAsync(Role.Author);
        await tab.GoAsync("/fixes/s3");
        await tab.Button("Change the plan").ClickAsync();
        await Expect(tab.Frame.Publish).ToBeVisibleAsync();
        await tab.Frame.ChooseAsync("Find suspects");
        var saved = Task.FromResult<Microsoft.Playwright.IResponse>(null!);
        await server.RestartAsync(async () =>
        {
            saved = tab.SavedAsync(() => tab.Frame.TypeAsync("Budget", "77"), 200);
            await Expect(tab.Frame.Said).ToContainTextAsync("The server does not answer.");
            await Screens.TakeSightAsync(tab.Page, "server-away-canvas");
        });
        await saved;
        Assert.Equal("77", await server.BudgetAsync("ann@example.org", "s3"));
        await Expect(tab.Frame.Said).ToBeHiddenAsync();
    }

    private async Task<Tab> SignInAsync(Role role)
    {
        using var caller = await server.AsAsync("ann@example.org", role);
        return await chromium.SignInAsync(server.Url, caller.Authorization["Bearer ".Length..]);
    }
}
