using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Labeling;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.Browser.Tests;

/// <summary>Every page of the demo at the moment when rows wait for labels: nothing is asked of elsewhere, nothing is complained of, and axe finds nothing serious.</summary>
public sealed class PageTests(WaitingDemo demo, Chromium chromium) : IClassFixture<WaitingDemo>
{
    [Theory]
    [InlineData("overview", "/", "Overview")]
    [InlineData("findings", "/findings", "Findings")]
    [InlineData("finding", "/findings/{finding}", "LabelErrors")]
    [InlineData("fixes", "/fixes", "Fixes")]
    [InlineData("labels", "/labels", "Labels")]
    [InlineData("queue", "/labels/{queue}", "Labels of digits-train")]
    [InlineData("datasets", "/datasets", "Data")]
    [InlineData("dataset", "/datasets/digits-train", "digits-train")]
    [InlineData("dataset-rows", "/datasets/digits-train?view=rows", "digits-train")]
    [InlineData("dataset-map", "/datasets/digits-train?view=map", "digits-train")]
    [InlineData("dataset-map-production", "/datasets/digits-production?view=map", "digits-production")]
    [InlineData("dataset-predictions", "/datasets/digits-production?view=rows", "digits-production")]
    [InlineData("dataset-difference", "/datasets/digits-train?view=difference", "digits-train")]
    [InlineData("models", "/models", "Models")]
    [InlineData("model", "/models/digits", "digits")]
    [InlineData("rules", "/rules", "Rules")]
    [InlineData("workflows", "/workflows", "Workflows")]
    [InlineData("audit", "/audit", "Audit")]
    [InlineData("settings", "/settings", "Settings")]
    [InlineData("nowhere", "/findings/none", "Findings")]
    public async Task A_page_is_quiet_stays_at_home_and_can_be_read_by_everybody(string name, string path, string heading)
    {
        await using var tab = await chromium.SignInAsync(demo.Played.Url, await demo.KeyAsync());
        await tab.GoAsync(path.Replace("{finding}", demo.Fix.FindingId, StringComparison.Ordinal).Replace("{queue}", demo.Queue.Id, StringComparison.Ordinal));
        await Expect(name == "nowhere" ? tab.Page.GetByText("There is no finding \"none\".") : tab.Heading(heading).First).ToBeVisibleAsync();
        Assert.Empty(await Screens.TakeAsync(tab, name));
        Assert.All(tab.Complaints(), complaint => Assert.True(name == "nowhere" && complaint.Contains("404", StringComparison.Ordinal), complaint));
    }

    /// <summary>The lasso goes around the right half of the map; what it holds is described, and the rows of the description are a list.</summary>
    [Fact]
    public async Task Rows_that_are_drawn_around_are_described_and_listed()
    {
        await using var tab = await chromium.SignInAsync(demo.Played.Url, await demo.KeyAsync());
        await tab.GoAsync("/datasets/digits-train?view=map");
        var map = tab.Page.GetByRole(AriaRole.Img, new() { NameRegex = new("^Map of ") });
        await Expect(map.Locator("canvas").First).ToBeVisibleAsync();
        var place = (await map.BoundingBoxAsync())!;
        var mouse = tab.Page.Mouse;
        await mouse.MoveAsync(place.X + (place.Width * 0.55f), place.Y + (place.Height * 0.1f));
        await mouse.DownAsync();
        foreach (var (x, y) in new[] { (0.98f, 0.1f), (0.98f, 0.85f), (0.55f, 0.85f), (0.55f, 0.12f) })
        {
            await mouse.MoveAsync(place.X + (place.Width * x), place.Y + (place.Height * y), new() { Steps = 8 });
        }

        await mouse.UpAsync();
        await Expect(tab.Page.GetByText(new Regex("^[0-9,]+ rows picked$"))).ToBeVisibleAsync();
        await Expect(tab.Button("Copy for the monitor")).ToBeVisibleAsync();
        Assert.Empty(await Screens.TakeAsync(tab, "dataset-map-picked"));
        await tab.Link("Show all of its rows").ClickAsync();
        await Expect(tab.Page.GetByText("Rows with")).ToBeVisibleAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Table, new() { Name = "Rows of the version" })).ToBeVisibleAsync();
        Assert.Empty(tab.Complaints());
    }

    [Fact]
    public async Task Drift_is_as_quiet_once_its_histograms_are_drawn()
    {
        await using var tab = await chromium.SignInAsync(demo.Played.Url, await demo.KeyAsync());
        await tab.GoAsync("/datasets/digits-production");
        await Expect(tab.Page.Locator("svg[role=img][aria-label*=':']").First).ToBeVisibleAsync();
        Assert.Empty(await Screens.TakeAsync(tab, "dataset-drift"));
        Assert.Empty(tab.Complaints());
    }

    [Fact]
    public async Task The_dialog_of_keys_is_as_quiet_with_a_key_in_it()
    {
        await using var tab = await chromium.SignInAsync(demo.Played.Url, await demo.KeyAsync());
        await tab.GoAsync("/settings");
        await tab.Button("Issue a key").ClickAsync();
        await tab.Button("Add a model").ClickAsync();
        await Expect(tab.Page.GetByLabel("Roles for digits").First).ToBeVisibleAsync();
        Assert.Empty(await Screens.TakeAsync(tab, "key-wishes"));
        await tab.Page.GetByPlaceholder("ann@example.org").FillAsync("bea@example.org");
        await tab.Button("Issue").ClickAsync();
        await Expect(tab.Button("Copy")).ToBeVisibleAsync();
        Assert.Empty(await Screens.TakeAsync(tab, "key-issued"));
        Assert.Empty(tab.Complaints());
    }

    [Theory]
    [InlineData("studio-definitions", "/studio/definitions", "Relabel, rebuild, retrain")]
    [InlineData("studio-instances", "/studio/instances", "Workflow instances")]
    public async Task Studios_lists_show_what_there_is(string name, string path, string words)
    {
        await using var tab = await chromium.SignInAsync(demo.Played.Url, await demo.KeyAsync());
        await tab.GoAsync(path);
        await Expect(tab.Page.GetByText(words).First).ToBeVisibleAsync();
        await Screens.TakeSightAsync(tab.Page, name);
        Assert.Empty(tab.Complaints());
    }
}

/// <summary>The demo once its fix was approved and asks people for labels.</summary>
public sealed class WaitingDemo : IAsyncLifetime
{
    private string? _key;

    public PlayedDemo Played { get; } = new();

    public Fix Fix { get; private set; } = null!;

    public LabelQueue Queue { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Played.InitializeAsync();
        var proposed = await Played.FixAsync(FixState.Proposed);
        using var lead = new Caller(Played.Url, await Played.KeyAsync("lead@example.org", "approver"));
        using var approved = await lead.PostAsync($"/api/fixes/{proposed.Id}/approve", new { plan_sha256 = proposed.Plan!.Sha256 });
        Assert.True(approved.IsSuccessStatusCode, await approved.Content.ReadAsStringAsync());
        Queue = await Played.QueueAsync();
        Fix = await Played.FixAsync(FixState.Running);
    }

    public ValueTask DisposeAsync() => Played.DisposeAsync();

    /// <summary>The key of somebody who may do everything.</summary>
    public async Task<string> KeyAsync() => _key ??= await Played.KeyAsync("ann@example.org", "admin");
}
