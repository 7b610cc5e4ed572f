using System.CommandLine;
using System.Collections.Immutable;
using LibGit2Sharp;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Revisions.Difference;
using Orchestrator.Runtime.Revisions;

namespace Orchestrator.Cli.Commands;

/// <summary><c>diff</c>: what one revision means otherwise than another.</summary>
internal static class DiffCommand
{
    private static readonly Argument<string> Before = new("before") { Description = "A folder, or a commit, branch or tag of the repository." };

    private static readonly Argument<string> After = new("after") { Description = "The same, to compare with it." };

    private static readonly Option<string> Repository = new("--repository") { Description = "The repository that commits are of.", DefaultValueFactory = _ => "." };

    public static Verb Make(Terminal terminal)
    {
        var verb = new Verb(
            "diff",
            "What rules, monitors, models and workflows mean otherwise than before, for reviewers; exit 1 where anything does.",
            "orchestrator diff main HEAD~1",
            "orchestrator diff main . --json")
        {
            Before, After, Repository,
        };
        verb.SetAction(parsed => Run(parsed, terminal));
        return verb;
    }

    internal static void Show(Terminal terminal, RevisionDifference difference)
    {
        foreach (var change in difference.Changes)
        {
            terminal.Line(change.ToString());
        }

        foreach (var path in difference.FormattingOnly)
        {
            terminal.Line($"{path}: formatting only");
        }

        if (difference.Changes.IsEmpty)
        {
            terminal.Line("Nothing means anything else than before.");
        }
    }

    private static int Run(ParseResult parsed, Terminal terminal)
    {
        var repository = parsed.GetRequiredValue(Repository);
        var difference = RevisionDifference.Between(Files(parsed.GetRequiredValue(Before), repository), Files(parsed.GetRequiredValue(After), repository));
        if (parsed.GetValue(CommandLine.Json))
        {
            terminal.ShowJson(difference);
        }
        else
        {
            Show(terminal, difference);
        }

        return difference.Changes.IsEmpty ? ExitCode.Ok : ExitCode.Found;
    }

    private static ImmutableSortedDictionary<string, string> Files(string given, string repository)
    {
        var files = Directory.Exists(given) ? FolderSource.Read(given) : Revision(given, repository);
        var errors = files.Diagnostics.Where(diagnostic => diagnostic.Severity == Severity.Error).ToList();
        return errors.Count == 0 ? files.Texts : throw new CommandException($"{given} cannot be compared: {errors[0]}");
    }

    private static SourceFiles Revision(string given, string repository)
    {
        try
        {
            var found = LibGit2Sharp.Repository.Discover(repository) ?? throw new CommandException($"\"{given}\" is no folder, and \"{repository}\" is in no Git repository");
            return GitSource.ReadRevision(found, given);
        }
        catch (LibGit2SharpException error)
        {
            throw new CommandException(error.Message);
        }
    }
}
