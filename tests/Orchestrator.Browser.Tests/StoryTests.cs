using System.Text.Json;
using Microsoft.Playwright;
using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Labeling;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.Browser.Tests;

/// <summary>The demo's story as people live it: each in a browser of their own, on the clock of the demo.</summary>
public sealed class StoryTests(PlayedDemo demo, Chromium chromium) : IClassFixture<PlayedDemo>
{
    private readonly List<string> _found = [];

    [Fact(Skip = Whole.Why, SkipUnless = nameof(Whole.IsAsked), SkipType = typeof(Whole))]
    public async Task A_fix_is_looked_at_changed_on_the_canvas_approved_by_another_watched_labelled_and_its_champion_rolled_back()
    {
        var fix = await demo.FixAsync(FixState.Proposed);
        await using var editor = await SignInByHandAsync(await demo.KeyAsync("editor@example.org", "author", "labeler"));
        await LookAsync(editor, fix.Id);
        await ChangeAsync(editor, fix.Id);
        await ApproveAsync(fix.Id);
        await WatchAndLabelAsync(editor, fix.Id);
        await demo.FixAsync(FixState.Succeeded);
        await demo.Story;
        await SeeAsync(editor, fix.Id);
        await RollBackAsync();
        Assert.Empty(editor.Complaints());
        Assert.True(_found.Count == 0, string.Join('\n', _found));
    }

    private async Task<Tab> SignInByHandAsync(string key)
    {
        var tab = await chromium.OpenAsync(demo.Url);
        await tab.GoAsync("/");
        await Expect(tab.Page.GetByPlaceholder("orc_…")).ToBeVisibleAsync();
        await PictureAsync(tab, "sign-in");
        await tab.ShowKeyAsync(key);
        await Expect(tab.Heading("Overview")).ToBeVisibleAsync();
        return tab;
    }

