using Microsoft.Playwright;
using Orchestrator.EndToEnd.Tests.Elsa;
using Orchestrator.Runtime.Keys;

namespace Orchestrator.Browser.Tests;

/// <summary>How long pages take over loopback in a browser whose cache is empty, and Elsa Studio's; medians beside their bounds.</summary>
internal static class PageTimes
{
    private const string Paint = """
        () => new Promise(done => new PerformanceObserver(list => list.getEntriesByName('first-contentful-paint').forEach(paint => done(paint.startTime))).observe({ type: 'paint', buffered: true }))
        """;

    private const string Now = "() => performance.now()";

    public static async Task<int> RunAsync(int rounds)
    {
        await using var server = new DesignerServer();
        await server.InitializeAsync();
        await using var chromium = new Chromium();
        await chromium.InitializeAsync();
        using var reader = await server.AsAsync("reader@example.org", Role.Author);
        var key = reader.Authorization["Bearer ".Length..];
        var studio = new StudioTimes(chromium, (server.Url, key));
        var times = new SortedDictionary<string, List<double>>(StringComparer.Ordinal);
        for (var round = 0; round < rounds; round++)
        {
            await OwnAsync(chromium, (server.Url, key), times);
            foreach (var isPublished in new[] { false, true })
            {
                foreach (var (name, milliseconds) in await studio.MeasureAsync(isPublished))
                {
                    Note(times, name, milliseconds);
                }
            }
        }

        Console.WriteLine($"medians of {rounds} rounds; each round is a new profile");
        foreach (var (name, values) in times)
        {
            Console.WriteLine($"{name,-48} {Median(values),8:F0} ms   {string.Join(' ', values.Select(value => value.ToString("F0", System.Globalization.CultureInfo.InvariantCulture)))}");
        }

        return 0;
    }

    /// <summary>The page without scripts of this machine's limit, then ours.</summary>
    private static async Task OwnAsync(Chromium chromium, (Uri Url, string Key) of, SortedDictionary<string, List<double>> times)
    {
        foreach (var (name, path) in new[] { ("limit: status page, first paint", "/status"), ("app, first paint (bound 1000)", "/") })
        {
            await using var tab = await chromium.SignInAsync(of.Url, of.Key);
            await tab.GoAsync(path);
            await (path == "/" ? tab.Heading("Open findings").WaitForAsync() : tab.Page.WaitForLoadStateAsync());
            Note(times, name, await tab.Page.EvaluateAsync<double>(Paint));
        }

        await using var cold = await chromium.SignInAsync(of.Url, of.Key);
        await cold.GoAsync("/");
        await cold.Heading("What the system did").WaitForAsync();
        await Assertions.Expect(cold.Page.Locator("[aria-busy=true], .mantine-Skeleton-root")).ToHaveCountAsync(0);
        Note(times, "app, interactive (bound 2000)", await cold.Page.EvaluateAsync<double>(Now));
    }

    private static void Note(SortedDictionary<string, List<double>> times, string name, double value)
    {
        times.TryAdd(name, []);
        times[name].Add(value);
    }

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[sorted.Count / 2 - 1] + sorted[sorted.Count / 2]) / 2;
    }
}
