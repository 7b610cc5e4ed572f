using System.Text.Json;
using Microsoft.Playwright;

namespace Orchestrator.Browser.Tests;

/// <summary>The accessibility rules of axe-core, run on a page as it stands; Elsa Studio's frames are left out.</summary>
internal static class Axe
{
    private const string Run = """
        async () => {
          const found = await axe.run(document, { iframes: false, resultTypes: ['violations'] });
          return JSON.stringify(found.violations.filter(one => ['serious', 'critical'].includes(one.impact))
            .flatMap(one => one.nodes.slice(0, 4).map(node => `${one.id}: ${node.target.join(' ')}: ${node.failureSummary}`)));
        }
        """;

    private static readonly Lazy<string> _source = new(() => File.ReadAllText(Repository.File("src/Orchestrator.Web/node_modules/axe-core/axe.min.js")));

    /// <summary>Serious and critical violations, one line each.</summary>
    public static async Task<IReadOnlyList<string>> SeriousAsync(IPage page)
    {
        await page.EvaluateAsync($"() => {{ if (!window.axe) {{ {_source.Value} }} }}");
        return JsonSerializer.Deserialize<List<string>>(await page.EvaluateAsync<string>(Run))!;
    }
}