    /// <summary>From the overview to the fix that waits, and its evidence.</summary>
    private static async Task LookAsync(Tab tab, string fix)
    {
        await tab.Page.Locator($"a[href='/fixes/{fix}']").First.ClickAsync();
        await tab.Page.WaitForURLAsync($"**/fixes/{fix}");
        await Expect(tab.Heading("What is wrong")).ToBeVisibleAsync();
        await Expect(tab.Page.GetByText("data_label_error_ratio{dataset=\"digits-train\",model=\"digits\"} > 0.05")).ToBeVisibleAsync();
        await Expect(tab.Page.GetByText("ink = 'q4'")).ToBeVisibleAsync();
        await Expect(tab.Page.GetByText("The 12 most suspicious of 225 rows")).ToBeVisibleAsync();
        await tab.Button("Figures behind the plan").ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Table, new() { Name = "Figures" })).ToBeVisibleAsync();
    }

    private async Task ChangeAsync(Tab tab, string fix)
    {
        await tab.Button("Change the plan").ClickAsync();
        await Expect(tab.Page.GetByText("You are changing it")).ToBeVisibleAsync();
        await tab.Frame.ChooseAsync("Find suspects");
        await Expect(tab.Frame.Field("Budget")).ToHaveValueAsync("225");
        var saved = await tab.SavedAsync(() => tab.Frame.TypeAsync("Budget", "200"));
        Assert.Equal(200, saved.Status);
        await Screens.TakeSightAsync(tab.Page, "fix-being-changed");
        var submitted = await tab.SavedAsync(() => tab.Frame.Publish.ClickAsync(), publish: true);
        Assert.Equal(200, submitted.Status);
        await Expect(tab.Page.GetByText("Submitted as plan 2. Somebody else has to approve it.").First).ToBeVisibleAsync();
        await Expect(tab.Page.GetByText("plan 2, ").First).ToBeVisibleAsync();
        var plan = await demo.FixAsync(FixState.Proposed);
        Assert.Equal((fix, 2, "editor@example.org"), (plan.Id, plan.PlanNumber, plan.ProposedBy));
    }

    /// <summary>Another person, at a telephone.</summary>
    private async Task ApproveAsync(string fix)
    {
        await using var tab = await chromium.SignInAsync(demo.Url, await demo.KeyAsync("lead@example.org", "approver"), (390, 844));
        await tab.GoAsync("/");
        await tab.Page.Locator($"a[href='/fixes/{fix}']").First.ClickAsync();
        await Expect(tab.Page.GetByText("You approve plan 2")).ToBeVisibleAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Table, new() { Name = "Changed inputs" })).ToContainTextAsync("Find suspects");
        await PictureAsync(tab, "phone-fix-waiting");
        await tab.Page.GetByLabel("Comment").FillAsync("fewer labels will do");
        await tab.Button("Approve").ClickAsync();
        await Expect(tab.Page.GetByText("Approved; it starts as soon as nothing holds it.")).ToBeVisibleAsync();
        var approved = await demo.FixAsync(FixState.Approved, FixState.Running);
        Assert.Equal((fix, "lead@example.org"), (approved.Id, approved.ApprovedBy));
        Assert.Empty(tab.Complaints());
    }

    private async Task WatchAndLabelAsync(Tab editor, string fix)
    {
        var queue = await demo.QueueAsync();
        await using var watcher = await chromium.SignInAsync(demo.Url, await demo.KeyAsync("watcher@example.org", "viewer"));
        await watcher.GoAsync($"/fixes/{fix}");
        await Expect(Badge(watcher, "Find suspects", "success")).ToBeVisibleAsync();
        await Expect(Badge(watcher, "Relabel", "warning")).ToBeVisibleAsync();
        await Screens.TakeSightAsync(watcher.Page, "fix-running");
        await LabelAsync(editor, queue.Id);
        await AnswerRestAsync();
        await Expect(Badge(watcher, "Relabel", "success")).ToBeVisibleAsync();
        await Expect(Badge(watcher, "Promote", "success")).ToBeVisibleAsync();
        Assert.Empty(watcher.Complaints());
    }

    private static ILocator Badge(Tab tab, string activity, string tone) => tab.Frame.Node(activity).Locator($".mud-badge.mud-theme-{tone}");

    /// <summary>Ten digits, each by its key.</summary>
    private async Task LabelAsync(Tab tab, string queue)
    {
        var truth = await demo.TruthAsync();
        await tab.GoAsync("/labels");
        await tab.Link("Begin to label").ClickAsync();
        var row = tab.Page.GetByText("its label is");
        for (var answered = 0; answered < 10; answered++)
        {
            var id = (await row.TextContentAsync())!.Split(' ')[0];
            await tab.Page.Keyboard.PressAsync(truth[id]);
            await Expect(row).Not.ToContainTextAsync($"{id} ");
        }

        await tab.Button("Hand in").ClickAsync();
        await Expect(tab.Page.GetByText("10 answers")).ToBeVisibleAsync();
        var tasks = demo.Database.Read(connection => LabelStore.Tasks(connection, queue)).Where(task => task.Answer is not null).ToList();
        Assert.Equal(10, tasks.Count);
        Assert.All(tasks, task => Assert.Equal((truth[task.RowId], "editor@example.org"), (task.Answer, task.AnsweredBy)));
    }

    /// <summary>The other rows, round after round, by a program: nobody tests a keyboard two hundred times.</summary>
    private async Task AnswerRestAsync()
    {
        var truth = await demo.TruthAsync();
        using var labeler = new Caller(demo.Url, await demo.KeyAsync("labeler@example.org", "labeler"));
        while ((await demo.FixAsync(FixState.Running, FixState.Verifying, FixState.Succeeded, FixState.Failed, FixState.Compensated)).State == FixState.Running)
        {
            var open = demo.Database.Read(connection => LabelStore.NextTasks(connection, null, 1000));
            using var answered = await labeler.PostAsync("/api/labels/answers", open.Select(task => new { task = task.Id, label = truth[task.RowId] }));
            Assert.True(answered.IsSuccessStatusCode);
            await demo.UntilAsync(() => HasMoved(open) ? "moved" : null, "the next round of labels, or the end of the run");
        }
    }

    private bool HasMoved(IReadOnlyList<LabelTask> before) =>
        demo.Database.Read(connection => LabelStore.NextTasks(connection, null, 1000)) is { Count: > 0 } open && !open.Any(task => before.Any(old => old.Id == task.Id))
        || demo.Database.Read(connection => Runtime.Fixes.FixStore.InState(connection, FixState.Running)).Count == 0;

    private async Task SeeAsync(Tab tab, string fix)
    {
        await tab.GoAsync("/models/digits");
        await Expect(tab.Page.GetByText("digits-2 serves")).ToBeVisibleAsync();
        await Expect(tab.Page.GetByText("Promoted digits-2")).ToBeVisibleAsync();
        await tab.GoAsync($"/fixes/{fix}");
        await Expect(tab.Page.GetByText("The fix succeeded")).ToBeVisibleAsync();
        await PictureAsync(tab, "fix-succeeded");
    }

    /// <summary>By an admin whose key was last shown an hour ago.</summary>
    private async Task RollBackAsync()
    {
        var key = await demo.KeyAsync("root@example.org", "admin");
        await using var tab = await chromium.SignInAsync(demo.Url, key);
        await demo.AgeSessionsAsync(TimeSpan.FromHours(1));
        await tab.GoAsync("/models/digits");
        await PictureAsync(tab, "model-new-champion");
        await tab.Button("Roll back").ClickAsync();
        await tab.Page.GetByLabel("Reason").FillAsync("the old one is trusted more");
        await Screens.TakeSightAsync(tab.Page, "model-roll-back");
        await tab.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Roll back" }).ClickAsync();
        await Expect(tab.Page.GetByText("This moves what serves.")).ToBeVisibleAsync();
        await PictureAsync(tab, "model-confirm");
        await tab.Page.GetByLabel("API key").First.FillAsync(key);
        await tab.Button("Confirm").ClickAsync();
        await Expect(tab.Page.GetByText("digits-1 serves")).ToBeVisibleAsync();
        Assert.Equal("digits-1", JsonElement.Parse(await (await tab.Page.Context.APIRequest.GetAsync("/api/models/digits")).TextAsync()).GetProperty("champion").GetString());
        Assert.All(tab.Complaints(), complaint => Assert.Contains("403", complaint, StringComparison.Ordinal));
    }

    private async Task PictureAsync(Tab tab, string name) => _found.AddRange(await Screens.TakeAsync(tab, name));
}
