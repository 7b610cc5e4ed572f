using System.Text.Json.Nodes;
using Orchestrator.EndToEnd.Tests.Elsa;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Workflows;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.Browser.Tests;

/// <summary>Elsa Studio itself over this server: definitions are opened, changed, saved, published, run and looked at.</summary>
public sealed class CanvasTests(DesignerServer server, Chromium chromium) : IClassFixture<DesignerServer>
{
    [Theory(Skip = Whole.Why, SkipUnless = nameof(Whole.IsAsked), SkipType = typeof(Whole))]
    [InlineData("relabel-rebuild-retrain")]
    [InlineData("refresh-retrain")]
    [InlineData("refit")]
    [InlineData("quarantine")]
    public async Task An_authored_definition_is_opened_changed_saved_and_proposed(string name)
    {
        await using var tab = await SignInAsync("author@example.org", Role.Author);
        await tab.GoAsync($"/workflows/definitions/{name}");
        await Expect(tab.Frame.Node("Retrain")).ToBeVisibleAsync();
        await Expect(tab.Frame.Body.GetByText("read-only mode")).ToBeVisibleAsync();
        await Expect(tab.Frame.Body.GetByText("Code View")).ToBeHiddenAsync();
        await tab.Button("Propose a change").ClickAsync();
        await Expect(tab.Page.GetByText("You are changing it")).ToBeVisibleAsync();
        await Expect(tab.Frame.Publish).ToBeVisibleAsync();
        await tab.Frame.ChooseAsync("Tell: training failed");
        await Expect(tab.Frame.Field("Target")).ToHaveValueAsync("team");
        var saved = await tab.SavedAsync(() => tab.Frame.TypeAsync("Target", "leads"));
        Assert.Equal(200, saved.Status);
        await Screens.TakeSightAsync(tab.Page, $"workflow-{name}");
        var proposed = await tab.SavedAsync(() => tab.Frame.Publish.ClickAsync(), publish: true);
        Assert.Equal(200, proposed.Status);
        await Expect(tab.Page.GetByText("Proposed. The rules come from a folder").First).ToBeVisibleAsync();
        var proposal = server.Node.Database.Read(connection => EditStore.Proposals(connection, 10)).Single(one => one.DefinitionId == name);
        var tell = JsonNode.Parse(proposal.Body)!["root"]!["activities"]!.AsArray().Single(activity => activity!["id"]!.ToString() == "tell-failed")!;
        Assert.Equal("leads", tell["target"]!["expression"]!["value"]!.ToString());
        Assert.Empty(tab.Complaints());
    }

    [Fact(Skip = Whole.Why, SkipUnless = nameof(Whole.IsAsked), SkipType = typeof(Whole))]
    public async Task A_definition_of_the_designer_is_changed_published_run_and_watched()
    {
        using var author = await server.AsAsync("root@example.org", Role.Admin);
        var made = await DesignerServer.SavedAsync(author, JsonNode.Parse(ElsaFiles.Small)!.AsObject(), publish: true);
        var id = made["definitionId"]!.ToString();
        await using var tab = await SignInAsync("root@example.org", Role.Admin);
        await tab.GoAsync($"/studio/definitions/{id}");
        await tab.Studio.ChooseAsync("Fault");
        var saved = await tab.SavedAsync(() => tab.Studio.TypeAsync("Message", "it was not set at all"));
        Assert.Equal(200, saved.Status);
        var published = await tab.SavedAsync(() => tab.Studio.Publish.ClickAsync(), publish: true);
        Assert.Equal(200, published.Status);
        var run = await tab.Page.RunAndWaitForResponseAsync(() => tab.Studio.Run.ClickAsync(), answer => answer.Url.EndsWith("/execute", StringComparison.Ordinal));
        var instance = await run.HeaderValueAsync("x-elsa-workflow-instance-id");
        Assert.NotNull(instance);
        await server.DrainAsync();
        await tab.GoAsync($"/studio/instances/{instance}");
        await Expect(tab.Studio.Node("Set Variable").Locator(".mud-badge.mud-theme-success")).ToHaveTextAsync("1");
        await Screens.TakeSightAsync(tab.Page, "studio-run");
        Assert.Equal(2, JsonNode.Parse(await author.TextAsync($"/elsa/api/workflow-definitions/by-definition-id/{id}?versionOptions=Published"))!["version"]!.GetValue<int>());
        Assert.Empty(tab.Complaints());
    }

    [Fact]
    public async Task Assemblies_that_a_browser_kept_are_not_asked_for_again_and_spoilt_ones_are_replaced()
    {
        await using var tab = await SignInAsync("reader@example.org", Role.Author);
        Assert.InRange(await OpenListAsync(tab), 1, 2); // To start with, and perhaps already to be kept.
        await KeptAsync(tab);
        Assert.Equal(0, await OpenListAsync(tab));
        await tab.Page.EvaluateAsync($"async () => {{ const file = await (await ({Kept})()).createWritable(); await file.write('spoilt'); await file.close(); }}");
        Assert.InRange(await OpenListAsync(tab), 1, 2);
        await KeptAsync(tab);
        Assert.Empty(tab.Complaints());
    }

    /// <summary>The file in the browser, beside which lies what is still being written.</summary>
    private const string Kept = """
        async () => {
          const all = await navigator.storage.getDirectory();
          const [name] = (await Array.fromAsync(all.keys())).filter(name => name.startsWith('assemblies-') && !name.endsWith('.crswap'));
          return all.getFileHandle(name ?? 'none', { create: !name });
        }
        """;

    /// <summary>Waits until the browser holds the file of many megabytes.</summary>
    private static async Task KeptAsync(Tab tab)
    {
        var size = $"(await (await ({Kept})()).getFile()).size";
        Assert.InRange(await tab.Page.EvaluateAsync<int>($"async () => {{ while ({size} < 1e6 && performance.now() < {Tab.Patience}) await new Promise(requestAnimationFrame); return {size}; }}"), 1_000_000, int.MaxValue);
    }

    /// <summary>Opens a page of Studio's; how often it asked for the file of assemblies until it was drawn.</summary>
    private static async Task<int> OpenListAsync(Tab tab)
    {
        await tab.GoAsync("/studio/definitions");
        await Expect(tab.Page.GetByText("relabel-rebuild-retrain").First).ToBeVisibleAsync();
        return await tab.Page.EvaluateAsync<int>("performance.getEntriesByType('resource').filter(entry => entry.name.endsWith('/assemblies.bin')).length");
    }

    private async Task<Tab> SignInAsync(string name, Role role)
    {
        using var caller = await server.AsAsync(name, role);
        return await chromium.SignInAsync(server.Url, caller.Authorization["Bearer ".Length..]);
    }
}
