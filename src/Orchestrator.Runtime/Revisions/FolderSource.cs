namespace Orchestrator.Runtime.Revisions;

/// <summary>Reads authored files from a plain folder; links are not followed.</summary>
public static class FolderSource
{
    private static readonly string[] Scopes = ["rules", "workflows"];

    /// <summary>The files as they are now; throws <see cref="DirectoryNotFoundException"/> where the folder is gone.</summary>
    public static SourceFiles Read(string folder)
    {
        var root = Path.GetFullPath(folder);
        if (!Directory.Exists(root))
        {
            throw new DirectoryNotFoundException($"the rules folder {root} does not exist");
        }

        var hasRules = Directory.Exists(Path.Combine(root, "rules"));
        var scopes = hasRules ? Scopes.Select(name => Path.Combine(root, name)).Where(Directory.Exists) : [root];
        var files = scopes
            .SelectMany(scope => Directory.EnumerateFiles(scope, "*", RegularFiles(hasRules ? SourceFiles.MaxFolders - 1 : SourceFiles.MaxFolders)))
            .Select(file => (Path: Path.GetRelativePath(root, file).Replace('\\', '/'), Bytes: (Func<byte[]>)(() => ReadBounded(file))))
            .Where(file => SourceFiles.IsAuthored(file.Path, hasRules));
        return SourceFiles.Decode($"folder {root}", author: null, files);
    }

    private static EnumerationOptions RegularFiles(int depth) => new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden | FileAttributes.System,
        MaxRecursionDepth = depth,
    };

    /// <summary>One byte more than is allowed tells that there is too much, without reading it all.</summary>
    private static byte[] ReadBounded(string file)
    {
        using var stream = File.OpenRead(file);
        var buffer = new byte[Math.Min(stream.Length, Core.Diagnostics.SourceText.MaxBytes + 1)];
        stream.ReadExactly(buffer);
        return buffer;
    }
}
