using System.Text.Json;

namespace Orchestrator.Core.Tests;

/// <summary>Real data with reference values, found above the test assembly or at <c>ORCHESTRATOR_SHARED</c>; tests that need it skip loudly where it is absent.</summary>
internal static class SharedData
{
    public static string File(params string[] parts)
    {
        var path = Path.Combine([Root(), "data", .. parts]);
        Assert.SkipUnless(System.IO.File.Exists(path), $"shared data is absent: {path}");
        return path;
    }

    public static JsonElement Json(params string[] parts)
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllText(File(parts)));
        return document.RootElement.Clone();
    }

    public static string Folder(params string[] parts)
    {
        var path = Path.Combine([Root(), .. parts]);
        Assert.SkipUnless(Directory.Exists(path), $"shared data is absent: {path}");
        return path;
    }

    private static string Root()
    {
        if (Environment.GetEnvironmentVariable("ORCHESTRATOR_SHARED") is { Length: > 0 } named)
        {
            return named;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, "shared", "data")))
            {
                return Path.Combine(folder.FullName, "shared");
            }
        }

        Assert.Skip("shared data is absent: no folder above the tests holds shared/data, and ORCHESTRATOR_SHARED is not set");
        return "";
    }
}
