using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>Where files of a story come from and go to.</summary>
internal static class StoryFiles
{
    /// <summary>The files that a path or a pattern of a scenario means, in the order of their names; throws <see cref="FileNotFoundException"/> where there are none.</summary>
    public static IReadOnlyList<string> Find(string folder, string pattern)
    {
        var full = Path.GetFullPath(Path.Combine(folder, pattern));
        var parent = Path.GetDirectoryName(full)!;
        var found = Directory.Exists(parent) ? Directory.GetFiles(parent, Path.GetFileName(full)).Order(StringComparer.Ordinal).ToList() : [];
        return found.Count > 0 ? found : throw new FileNotFoundException($"the scenario names {pattern}, but there is no such file under {folder}");
    }

    /// <summary>Where a dataset's connection expects a file: at the dataset's path, or, where that is a pattern, in its folder under the file's own name.</summary>
    public static string Target(string connection, DataLocation location, string fileName)
    {
        var path = location is DataLocation.Files files ? files.Path : throw new StoryException(["only datasets of files can be played"]);
        var name = path.Contains('*', StringComparison.Ordinal) || path.Contains('?', StringComparison.Ordinal) ? fileName : Path.GetFileName(path);
        return Path.Combine(connection, Path.GetDirectoryName(path) ?? "", name);
    }

    /// <summary>Writes a file beside its place and then moves it there.</summary>
    public static void Place(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var beside = path + ".arriving";
        File.WriteAllText(beside, text);
        File.Move(beside, path, overwrite: true);
    }
}
