using System.Collections.Immutable;
using System.CommandLine;
using Microsoft.Extensions.Logging;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Rehearsal;

namespace Orchestrator.Cli.Commands;

/// <summary><c>rehearse</c>: the whole loop on one's own history, on a virtual clock and a workspace of its own.</summary>
internal static class RehearseCommand
{
    private static readonly Argument<string[]> Scenarios = new("scenario")
    {
        Description = "NAME.scenario.yaml: what arrives when, who labels and approves; several are played side by side, a folder stands for all in it.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string?> Workspace = new("--workspace") { Description = "Keep what it makes in this folder; a temporary one where none is given." };

    public static readonly Option<string?> Out = new("--out") { Description = "Write report.json with the figures of the story into this folder." };

    public static Verb Make(Terminal terminal)
    {
        var verb = new Verb(
            "rehearse",
            "Plays a scenario through production code on a virtual clock; exit 1 where the loop does not close.",
            "orchestrator rehearse deploy/demo/digits.scenario.yaml",
            "orchestrator rehearse deploy/demo/digits.scenario.yaml --workspace rehearsed --out rehearsed --json")
        {
            Scenarios, Workspace, Out,
        };
        verb.SetAction((parsed, cancellation) => RunAsync(parsed, terminal, cancellation));
        return verb;
    }

    /// <summary>Shows and keeps the figures of a story that was played.</summary>
    public static async Task<int> TellAsync(ParseResult parsed, Terminal terminal, StoryReport report, CancellationToken cancellation)
    {
        if (parsed.GetValue(Out) is { } folder)
        {
            await StoryText.SaveAsync(report, folder, cancellation);
        }

        if (parsed.GetValue(CommandLine.Json))
        {
            terminal.ShowJson(report);
        }
        else
        {
            StoryText.Show(terminal, report);
        }

        return StoryText.IsClosed(report) ? ExitCode.Ok : ExitCode.Found;
    }

    /// <summary>Progress goes where the figures do not.</summary>
    public static Action<DateTimeOffset, string> Progress(ParseResult parsed, Terminal terminal)
    {
        var lines = parsed.GetValue(CommandLine.Json) ? terminal.Error : terminal.Output;
        return (at, line) => lines.WriteLine($"{Words.Of(at)}  {line}");
    }

    private static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var kept = parsed.GetValue(Workspace);
        var workspace = kept ?? Directory.CreateTempSubdirectory("orchestrator-rehearsal-").FullName;
        try
        {
            var report = await PlayAsync(workspace, StorySetup.ReadAll(parsed.GetRequiredValue(Scenarios)), Progress(parsed, terminal), cancellation);
            return await TellAsync(parsed, terminal, report, cancellation);
        }
        finally
        {
            if (kept is null)
            {
                Directory.Delete(workspace, recursive: true);
            }
        }
    }

    private static async Task<StoryReport> PlayAsync(string workspace, ImmutableArray<StorySetup> setups, Action<DateTimeOffset, string> tell, CancellationToken cancellation)
    {
        using var silent = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.None));
        using var node = await Node.OpenAsync(setups[0].Options(workspace, silent), cancellation);
        var start = node.Clocks.Real.GetTimestamp();
        await new Story(node, new StoryWorld(node, setups), tell).RehearseAsync(cancellation);
        return await new StoryFigures(node, setups).TakeAsync(node.Clocks.Real.GetElapsedTime(start), cancellation);
    }
}
