using System.IO.Enumeration;

namespace Orchestrator.Runtime.Revisions;

/// <summary>Reads authored files from a plain folder; links are not followed. A folder of rules that has no workflows shares those of the nearest folder above that has.</summary>
public static class FolderSource
{
    private static readonly string[] Scopes = ["rules", "workflows"];

    /// <summary>The files as they are now; throws <see cref="DirectoryNotFoundException"/> where the folder is gone.</summary>
    public static SourceFiles Read(string folder)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (!Directory.Exists(root))
        {
            throw new DirectoryNotFoundException($"the rules folder {root} does not exist");
        }

        var hasRules = Directory.Exists(Path.Combine(root, "rules"));
        var scopes = hasRules ? Scopes.Select(name => Path.Combine(root, name)).Where(Directory.Exists) : [root];
        var own = scopes.SelectMany(scope => Authored(root, scope, hasRules)).ToList();
        var isWithout = !hasRules && own.Count > 0 && !own.Exists(path => path.EndsWith(".json", StringComparison.Ordinal));
        var shared = isWithout ? WorkflowsAbove(root) : null;
        var files = own.Concat(shared is null ? [] : Authored(root, shared, hasRules))
            .Select(path => (path, Bytes: (Func<byte[]>)(() => ReadBounded(Path.Combine(root, path)))));
        var read = SourceFiles.Decode($"folder {root}", author: null, files);
        return read with { Diagnostics = read.Diagnostics.AddRange(scopes.SelectMany(scope => Links(root, scope))) };
    }

    private static IEnumerable<Core.Diagnostics.Diagnostic> Links(string root, string scope)
    {
        var all = RegularFiles(SourceFiles.MaxFolders);
        all.AttributesToSkip &= ~FileAttributes.ReparsePoint;
        return new FileSystemEnumerable<string>(scope, (ref FileSystemEntry entry) => entry.ToFullPath(), all)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        }.Select(path => SourceFiles.Link(Path.GetRelativePath(root, path).Replace('\\', '/'))).OfType<Core.Diagnostics.Diagnostic>();
    }

    /// <summary>The authored files below a scope, relative to the root; those of a source inside it are not this one's.</summary>
    private static IEnumerable<string> Authored(string root, string scope, bool hasRules)
    {
        var regular = RegularFiles(hasRules ? SourceFiles.MaxFolders - 1 : SourceFiles.MaxFolders);
        var others = Directory.EnumerateFiles(scope, SourceFiles.Operators, regular)
            .Select(file => Path.GetDirectoryName(file)!).Where(folder => folder != scope).Select(folder => folder + Path.DirectorySeparatorChar).ToList();
        return Directory.EnumerateFiles(scope, "*", regular)
            .Where(file => !others.Exists(other => file.StartsWith(other, StringComparison.Ordinal)))
            .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'))
            .Where(path => SourceFiles.IsAuthored(path, hasRules));
    }

    /// <summary>The workflows that a folder shares, up to the root of its repository; null where it has some of its own. Outside a repository only a folder called <c>rules</c>
    /// shares, what lies beside it: nobody knows who writes into the folders above.</summary>
    private static string? WorkflowsAbove(string root)
    {
        var above = Upwards(root).ToList();
        var repository = above.FindIndex(folder => Path.Exists(Path.Combine(folder, ".git")));
        var levels = repository >= 0 ? repository + 1 : Path.GetFileName(root) == "rules" ? 2 : 1;
        var nearest = above.Take(levels).FirstOrDefault(folder => Directory.Exists(Path.Combine(folder, "workflows")));
        return nearest is null || nearest == root ? null : Path.Combine(nearest, "workflows");
    }

    private static IEnumerable<string> Upwards(string folder)
    {
        for (var at = folder; at is not null; at = Path.GetDirectoryName(at))
        {
            yield return at;
        }
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
