using LibGit2Sharp;

namespace Orchestrator.Runtime.Revisions;

/// <summary>Reads authored files from the object store of a local Git repository; the work tree is never looked at.</summary>
public static class GitSource
{
    /// <summary>The files at the head of a branch; throws <see cref="LibGit2SharpException"/> where there is no such repository or branch.</summary>
    public static SourceFiles Read(string repository, string branch)
    {
        using var opened = new Repository(repository);
        var tip = opened.Branches[branch]?.Tip
            ?? throw new NotFoundException($"the repository {repository} has no branch \"{branch}\"");
        var hasRules = tip.Tree["rules"]?.TargetType == TreeEntryTargetType.Tree;
        var files = Walk(tip.Tree, "")
            .Where(file => SourceFiles.IsAuthored(file.Path, hasRules))
            .Select(file => (file.Path, Bytes: (Func<byte[]>)(() => ReadBounded(file.Blob))));
        return SourceFiles.Decode($"commit {tip.Sha}", tip.Author.Email, files);
    }

    /// <summary>Whether the branch's head has <paramref name="ancestor"/> among its ancestors, so that following it loses nothing.</summary>
    public static bool IsFastForward(string repository, string ancestor, string branch)
    {
        using var opened = new Repository(repository);
        var tip = opened.Branches[branch]?.Tip;
        var known = opened.Lookup<Commit>(ancestor);
        return tip is not null && known is not null && opened.ObjectDatabase.FindMergeBase(known, tip)?.Sha == known.Sha;
    }

    private static IEnumerable<(string Path, Blob Blob)> Walk(Tree tree, string prefix)
    {
        foreach (var entry in tree)
        {
            var path = prefix + entry.Name;
            if (entry.Mode == Mode.Directory)
            {
                var deeper = prefix.Count(c => c == '/') < SourceFiles.MaxFolders && !IsOther((Tree)entry.Target, path) ? Walk((Tree)entry.Target, path + "/") : [];
                foreach (var file in deeper)
                {
                    yield return file;
                }
            }
            else if (entry.Mode is Mode.NonExecutableFile or Mode.ExecutableFile)
            {
                yield return (path, (Blob)entry.Target);
            }
        }
    }

    /// <summary>Whether a folder is a source of its own; the folder <c>rules</c> at the root is this one's.</summary>
    private static bool IsOther(Tree folder, string path) => path != "rules" && folder[SourceFiles.Operators] is not null;

    private static byte[] ReadBounded(Blob blob)
    {
        using var stream = blob.GetContentStream();
        var buffer = new byte[Math.Min(blob.Size, Core.Diagnostics.SourceText.MaxBytes + 1)];
        stream.ReadExactly(buffer);
        return buffer;
    }
}
