using Microsoft.Playwright;

namespace Orchestrator.Browser.Tests;

/// <summary>Pictures of pages in both colour schemes, kept beside the results of the tests.</summary>
internal static class Screens
{
    private const int Tallest = 4000;

    public static string Folder { get; } = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "TestResults", "screens")).FullName;

    /// <summary>Takes the whole page light and dark; what axe finds serious in either, which is nothing where a page is well.</summary>
    public static async Task<IReadOnlyList<string>> TakeAsync(Tab tab, string name)
    {
        var found = new List<string>();
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            var word = scheme == ColorScheme.Light ? "light" : "dark";
            await tab.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await Assertions.Expect(tab.Page.Locator("html")).ToHaveAttributeAsync("data-mantine-color-scheme", word);
            await SettledAsync(tab.Page);
            await TakeAsync(tab.Page, Path.Combine(Folder, $"{name}-{word}.png"));
            found.AddRange((await Axe.SeriousAsync(tab.Page)).Select(line => $"{name}, {word}: {line}"));
        }

        return found;
    }

    /// <summary>Takes what is in sight, as it is.</summary>
    public static Task TakeSightAsync(IPage page, string name) => page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}.png") });

    /// <summary>Waits until nothing of the page itself is being loaded or drawn.</summary>
    private static async Task SettledAsync(IPage page)
    {
        await Assertions.Expect(page.Locator("[aria-busy=true], .mantine-Loader-root, .mantine-Skeleton-root")).ToHaveCountAsync(0);
        await page.EvaluateAsync("() => Promise.all(document.getAnimations().filter(one => one.effect.getTiming().iterations !== Infinity).map(one => one.finished.catch(() => null)))");
    }

    /// <summary>The window is made as tall as the page, so that what is fixed stands where it stands for people.</summary>
    private static async Task TakeAsync(IPage page, string path)
    {
        var size = page.ViewportSize!;
        var height = await page.EvaluateAsync<int>("() => document.documentElement.scrollHeight");
        await page.SetViewportSizeAsync(size.Width, Math.Clamp(height, size.Height, Tallest));
        await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        await page.ScreenshotAsync(new() { Path = path });
        await page.SetViewportSizeAsync(size.Width, size.Height);
    }
}
