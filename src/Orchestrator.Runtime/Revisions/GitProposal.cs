using System.Text;
using LibGit2Sharp;

namespace Orchestrator.Runtime.Revisions;

/// <summary>A changed file on a branch of its own, for those who keep the rules to look at and merge.</summary>
public static class GitProposal
{
    /// <summary>
    /// Writes the branch <c>proposals/…</c> with one commit on top of <paramref name="branch"/>; its name. The same change again is the same branch.
    /// Throws <see cref="LibGit2SharpException"/> where the repository cannot be written.
    /// </summary>
    public static string Push(string repository, string branch, ProposedFile file)
    {
        using var opened = new Repository(repository);
        var tip = opened.Branches[branch]?.Tip ?? throw new NotFoundException($"the repository {repository} has no branch \"{branch}\"");
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(file.Text));
        var blob = opened.ObjectDatabase.CreateBlob(content);
        var name = $"proposals/{Path.GetFileNameWithoutExtension(file.Path)}-{blob.Sha[..12]}";
        if (opened.Branches[name] is null)
        {
            var tree = opened.ObjectDatabase.CreateTree(TreeDefinition.From(tip).Add(file.Path, blob, Mode.NonExecutableFile));
            var author = new Signature(file.By, file.By.Contains('@', StringComparison.Ordinal) ? file.By : $"{file.By}@localhost", file.At);
            opened.Branches.Add(name, opened.ObjectDatabase.CreateCommit(author, author, file.Message, tree, [tip], prettifyMessage: true));
        }

        return name;
    }
}

/// <summary>A file as somebody proposes it.</summary>
/// <param name="Path">Relative to the repository's root.</param>
public sealed record ProposedFile(string Path, string Text, string Message, string By, DateTimeOffset At);
