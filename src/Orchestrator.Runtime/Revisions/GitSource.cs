using LibGit2Sharp;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Revisions;

/// <summary>Reads authored files from the object store of a local Git repository; the work tree is never looked at.</summary>
public static class GitSource
{
    /// <summary>The files at the head of a branch; throws <see cref="LibGit2SharpException"/> where there is no such repository or branch.</summary>
    public static SourceFiles Read(string repository, string branch)
    {
        using var opened = new Repository(repository);
        return Read(opened.Branches[branch]?.Tip ?? throw new NotFoundException($"the repository {repository} has no branch \"{branch}\""));
    }

    /// <summary>The files of what a name stands for: a commit's full or short name, a branch, a tag.</summary>
    public static SourceFiles ReadRevision(string repository, string revision)
    {
        using var opened = new Repository(repository);
        return Read(opened.Lookup<Commit>(revision) ?? opened.Branches[revision]?.Tip ?? (opened.Tags[revision]?.PeeledTarget as Commit)
            ?? throw new NotFoundException($"the repository {repository} has no commit, branch or tag \"{revision}\""));
    }

    /// <summary>The files of a reference of a followed repository; where it is not there, one diagnostic that says so.</summary>
    internal static SourceFiles Read(string repository, string reference, RulesSource.Git source)
    {
        using var opened = new Repository(repository);
        return opened.Refs[reference]?.ResolveToDirectReference().Target is Commit tip
            ? Read(tip)
            : SourceFiles.Unread($"repository {Shown(source.Url)}", NoBranch(source, [.. opened.Branches.Where(branch => !branch.IsRemote).Select(branch => branch.FriendlyName)]));
    }

    /// <summary>Whether the branch's head has <paramref name="ancestor"/> among its ancestors, so that following it loses nothing.</summary>
    public static bool IsFastForward(string repository, string ancestor, string branch)
    {
        using var opened = new Repository(repository);
        return opened.Branches[branch]?.Tip is { } tip && Holds(opened, ancestor, tip);
    }

    /// <summary>Whether a commit has another among its ancestors, or is it.</summary>
    internal static bool Follows(string repository, string ancestor, string tip)
    {
        using var opened = new Repository(repository);
        return opened.Lookup<Commit>(tip) is { } commit && Holds(opened, ancestor, commit);
    }

    /// <summary>The commits that came with a tip after a known one, oldest first; without a known one, the tip alone.</summary>
    internal static IReadOnlyList<string> Since(string repository, string? known, string tip)
    {
        using var opened = new Repository(repository);
        if (known is null || opened.Lookup<Commit>(known) is null)
        {
            return [tip];
        }

        var filter = new CommitFilter { IncludeReachableFrom = tip, ExcludeReachableFrom = known, SortBy = CommitSortStrategies.Topological | CommitSortStrategies.Reverse };
        return [.. opened.Commits.QueryBy(filter).Select(commit => commit.Sha)];
    }

    /// <summary>Where the copy of a followed repository keeps a branch.</summary>
    internal static string Copied(string branch) => $"refs/remotes/origin/{branch}";

    internal static Diagnostic NoBranch(RulesSource.Git source, IReadOnlyList<string> branches) => new(
        "rules", 1, 1, "SRC005", Severity.Error, $"the repository {Shown(source.Url)} has no branch \"{source.Branch}\"",
        branches.Count == 0 ? "allowed: none, there are none" : $"allowed: {string.Join(", ", branches.Order(StringComparer.Ordinal).Take(20))}", Nearest.To(source.Branch, branches));

    /// <summary>An address without what may be a password in it.</summary>
    internal static string Shown(string url) => System.Text.RegularExpressions.Regex.Replace(url, "(?<=://)[^/@\\s]*@", "");

    private static bool Holds(Repository repository, string ancestor, Commit tip) =>
        repository.Lookup<Commit>(ancestor) is { } known && repository.ObjectDatabase.FindMergeBase(known, tip)?.Sha == known.Sha;

    private static SourceFiles Read(Commit tip)
    {
        var hasRules = tip.Tree["rules"]?.TargetType == TreeEntryTargetType.Tree;
        var entries = Walk(tip.Tree, "").Where(entry => SourceFiles.IsInScope(entry.Path, hasRules)).Take(SourceFiles.MaxFiles * 100).ToList();
        var files = entries.Where(entry => entry.Blob is not null && SourceFiles.IsAuthored(entry.Path, hasRules))
            .Select(entry => (entry.Path, Bytes: (Func<byte[]>)(() => ReadBounded(entry.Blob!))));
        var strangers = entries.Select(entry => entry.Mode switch
        {
            Mode.SymbolicLink => SourceFiles.Link(entry.Path),
            Mode.GitLink => SourceFiles.Submodule(entry.Path),
            _ => null,
        }).OfType<Diagnostic>();
        var read = SourceFiles.Decode($"commit {tip.Sha}", tip.Author.Email, files);
        return read with { Commit = tip.Sha, Diagnostics = read.Diagnostics.AddRange(strangers) };
    }

    private static IEnumerable<Entry> Walk(Tree tree, string prefix)
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
            else
            {
                yield return new(path, entry.Mode, entry.Mode is Mode.NonExecutableFile or Mode.ExecutableFile ? (Blob)entry.Target : null);
            }
        }
    }

    /// <summary>Whether a folder is a source of its own; the folder <c>rules</c> at the root is this one's.</summary>
    private static bool IsOther(Tree folder, string path) => path != "rules" && folder[SourceFiles.Operators] is not null;

    private static byte[] ReadBounded(Blob blob)
    {
        using var stream = blob.GetContentStream();
        var buffer = new byte[Math.Min(blob.Size, SourceText.MaxBytes + 1)];
        stream.ReadExactly(buffer);
        return buffer;
    }

    private sealed record Entry(string Path, Mode Mode, Blob? Blob);
}
