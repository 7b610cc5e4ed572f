using Microsoft.Playwright;
using Orchestrator.Browser.Tests;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Orchestrator.Browser.Tests;

/// <summary>Debian's Chromium, one process for all tests; each person has a profile of their own.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";

    /// <summary>Names other than this machine's lead nowhere.</summary>
    private static readonly string[] _arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (File.Exists(Program))
        {
            Assertions.SetDefaultExpectTimeout(Tab.Patience);
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program, Args = _arguments });
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (_browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        _playwright?.Dispose();
    }

    /// <summary>A page of somebody who has not signed in; skips the test where there is no browser, or where the pages were not built.</summary>
    public async Task<Tab> OpenAsync(Uri url, (int Width, int Height)? size = null)
    {
        Assert.SkipUnless(_browser is not null, $"{Program} is missing: apt-get install chromium");
        Assert.SkipUnless(File.Exists(Path.Combine(AppContext.BaseDirectory, "web", "index.html")), "the pages are not part of this build: node and npm were missing");
        Assert.SkipUnless(Directory.Exists(Path.Combine(AppContext.BaseDirectory, "studio", "_framework")), "Elsa Studio is not part of this build: npm was missing");
        var (width, height) = size ?? (1280, 900);
        var context = await _browser!.NewContextAsync(new() { BaseURL = url.ToString(), ViewportSize = new() { Width = width, Height = height } });
        return new Tab(await context.NewPageAsync(), url);
    }

    /// <summary>A page of somebody who has signed in with a key.</summary>
    public async Task<Tab> SignInAsync(Uri url, string key, (int Width, int Height)? size = null) => await SignedInAsync(await OpenAsync(url, size), key);

    /// <summary>The same in a browser of its own that keeps what it loaded and compiled in a folder, as a person's does; the profiles of tests are private and keep less.</summary>
    public async Task<Tab> SignInAsync(Uri url, string key, TempFolder profile)
    {
        var context = await _playwright!.Chromium.LaunchPersistentContextAsync(profile.Path, new() { ExecutablePath = Program, Args = _arguments, BaseURL = url.ToString(), ViewportSize = new() { Width = 1400, Height = 900 } });
        return await SignedInAsync(new Tab(await context.NewPageAsync(), url), key);
    }

    private static async Task<Tab> SignedInAsync(Tab tab, string key)
    {
        var session = await tab.Page.Context.APIRequest.PostAsync("/api/session", new() { DataObject = new { key } });
        Assert.True(session.Ok, await session.TextAsync());
        return tab;
    }
}
