using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Revisions;

/// <summary>Follows a branch: fast-forward only, and only commits that are trusted where the operator demands signatures.</summary>
internal sealed class GitFollowing(RulesSource.Git source, string root, GitRemote? remote)
{
    /// <summary>The files at the branch's head; none, and why, where it is not followed there.</summary>
    /// <param name="known">How far the branch was followed; null where nothing of it was in force yet.</param>
    public async Task<SourceFiles> ReadAsync(GitHead? known, CancellationToken cancellation)
    {
        if (GitRemote.Serves(source) && remote is not null && await remote.FetchAsync(source, cancellation).ConfigureAwait(false) is { } unfetched)
        {
            return Refused(unfetched);
        }

        var (repository, reference) = remote?.Place(source) ?? (Path.Combine(root, source.Url), $"refs/heads/{source.Branch}");
        var files = GitSource.Read(repository, reference, source);
        if (files.Commit is not { } tip)
        {
            return files;
        }

        var refusal = Rewritten(repository, known, tip)
            ?? (remote is not null && tip != known?.Commit ? await remote.VerifyAsync(source, known?.Commit, tip, cancellation).ConfigureAwait(false) : null);
        return refusal is null ? files : Refused(refusal);
    }

    private Diagnostic? Rewritten(string repository, GitHead? known, string tip) =>
        known is null || tip == known.Commit || tip == known.Accepted || GitSource.Follows(repository, known.Commit, tip) ? null : new(
            "rules", 1, 1, "SRC004", Severity.Error, $"the branch \"{source.Branch}\" was rewritten: {known.Commit}, which is in force, is not among the ancestors of {tip}",
            $"allowed: a branch that holds it, or \"orchestrator revisions accept {tip}\" by an administrator");

    private SourceFiles Refused(Diagnostic reason) => SourceFiles.Unread($"repository {GitSource.Shown(source.Url)}", reason);
}
