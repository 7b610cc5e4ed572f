namespace Orchestrator.Runtime.Tests.Runners;

/// <summary>Who lives, read from the system's own table.</summary>
internal static class Processes
{
    /// <summary>Numbers of living processes that were started with a variable that names the folder.</summary>
    public static IReadOnlyList<int> Of(string folder)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are read from Linux's table");
        return [.. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => name!.All(char.IsAsciiDigit)).Select(name => int.Parse(name!, null))
            .Where(id => id != Environment.ProcessId && Text(id, "environ").Contains("=" + folder, StringComparison.Ordinal))];
    }

    public static bool Lives(int id) => Text(id, "stat") is { Length: > 0 } stat && stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');

    /// <summary>Waits until a file is there and whole, a minute at most, and reads it.</summary>
    public static string Await(string path)
    {
        Assert.True(SpinWait.SpinUntil(() => File.Exists(path) && File.ReadAllText(path).EndsWith('\n'), TimeSpan.FromMinutes(1)), $"{path} did not come");
        return File.ReadAllText(path).Trim();
    }

    private static string Text(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
