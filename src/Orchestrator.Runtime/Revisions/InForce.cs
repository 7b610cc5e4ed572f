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
        var files = Read();
        var (loaded, diagnostics) = Load(files);
        var now = clocks.Now;
        var attempt = new RevisionAttempt(now, files.Source, loaded is not null, [.. diagnostics.Select(diagnostic => diagnostic.ToString())]);
        if (loaded is not null && loaded.Id == Current?.Id && database.Read(RevisionStore.LastAttempt) is { Accepted: true })
        {
            return attempt;
        }

        await database.WriteAsync(transaction => Save(transaction, attempt, loaded, files), cancellation).ConfigureAwait(false);
        return attempt;
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

        if (loaded is null || loaded.Id == Current?.Id)
        {
            return;
        }

        RevisionStore.PutInForce(transaction, new StoredRevision(loaded.Id, files.Source, files.Author, attempt.At, files.Texts));
        AuditStore.Append(transaction, attempt.At, files.Author ?? "source", "revision.in_force", loaded.Id, new { source = files.Source });
        transaction.AfterCommit(() => Volatile.Write(ref _current, loaded));
    }

    /// <summary>What the source has; where it cannot be read at all, no files and one diagnostic that says so.</summary>
    private SourceFiles Read()
    {
        try
        {
            return source switch
            {
                RulesSource.Folder folder => FolderSource.Read(Path.Combine(root, folder.Path)),
                RulesSource.Git git => GitSource.Read(Path.Combine(root, git.Url), git.Branch),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or LibGit2SharpException)
        {
            var unread = new Diagnostic("rules", 1, 1, "CONF020", Severity.Error, error.Message, "allowed: a source that can be read");
            var name = source is RulesSource.Git git ? $"repository {git.Url}" : $"folder {root}";
            return new SourceFiles(name, null, ImmutableSortedDictionary<string, string>.Empty, [unread]);
        }
    }
}
