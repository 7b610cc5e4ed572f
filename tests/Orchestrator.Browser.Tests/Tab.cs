using Microsoft.Playwright;

namespace Orchestrator.Browser.Tests;

/// <summary>One page of one person, which keeps what it complained of.</summary>
public sealed class Tab : IAsyncDisposable
{
    /// <summary>A cold start of Elsa Studio on a busy machine, in milliseconds.</summary>
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
        page.Context.Request += (_, request) => Note(!request.Url.StartsWith(_origin, StringComparison.Ordinal) && !IsLocal(request.Url), $"leaves the origin: {request.Url}");
        page.Context.Response += (_, response) => Note(response.Status >= 400, $"{response.Status} {response.Url}");
    }

    public IPage Page { get; }

    /// <summary>The designer in the frame of one of our pages.</summary>
    public Canvas Frame => new(Page.FrameLocator("iframe").Locator("body"));

    /// <summary>The designer where it is the page itself.</summary>
    public Canvas Studio => new(Page.Locator("body"));

    public ILocator Heading(string words) => Page.GetByRole(AriaRole.Heading, new() { Name = words });

    public ILocator Button(string words) => Page.GetByRole(AriaRole.Button, new() { Name = words, Exact = true });

    public ILocator Link(string words) => Page.GetByRole(AriaRole.Link, new() { Name = words });

    public Task GoAsync(string path) => Page.GotoAsync(path);

    /// <summary>Errors of its console, violations of the content policy among them, requests to elsewhere, answers that were refused.</summary>
    public IReadOnlyList<string> Complaints()
    {
        lock (_complaints)
        {
            return [.. _complaints];
        }
    }

    /// <summary>Waits for the answer to a save of the designer that the action sets off.</summary>
    public Task<IResponse> SavedAsync(Func<Task> action, bool publish = false) => Page.RunAndWaitForResponseAsync(action, answer => IsSave(answer.Request, publish));

    /// <summary>Waits until such a save is answered so, however often it is sent.</summary>
    public Task<IResponse> SavedAsync(Func<Task> action, int status) => Page.RunAndWaitForResponseAsync(action, answer => answer.Status == status && IsSave(answer.Request, publish: false));

    /// <summary>Fills the form that asks who is there.</summary>
    public async Task ShowKeyAsync(string key)
    {
        await Page.GetByPlaceholder("orc_…").FillAsync(key);
        await Button("Sign in").ClickAsync();
    }

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();

    private static bool IsSave(IRequest request, bool publish) =>
        request.Method == "POST" && request.Url.EndsWith("/elsa/api/workflow-definitions", StringComparison.Ordinal)
            && request.PostData!.Contains(publish ? "\"publish\":true" : "\"publish\":false", StringComparison.Ordinal);

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
