using System.Collections.Immutable;
using System.IO.Enumeration;

namespace Orchestrator.Runtime.Datasets;

/// <summary>The files that a path inside a connection's folder means, or why there are none.</summary>
public abstract record SourceFiles
{
    private SourceFiles()
    {
    }

    /// <param name="Paths">Absolute, in ordinal order of their names.</param>
    public sealed record Found(ImmutableArray<string> Paths) : SourceFiles;

    public sealed record Missing(string Folder) : SourceFiles;

    /// <summary>The path, or a link on it, leads out of the folder.</summary>
    public sealed record Outside(string Path) : SourceFiles;

    /// <param name="path">Relative, by <c>/</c>; <c>*</c> and <c>?</c> match within one name.</param>
    public static SourceFiles Find(string folder, string path)
    {
        var parts = path.Split('/');
        if (Path.IsPathRooted(path) || parts.Contains("..") || path.Contains('\\', StringComparison.Ordinal))
        {
            return new Outside(path);
        }

        var root = RealPath(new DirectoryInfo(Path.GetFullPath(folder)));
        IEnumerable<string> found = [root];
        foreach (var part in parts)
        {
            found = found.Where(Directory.Exists).SelectMany(parent => Entries(parent, part));
        }

        var files = found.Where(File.Exists).Order(StringComparer.Ordinal).ToImmutableArray();
        var stray = files.FirstOrDefault(file => !RealPath(new FileInfo(file)).StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal));
        return stray is not null ? new Outside(Path.GetRelativePath(root, stray)) : files.IsEmpty ? new Missing(root) : new Found(files);
    }

    private static IEnumerable<string> Entries(string parent, string part) => part.AsSpan().IndexOfAny('*', '?') < 0
        ? [Path.Combine(parent, part)]
        : Directory.EnumerateFileSystemEntries(parent).Where(entry => FileSystemName.MatchesSimpleExpression(part, Path.GetFileName(entry), ignoreCase: false));

    /// <summary>With every link on the way resolved.</summary>
    private static string RealPath(FileSystemInfo entry)
    {
        var target = entry.ResolveLinkTarget(returnFinalTarget: true) ?? entry;
        var parent = Path.GetDirectoryName(target.FullName);
        return parent is null ? target.FullName : Path.Combine(RealPath(new DirectoryInfo(parent)), target.Name);
    }
}
