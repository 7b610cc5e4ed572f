namespace Orchestrator.Core.Rules;

/// <summary>Paths of authored files: forward slashes, relative to the rules source.</summary>
public static class PathText
{
    /// <summary>What a path written in a file stands for, seen from where that file's own path is relative to.</summary>
    public static string Relative(string file, string path)
    {
        var parts = file.Split('/').SkipLast(1).ToList();
        foreach (var part in path.Split('/'))
        {
            if (part == ".." && parts.Count > 0 && parts[^1] != "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("" or "."))
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }
}
