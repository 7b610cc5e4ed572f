using System.Data.Common;
using Dapper;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Revisions;

/// <summary>How far a branch was followed.</summary>
/// <param name="Commit">The last whose rules were good.</param>
/// <param name="Accepted">The commit that a person named after the branch was rewritten: it is followed though the last good one is not among its ancestors.</param>
public sealed record GitHead(string Commit, string? Accepted);

/// <summary>The rows of followed branches.</summary>
public static class GitHeadStore
{
    /// <summary>Null where nothing of the branch was in force yet.</summary>
    public static GitHead? Find(DbConnection connection, RulesSource.Git source) =>
        connection.QuerySingleOrDefault<Row>(
            "select commit_sha as CommitSha, accepted as Accepted from git_head where url = @Url and branch = @Branch", new { source.Url, source.Branch })?.ToHead();

    public static void Follow(Transaction transaction, RulesSource.Git source, string commit) =>
        transaction.Execute(
            """
            insert into git_head (url, branch, commit_sha) values (@Url, @Branch, @Commit)
            on conflict (url, branch) do update set commit_sha = excluded.commit_sha, accepted = null
            """,
            new { source.Url, source.Branch, Commit = commit });

    /// <summary>False where nothing of the branch was in force yet, so that there is nothing to accept.</summary>
    public static bool Accept(Transaction transaction, RulesSource.Git source, string commit) =>
        transaction.Execute("update git_head set accepted = @Commit where url = @Url and branch = @Branch", new { source.Url, source.Branch, Commit = commit }) > 0;

    private sealed class Row
    {
        public string CommitSha { get; init; } = "";
        public string? Accepted { get; init; }

        public GitHead ToHead() => new(CommitSha, Accepted);
    }
}
