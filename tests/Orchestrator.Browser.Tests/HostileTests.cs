using Orchestrator.EndToEnd.Tests.Elsa;
using Orchestrator.Runtime.Keys;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.Browser.Tests;

/// <summary>Texts that would run in a careless page: they are shown on every page, and nothing of them runs, is fetched, or is reported as a violation of the policy.</summary>
public sealed class HostileTests(HostileServer server, Chromium chromium) : IClassFixture<HostileServer>
{
    /// <summary>Longer than any address that a server reads.</summary>
    private const int TooLong = 2000;

    private static string Evil => Uri.EscapeDataString(HostileServer.Texts[1]);

    /// <summary>Each list holds all texts.</summary>
    [Fact]
    public async Task Lists_show_hostile_texts_as_texts()
    {
        await using var visit = await BeginAsync();
        foreach (var path in new[] { "/", "/findings", "/fixes", "/labels", "/datasets", "/models", "/workflows", "/audit", "/settings" })
        {
            await visit.SeeAsync(path, HostileServer.Texts[0]);
        }
    }

    /// <summary>Also where a picture is drawn: as the legend, the row under the pointer, and what picked rows have in common.</summary>
    [Fact]
    public async Task A_map_of_hostile_rows_shows_their_texts_as_texts()
    {
        await using var visit = await BeginAsync();
        await visit.SeeAsync($"/datasets/{HostileServer.Dataset}?view=map", HostileServer.Texts[0]);
        await visit.Tab.Page.GetByLabel("Left to right, from").FillAsync("-1000");
        await visit.Tab.Button("Pick these rows").ClickAsync();
        await Expect(visit.Tab.Page.GetByText($"{2 * HostileServer.Texts.Length} rows picked")).ToBeVisibleAsync();
        await Expect(visit.Tab.Page.GetByLabel("Classes of the picked rows and of the others").GetByText(HostileServer.Texts[1])).ToBeVisibleAsync();
        await visit.NothingHappenedAsync("the map");
    }

    [Fact(Skip = Whole.Why, SkipUnless = nameof(Whole.IsAsked), SkipType = typeof(Whole))]
    public async Task Addresses_that_are_hostile_lead_nowhere()
    {
        await using var visit = await BeginAsync();
        await visit.SeeAsync("/signed-in?outcome=<script>window.hit=1</script>", "");
        foreach (var path in new[] { "/findings/", "/fixes/", "/labels/", "/workflows/definitions/", "/workflows/instances/", "/" })
        {
            await visit.SeeAsync(path + Evil, "");
        }
    }

    [Theory(Skip = Whole.Why, SkipUnless = nameof(Whole.IsAsked), SkipType = typeof(Whole))]
    [InlineData("/findings/{id}")]
    [InlineData("/fixes/{id}-1")]
    [InlineData("/labels/q{id}")]
    public async Task A_page_about_one_thing_shows_each_hostile_text_as_a_text(string page)
    {
        await using var visit = await BeginAsync();
        for (var number = 0; number < HostileServer.Texts.Length; number++)
        {
            await visit.SeeAsync(page.Replace("{id}", HostileServer.Id(number), StringComparison.Ordinal), HostileServer.Texts[number]);
        }
    }

    /// <summary>Names with a slash are found by no address; the page says so with the name.</summary>
    [Theory(Skip = Whole.Why, SkipUnless = nameof(Whole.IsAsked), SkipType = typeof(Whole))]
    [InlineData("/datasets/")]
    [InlineData("/models/")]
    public async Task A_page_of_a_hostile_name_shows_it_as_a_text(string page)
    {
        await using var visit = await BeginAsync();
        foreach (var word in HostileServer.Texts.Where(word => word.Length < TooLong))
        {
            await visit.SeeAsync(page + Uri.EscapeDataString(word), word.AsSpan().ContainsAny('/', '%') ? "" : word);
        }
    }

    [Fact(Skip = Whole.Why, SkipUnless = nameof(Whole.IsAsked), SkipType = typeof(Whole))]
    public async Task Studio_shows_hostile_texts_as_texts()
    {
        await using var visit = await BeginAsync();
        await visit.SeeAsync("/studio/definitions", HostileServer.Texts[0]);
        await visit.SeeAsync($"/studio/definitions/{HostileServer.Definition}", HostileServer.Texts[0]);
        await visit.Tab.Studio.ChooseAsync(HostileServer.Texts[1]);
        await Expect(visit.Tab.Studio.Field("Message")).ToHaveValueAsync(HostileServer.Texts[1]);
        await visit.NothingHappenedAsync("the panel of an activity");
        await visit.SeeAsync($"/fixes/{HostileServer.Id(0)}-1", HostileServer.Texts[0]);
        await Expect(visit.Tab.Frame.Node("Find suspects")).ToBeVisibleAsync();
        await visit.NothingHappenedAsync("the canvas of a fix");
    }

    private Task<Visit> BeginAsync() => Visit.BeginAsync(chromium, server.Url, server.AdminKey);
}

/// <summary>The policy that the tests above rely on stops a script, and browsers tell of it.</summary>
public sealed class WatchTests(DesignerServer server, Chromium chromium) : IClassFixture<DesignerServer>
{
    [Fact]
    public async Task A_script_that_gets_into_a_page_does_not_run_and_is_reported()
    {
        using var admin = await server.AsAsync("root@example.org", Role.Admin);
        await using var tab = await chromium.SignInAsync(server.Url, admin.Authorization["Bearer ".Length..]);
        await tab.GoAsync("/findings");
        await tab.Page.RunAndWaitForResponseAsync(
            () => tab.Page.EvaluateAsync("() => { const script = document.createElement('script'); script.textContent = 'window.hit = 1'; document.body.append(script); }"),
            answer => answer.Url.EndsWith("/api/policy-reports", StringComparison.Ordinal));
        Assert.True(await tab.Page.EvaluateAsync<bool>("() => window.hit === undefined"));
        var report = (await admin.JsonAsync("/api/policy-reports"))[0];
        Assert.Equal(("script-src-elem", "inline"), (report.GetProperty("directive").GetString(), report.GetProperty("blocked").GetString()));
    }
}
