using System.Collections.Immutable;
using LibGit2Sharp;
using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Runtime.Revisions;

/// <summary>Files of a path as they were at a revision of the repository that it lies in; the work tree is not looked at.</summary>
public static class GitRevision
{
    /// <summary>The texts of the files that are meant, by path from the given one; or why they cannot be had.</summary>
    public static (ImmutableSortedDictionary<string, string> Files, string? Fault) Read(string path, string revision, Func<string, bool> isMeant)
    {
        var none = ImmutableSortedDictionary<string, string>.Empty;
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Repository.Discover(full) is not { } found)
        {
            return (none, $"\"{path}\" lies in no repository");
        }

        using var repository = new Repository(found);
        if (Commit(repository, revision) is not { } commit)
        {
            return (none, $"the repository of \"{path}\" has no revision \"{revision}\"");
        }

        var inside = Path.GetRelativePath(repository.Info.WorkingDirectory, full).Replace('\\', '/');
        var target = inside == "." ? commit.Tree : commit[inside]?.Target;
        var files = target switch
        {
            Blob blob => [(path, blob)],
            Tree tree => Blobs(tree, "").Where(file => isMeant(file.Path)).ToList(),
            _ => new List<(string Path, Blob Blob)>(),
        };
        return files.Count == 0
            ? (none, $"\"{path}\" holds no rules at {revision}")
            : (files.Take(SourceFiles.MaxFiles).ToImmutableSortedDictionary(file => file.Path, file => Text(file.Blob), StringComparer.Ordinal), null);
    }

    private static Commit? Commit(Repository repository, string revision)
    {
        try
        {
            return repository.Lookup<Commit>(revision);
        }
        catch (LibGit2SharpException)
        {
            return null;
        }
    }

    private static IEnumerable<(string Path, Blob Blob)> Blobs(Tree tree, string prefix) => tree.SelectMany(entry => entry.Mode switch
    {
        Mode.Directory when prefix.Count(c => c == '/') < SourceFiles.MaxFolders => Blobs((Tree)entry.Target, prefix + entry.Name + "/"),
        Mode.NonExecutableFile or Mode.ExecutableFile => [(prefix + entry.Name, (Blob)entry.Target)],
        _ => [],
    });

    /// <summary>What is too large or no text is read as far as it is one, and then refused by the reader of the file.</summary>
    private static string Text(Blob blob)
    {
        using var stream = blob.GetContentStream();
        var buffer = new byte[Math.Min(blob.Size, SourceText.MaxBytes)];
        stream.ReadExactly(buffer);
        return System.Text.Encoding.UTF8.GetString(buffer);
    }
}
