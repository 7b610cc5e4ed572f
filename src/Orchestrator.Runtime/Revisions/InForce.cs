using System.Collections.Immutable;
using LibGit2Sharp;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Revisions;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Revisions;

/// <summary>The revision in force, in memory; a bad one never replaces it.</summary>
public sealed class InForce(Database database, RulesSource source, string root, Clocks clocks)
{
    private LoadedRevision? _current;

    /// <summary>Raised where a look finds files that are refused and were not found so before, in the transaction that records it.</summary>
    public event Action<Transaction, RevisionAttempt>? Refused;

    /// <summary>What fetches and verifies repositories; without it, only those of this machine are read.</summary>
    public GitRemote? Remote { get; init; }

    /// <summary>The revision in force; null until there was a good one.</summary>
    public LoadedRevision? Current => Volatile.Read(ref _current);

    /// <summary>Takes up the revision that was in force when the database was last used.</summary>
    public void Resume()
    {
        if (database.Read(RevisionStore.InForce) is { } stored && Load(new SourceFiles(stored.Source, stored.Author, stored.Files, [])).Revision is { } loaded)
        {
            Volatile.Write(ref _current, loaded);
        }
    }

    /// <summary>Looks at the source: a good revision comes into force, a bad one is recorded with its diagnostics.</summary>
    public async Task<RevisionAttempt> SyncAsync(CancellationToken cancellation)
    {
        var files = await ReadAsync(cancellation).ConfigureAwait(false);
        var (loaded, diagnostics) = Load(files);
        var now = clocks.Now;
        var attempt = new RevisionAttempt(now, files.Source, loaded is not null, [.. diagnostics.Select(diagnostic => diagnostic.ToString())]);
        if (loaded is not null && loaded.Id == Current?.Id && IsFollowed(files) && database.Read(RevisionStore.LastAttempt) is { Accepted: true })
        {
            return attempt;
        }

        await database.WriteAsync(transaction => Save(transaction, attempt, loaded, files), cancellation).ConfigureAwait(false);
        return attempt;
    }

    /// <summary>The same at the wish of a person, who does not wait for the source's period.</summary>
    public Task<RevisionAttempt> SyncNowAsync(CancellationToken cancellation)
    {
        Remote?.Expire();
        return SyncAsync(cancellation);
    }

    private static (LoadedRevision? Revision, ImmutableArray<Diagnostic> Diagnostics) Load(SourceFiles files)
    {
        var check = RuleRevision.Check(files.Texts);
        var diagnostics = files.Diagnostics.AddRange(check.Diagnostics);
        var isGood = !diagnostics.Any(diagnostic => diagnostic.Severity == Severity.Error);
        return (isGood && check.Value is { } rules ? new LoadedRevision(rules, files.Source, files.Author) : null, diagnostics);
    }

    private void Save(Transaction transaction, RevisionAttempt attempt, LoadedRevision? loaded, SourceFiles files)
    {
        var isNews = RevisionStore.LastAttempt(transaction.Connection) is not { Accepted: false } last || last.Source != attempt.Source || !last.Diagnostics.SequenceEqual(attempt.Diagnostics);
        RevisionStore.SaveAttempt(transaction, attempt);
        if (loaded is null && isNews)
        {
            Refused?.Invoke(transaction, attempt);
        }

        if (loaded is not null && files.Commit is { } commit && source is RulesSource.Git git)
        {
            GitHeadStore.Follow(transaction, git, commit);
        }

        if (loaded is null || loaded.Id == Current?.Id)
        {
            return;
        }

        RevisionStore.PutInForce(transaction, new StoredRevision(loaded.Id, files.Source, files.Author, attempt.At, files.Texts));
        AuditStore.Append(transaction, attempt.At, files.Author ?? "source", "revision.in_force", loaded.Id, new { source = files.Source });
        transaction.AfterCommit(() => Volatile.Write(ref _current, loaded));
    }

    /// <summary>Follows a rewritten branch from a commit on: false where no branch is followed, or nothing of it was in force yet.</summary>
    public Task<bool> AcceptAsync(string commit, string by, CancellationToken cancellation) => source is not RulesSource.Git git ? Task.FromResult(false) : database.WriteAsync(
        transaction =>
        {
            var accepted = GitHeadStore.Accept(transaction, git, commit);
            if (accepted)
            {
                AuditStore.Append(transaction, clocks.Now, by, "revision.history_accepted", commit, new { url = GitSource.Shown(git.Url), branch = git.Branch });
            }

            return accepted;
        },
        cancellation);

    private bool IsFollowed(SourceFiles files) => files.Commit is not { } commit || source is not RulesSource.Git git || Head(git)?.Commit == commit;

    private GitHead? Head(RulesSource.Git git) => database.Read(connection => GitHeadStore.Find(connection, git));

    /// <summary>What the source has; where it cannot be read at all, no files and one diagnostic that says so.</summary>
    private async Task<SourceFiles> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            return source switch
            {
                RulesSource.Folder folder => FolderSource.Read(Path.Combine(root, folder.Path)),
                RulesSource.Git git => await new GitFollowing(git, root, Remote).ReadAsync(Head(git), cancellation).ConfigureAwait(false),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or LibGit2SharpException)
        {
            var unread = new Diagnostic("rules", 1, 1, "CONF020", Severity.Error, error.Message, "allowed: a source that can be read");
            return SourceFiles.Unread(source is RulesSource.Git git ? $"repository {GitSource.Shown(git.Url)}" : $"folder {root}", unread);
        }
    }
}
