using System.CommandLine;
using Orchestrator.Core.Revisions.Difference;
using Orchestrator.Runtime.Revisions;
using Orchestrator.Server.Revisions;

namespace Orchestrator.Cli.Commands;

/// <summary><c>revisions</c>: the rules in force, what the last look at their source found, and what is to be done about it.</summary>
internal static class RevisionsCommand
{
    private static readonly Argument<string> Commit = new("commit") { Description = "The commit at the head of the rewritten branch, all forty digits." };

    private static readonly Argument<string> Id = new("revision") { Description = "The revision's id." };

    private static readonly Option<string?> From = new("--from") { Description = "The revision to compare with; the one in force where it is not given." };

    public static Verb Make(Terminal terminal)
    {
        var verb = new Verb("revisions", "The rules in force, and the last look at their source with its diagnostics.", "orchestrator revisions", "orchestrator revisions sync")
        {
            new Verb("sync", "Looks at the source now; exit 1 where what it has is refused.", "orchestrator revisions sync").Asks(terminal, async asking =>
                Told(asking, terminal, await asking.Client.PostAsync<RevisionAttempt>("/api/revisions/sync", new { }, asking.Cancellation))),
            new Verb("accept", "Follows a rewritten branch from a commit on.", "orchestrator revisions accept 1f0c…") { Commit }.Asks(terminal, async asking =>
                Told(asking, terminal, await asking.Client.PostAsync<RevisionAttempt>("/api/revisions/accept", new AcceptedHistory(asking.Parsed.GetRequiredValue(Commit)), asking.Cancellation))),
            new Verb("diff", "What a revision means otherwise than another.", "orchestrator revisions diff 3fa9…") { Id, From }.Asks(terminal, async asking =>
            {
                var from = asking.Parsed.GetValue(From) is { } id ? $"?from={Uri.EscapeDataString(id)}" : "";
                await asking.ShowAsync<RevisionDifference>($"/api/revisions/{Uri.EscapeDataString(asking.Parsed.GetRequiredValue(Id))}/difference{from}", difference => DiffCommand.Show(terminal, difference));
                return ExitCode.Ok;
            }),
        };
        return verb.Asks(terminal, async asking =>
        {
            await asking.ShowAsync<RevisionsShown>("/api/revisions", shown => Show(terminal, shown));
            return ExitCode.Ok;
        });
    }

    private static int Told(Asking asking, Terminal terminal, RevisionAttempt attempt)
    {
        asking.Present(attempt, shown => Show(terminal, shown));
        return attempt.Accepted ? ExitCode.Ok : ExitCode.Found;
    }

    private static void Show(Terminal terminal, RevisionsShown shown)
    {
        terminal.ShowPairs(shown.InForce is not { } revision ? [("revision", "none yet")] :
        [
            ("revision", revision.Id),
            ("from", revision.Source),
            ("author", revision.Author ?? ""),
            ("since", Words.Of(revision.Since)),
            ("files", Words.Of(revision.Files.Length)),
        ]);
        if (shown.LastAttempt is { } attempt)
        {
            Show(terminal, attempt);
        }
    }

    private static void Show(Terminal terminal, RevisionAttempt attempt)
    {
        terminal.Line($"{attempt.Source}, looked at {Words.Of(attempt.At)}: {(attempt.Accepted ? "in force" : "refused, the last good revision stays in force")}");
        foreach (var diagnostic in attempt.Diagnostics)
        {
            terminal.Line(diagnostic);
        }
    }
}
