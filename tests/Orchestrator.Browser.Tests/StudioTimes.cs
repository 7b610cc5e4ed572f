using System.Text.Json;
using Microsoft.Playwright;

namespace Orchestrator.Browser.Tests;

/// <summary>How long Elsa Studio's editor takes until an activity on its canvas is drawn, and until the inputs of one that was chosen are shown: cold, and when everything is kept. The same with the page as Elsa publishes it.</summary>
internal sealed class StudioTimes(Chromium chromium, (Uri Url, string Key) of)
{
    private const string Definition = "/studio/3.8.2/definitions/relabel-rebuild-retrain";
    private const string Told = "times of the page: ";

    /// <summary>Between two loads, milliseconds: a browser writes what it compiled, and the page keeps what it will want again, when both have time. Somebody who looks at a workflow leaves them as much.</summary>
    private const float Rest = 8000;

    /// <summary>The page notes the times itself and tells them on its console: a question from outside puts a third of a megabyte of script into it first, and lets it lay itself out at each try. Shown is what stands in a frame that was painted.</summary>
    private const string Probe = $$"""
        addEventListener('DOMContentLoaded', () => {
          const times = {};
          const shown = (find, then) => new MutationObserver((_, observer) => {
            const found = find();
            if (!found) return;
            observer.disconnect();
            then(found);
          }).observe(document.body, { childList: true, subtree: true });
          const note = name => requestAnimationFrame(() => {
            const painted = new MessageChannel();
            painted.port1.onmessage = () => {
              times[name] = performance.now();
              if (name === 'inputs') console.log('{{Told}}' + JSON.stringify(times));
            };
            painted.port2.postMessage(null);
          });
          shown(() => document.querySelector('[data-cell-id="tell-failed"] .elsa-activity'), activity => {
            note('canvas');
            requestAnimationFrame(() => setTimeout(() => {
              const { x, y, width, height } = activity.getBoundingClientRect();
              for (const event of ['mousedown', 'mouseup', 'click']) activity.dispatchEvent(new MouseEvent(event, { bubbles: true, view: window, clientX: x + width / 2, clientY: y + height / 2 }));
              shown(() => [...document.querySelectorAll('.mud-input-control label')].find(label => label.textContent.trim() === 'Target'), () => note('inputs'));
            }));
          });
        });
        """;

    /// <summary>A page around Studio as its documentation has it: scripts and styles in their order, and the program starts when the last has come.</summary>
    private const string Published = """
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <title>Elsa Studio</title>
          <base href="/studio/3.8.2/">
          <link rel="icon" href="_content/Elsa.Studio.Shell/favicon-32x32.png">
          <link rel="stylesheet" href="_content/MudBlazor/MudBlazor.min.css">
          <link rel="stylesheet" href="_content/CodeBeam.MudBlazor.Extensions/MudExtensions.min.css">
          <link rel="stylesheet" href="_content/Radzen.Blazor/css/material-base.css">
          <link rel="stylesheet" href="_content/Elsa.Studio.Shell/css/shell.css">
          <link rel="stylesheet" href="Elsa.Studio.Host.CustomElements.styles.css">
          <link rel="stylesheet" href="page.css">
          <script src="page.js"></script>
        </head>
        <body>
          <p id="said" role="alert" hidden></p>
          <main id="studio"><p id="loading" role="status">Loading</p></main>
          <div id="blazor-error-ui"></div>
          <script src="_content/BlazorMonaco/jsInterop.js"></script>
          <script src="_content/BlazorMonaco/lib/monaco-editor/min/vs/loader.js"></script>
          <script src="_content/BlazorMonaco/lib/monaco-editor/min/vs/editor/editor.main.js"></script>
          <script src="_content/MudBlazor/MudBlazor.min.js"></script>
          <script src="_content/CodeBeam.MudBlazor.Extensions/MudExtensions.min.js"></script>
          <script src="_content/Radzen.Blazor/Radzen.Blazor.js"></script>
          <script src="_framework/blazor.webassembly.js"></script>
        </body>
        </html>
        """;

    /// <summary>Times in milliseconds from the request of the page, by what they are of; a new profile of the browser each time.</summary>
    public async Task<IReadOnlyList<(string Name, double Milliseconds)>> MeasureAsync(bool isPublished)
    {
        using var profile = new TempFolder();
        await using var tab = await chromium.SignInAsync(of.Url, of.Key, profile);
        await tab.Page.AddInitScriptAsync(Probe);
        if (isPublished)
        {
            await AnswerWithPublishedAsync(tab.Page);
        }

        var times = new List<(string, double)>();
        foreach (var (state, bound) in new[] { ("cold", 8000), ("warm", 4500), ("warm again", 4500) })
        {
            var told = await tab.Page.RunAndWaitForConsoleMessageAsync(() => tab.GoAsync(Definition), new() { Predicate = message => message.Text.StartsWith(Told, StringComparison.Ordinal) });
            var noted = JsonDocument.Parse(told.Text[Told.Length..]).RootElement;
            var whose = isPublished ? "Studio as published" : "Studio";
            times.Add(($"{whose}, {state}, canvas", noted.GetProperty("canvas").GetDouble()));
            times.Add(($"{whose}, {state}, inputs{(isPublished ? "" : $" (bound {bound})")}", noted.GetProperty("inputs").GetDouble()));
            await tab.Page.WaitForTimeoutAsync(Rest);
        }

        return times;
    }

    /// <summary>Puts the published page in the place of ours. Below Playwright's own way of doing so, which would keep the browser from keeping anything.</summary>
    private static async Task AnswerWithPublishedAsync(IPage page)
    {
        var protocol = await page.Context.NewCDPSessionAsync(page);
        var body = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Published));
        object[] headers = [new { name = "Content-Type", value = "text/html; charset=utf-8" }];
        protocol.Event("Fetch.requestPaused").OnEvent += (_, paused) =>
            _ = protocol.SendAsync("Fetch.fulfillRequest", new() { ["requestId"] = paused!.Value.GetProperty("requestId").GetString()!, ["responseCode"] = 200, ["responseHeaders"] = headers, ["body"] = body });
        await protocol.SendAsync("Fetch.enable", new() { ["patterns"] = new[] { new { urlPattern = $"*{Definition}", resourceType = "Document" } } });
    }
}
