namespace Orchestrator.Browser.Tests;

/// <summary>A walk through pages that hold hostile texts: on each of them the text is to be read, and nothing of it ran, was fetched, or broke the policy.</summary>
public sealed class Visit : IAsyncDisposable
{
    private const string Watch = "addEventListener('securitypolicyviolation', event => (window.violations ??= []).push(`${event.effectiveDirective} ${event.blockedURI}`));";
    private const string IsReady = "() => document.body.innerText.length > 40 && !document.querySelector('[aria-busy=true], .mantine-Loader-root, .mantine-Skeleton-root')";

    /// <summary>What ran, what the policy had to stop, and links that would run something if they were followed.</summary>
    private const string Happened = """
        () => {
          const runs = address => /^\s*(javascript|vbscript|data:text)/i.test(address ?? '');
          const links = [...document.querySelectorAll('[href], [src], [action]')].filter(one => ['href', 'src', 'action'].some(name => runs(one.getAttribute(name))));
          return [...(window.hit === undefined ? [] : ['it ran']), ...(window.violations ?? []), ...links.map(one => one.outerHTML)].join('; ');
        }
        """;

    /// <summary>Whether a text, or as much of it as a line shows, is to be read somewhere; spaces and marks of direction are not looked at.</summary>
    private const string Shows = """
        word => {
          const plain = text => text.replace(/[\s\u202a-\u202e\u2066-\u2069]+/g, '').toLowerCase();
          const fields = [...document.querySelectorAll('input, textarea')].map(one => one.value);
          return plain([document.body.innerText, ...fields].join(' ')).includes(plain(word));
        }
        """;

    private readonly Uri _url;
    private readonly string _key;
    private bool _isAsked;

    private Visit(Tab tab, Uri url, string key)
    {
        (Tab, _url, _key) = (tab, url, key);
        tab.Page.Dialog += (_, dialog) =>
        {
            _isAsked = true;
            _ = dialog.DismissAsync();
        };
    }

    public Tab Tab { get; }

    public static async Task<Visit> BeginAsync(Chromium chromium, Uri url, string key)
    {
        var tab = await chromium.SignInAsync(url, key);
        await tab.Page.AddInitScriptAsync(Watch);
        return new Visit(tab, url, key);
    }

    /// <summary>Goes to a page and looks whether it shows the text, and nothing but shows it.</summary>
    public async Task SeeAsync(string path, string text)
    {
        await Tab.GoAsync(path);
        try
        {
            await Tab.Page.WaitForFunctionAsync(IsReady);
            await Tab.Page.WaitForFunctionAsync(Shows, text);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{path} does not show {text}; it shows:\n{await Tab.Page.InnerTextAsync("body")}");
        }

        await NothingHappenedAsync(path);
    }

    public async Task NothingHappenedAsync(string where)
    {
        foreach (var frame in Tab.Page.Frames)
        {
            Assert.Equal("", await frame.EvaluateAsync<string>(Happened));
        }

        Assert.False(_isAsked, $"{where} opened a dialog of the browser");
        Assert.DoesNotContain(Tab.Complaints(), complaint => complaint.StartsWith("leaves", StringComparison.Ordinal) || complaint.Contains("Content Security Policy", StringComparison.Ordinal));
        using var admin = new Caller(_url, _key);
        Assert.Equal("[]", await admin.TextAsync("/api/policy-reports"));
    }

    public ValueTask DisposeAsync() => Tab.DisposeAsync();
}
