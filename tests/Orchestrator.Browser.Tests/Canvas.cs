using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.Browser.Tests;

/// <summary>Elsa Studio's editor or viewer, on a page of its own or in a frame.</summary>
public sealed class Canvas(ILocator body)
{
    public ILocator Body => body;

    /// <summary>What the page around Studio says.</summary>
    public ILocator Said => body.Locator("#said");

    public ILocator Node(string words) => body.Locator(".x6-node", new() { HasText = words }).First;

    /// <summary>The field of an input in the panel of the chosen activity.</summary>
    public ILocator Field(string label) =>
        body.Locator(".mud-input-control", new() { Has = body.Page.Locator("label", new() { HasTextRegex = new($"^{label}$") }) }).Locator("input, textarea").First;

    /// <summary>The button that publishes what is on the canvas, at once and without a question.</summary>
    public ILocator Publish => body.Locator(".mud-button-group-root button").First;

    /// <summary>The button that starts what is published.</summary>
    public ILocator Run => body.Locator(".mud-toolbar button.mud-success-text").First;

    /// <summary>Waits until an activity is drawn, and chooses it.</summary>
    public async Task ChooseAsync(string words)
    {
        await Expect(Node(words)).ToBeVisibleAsync();
        await Node(words).ClickAsync();
    }

    /// <summary>Types into the field of an input and leaves it, by which Studio saves.</summary>
    public async Task TypeAsync(string label, string value)
    {
        await Field(label).FillAsync(value);
        await Field(label).PressAsync("Tab");
    }
}
