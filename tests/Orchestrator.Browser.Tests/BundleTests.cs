using System.IO.Compression;
using System.Text.RegularExpressions;

namespace Orchestrator.Browser.Tests;

/// <summary>How much the pages weigh on the wire.</summary>
public sealed partial class BundleTests(ITestOutputHelper output)
{
    private const int Most = 400 * 1024;

    /// <summary>What draws charts and maps, and what both share.</summary>
    private static readonly string[] _charts = ["DrawnChart-", "DrawnMap-", "echarts-"];

    [Fact]
    public void The_pages_without_charts_and_designer_stay_under_400_KB_compressed()
    {
        var folder = Repository.File("src/Orchestrator.Web/dist/assets");
        Assert.SkipUnless(Directory.Exists(folder), "the pages are not part of this build: node and npm were missing");
        var files = Directory.GetFiles(folder).Where(file => Source().IsMatch(file)).ToList();
        Assert.All(_charts, chart => Assert.Contains(files, file => Path.GetFileName(file).StartsWith(chart, StringComparison.Ordinal)));
        var all = files.Where(file => !_charts.Any(chart => Path.GetFileName(file).StartsWith(chart, StringComparison.Ordinal))).Sum(Weight);
        output.WriteLine($"{all / 1024.0:F1} KB in {files.Count} files");
        Assert.InRange(all, 1, Most);
    }

    private static long Weight(string file)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(File.ReadAllBytes(file));
        }

        return memory.Length;
    }

    [GeneratedRegex(@"\.(js|css)$")]
    private static partial Regex Source();
}
