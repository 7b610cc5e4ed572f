using Microsoft.Playwright;

namespace Orchestrator.EndToEnd.Tests.Elsa;

/// <summary>Debian's Chromium with a profile of its own, and what its pages complained of.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";

    private static readonly string[] _arguments =
        ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public static string Pictures { get; } = Directory.CreateDirectory(Path.Combine(Repository.Root, "out", "studio")).FullName;

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

    /// <summary>A page of somebody who has signed in with a key; skips the test where there is no browser.</summary>
    public async Task<Tab> SignInAsync(Uri url, string key)
    {
        Assert.SkipUnless(_browser is not null, $"{Program} is missing: apt-get install chromium");
        var context = await _browser!.NewContextAsync(new() { BaseURL = url.ToString(), ViewportSize = new() { Width = 1400, Height = 900 } });
        var session = await context.APIRequest.PostAsync("/api/session", new() { DataObject = new { key } });
        Assert.True(session.Ok, await session.TextAsync());
        return new Tab(await context.NewPageAsync(), url);
    }
}

/// <summary>One page, which keeps what it complained of.</summary>
public sealed class Tab : IAsyncDisposable
{
    /// <summary>A cold start on a busy machine.</summary>
    public const float Patience = 90_000;

    private readonly List<string> _complaints = [];
    private readonly string _origin;

    public Tab(IPage page, Uri url)
    {
        Page = page;
        _origin = url.GetLeftPart(UriPartial.Authority);
        page.SetDefaultTimeout(Patience);
        page.Console += (_, message) => Note(message.Type == "error", $"console: {message.Text}");
        page.PageError += (_, error) => Note(true, $"fault: {error}");
        page.Request += (_, request) => Note(!request.Url.StartsWith(_origin, StringComparison.Ordinal) && !IsLocal(request.Url), $"leaves the origin: {request.Url}");
        page.Response += (_, response) => Note(response.Status >= 400, $"{response.Status} {response.Url}");
    }

    public IPage Page { get; }

    public ILocator Node(string words) => Page.Locator(".x6-node", new() { HasText = words }).First;

    /// <summary>Once the page has nothing to do: errors of its console, violations of the content policy among them, requests to elsewhere, answers that were refused.</summary>
    public async Task<IReadOnlyList<string>> ComplaintsAsync()
    {
        // Not the network's quiet: the socket of a viewer is never quiet.
        await Page.EvaluateAsync("() => new Promise(done => requestIdleCallback(() => requestIdleCallback(done)))");
        lock (_complaints)
        {
            return [.. _complaints];
        }
    }

    /// <summary>The field of an input in the panel of the chosen activity.</summary>
    public ILocator Field(string label) =>
        Page.Locator(".mud-input-control", new() { Has = Page.Locator("label", new() { HasTextRegex = new($"^{label}$") }) }).Locator("input, textarea").First;

    public async Task OpenAsync(string path)
    {
        await Page.GotoAsync(path);
        await Page.Locator("elsa-workflow-definition-editor, elsa-workflow-instance-viewer, elsa-workflow-definition-list, elsa-workflow-instance-list").WaitForAsync();
    }

    /// <summary>Waits for the answer to a save that the action sets off.</summary>
    public Task<IResponse> SavedAsync(Func<Task> action, bool publish = false) => Page.RunAndWaitForResponseAsync(
        action,
        answer => answer.Request.Method == "POST" && answer.Url.EndsWith("/elsa/api/workflow-definitions", StringComparison.Ordinal)
            && answer.Request.PostData!.Contains(publish ? "\"publish\":true" : "\"publish\":false", StringComparison.Ordinal));

    public Task PublishAsync() => Page.Locator(".mud-button-group-root button").First.ClickAsync();

    public Task PictureAsync(string name) => Page.ScreenshotAsync(new() { Path = Path.Combine(Chromium.Pictures, name + ".png") });

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();

    private static bool IsLocal(string url) => url.StartsWith("data:", StringComparison.Ordinal) || url.StartsWith("blob:", StringComparison.Ordinal);

    private void Note(bool isComplaint, string words)
    {
        if (isComplaint)
        {
            lock (_complaints)
            {
                _complaints.Add(words);
            }
        }
    }
}
