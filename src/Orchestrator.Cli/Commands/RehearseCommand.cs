using System.CommandLine;
using Microsoft.Extensions.Logging;
using Orchestrator.Core.Fixes;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Findings;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Rehearsal;
using Orchestrator.Server.Findings;

namespace Orchestrator.Cli.Commands;

/// <summary><c>rehearse</c>: the whole loop on one's own history, on a virtual clock and a workspace of its own.</summary>
internal static class RehearseCommand
{
    private static readonly Argument<string> Scenario = new("scenario") { Description = "NAME.scenario.yaml: what arrives when, who labels and approves." };

    private static readonly Option<string?> Workspace = new("--workspace") { Description = "Keep what it makes in this folder; a temporary one where none is given." };

    public static Verb Make(Terminal terminal)
    {
        var verb = new Verb(
            "rehearse",
            "Plays a scenario through production code on a virtual clock; exit 1 where a fix failed or a finding stays open.",
            "orchestrator rehearse deploy/demo/digits.scenario.yaml",
            "orchestrator rehearse deploy/demo/digits.scenario.yaml --workspace rehearsed --json")
        {
            Scenario, Workspace,
        };
        verb.SetAction((parsed, cancellation) => RunAsync(parsed, terminal, cancellation));
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var setup = StorySetup.Read(parsed.GetRequiredValue(Scenario));
        if (parsed.GetValue(Workspace) is { } kept)
        {
            return await PlayAsync(parsed, terminal, setup, kept, cancellation);
        }

        var temporary = Directory.CreateTempSubdirectory("orchestrator-rehearsal-").FullName;
        try
        {
            return await PlayAsync(parsed, terminal, setup, temporary, cancellation);
        }
        finally
        {
            Directory.Delete(temporary, recursive: true);
        }
    }

    private static async Task<int> PlayAsync(ParseResult parsed, Terminal terminal, StorySetup setup, string workspace, CancellationToken cancellation)
    {
        var json = parsed.GetValue(CommandLine.Json);
        using var logging = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.None));
        using var node = await Node.OpenAsync(setup.Options(workspace, logging), cancellation);
        var progress = json ? terminal.Error : terminal.Output;
        await new Story(node, new StoryWorld(node, setup.Scenario, setup.Folder), (at, line) => progress.WriteLine($"{Words.Of(at)}  {line}"))
            .RehearseAsync(cancellation);
        var report = RehearsalReport.Of(node, setup.Scenario.Name);
        report.Show(terminal, json);
        return report.Closed ? ExitCode.Ok : ExitCode.Found;
    }
}

/// <summary>How a rehearsal ended.</summary>
/// <param name="Champions">The version that serves, by model.</param>
internal sealed record RehearsalReport(
    string Scenario, DateTimeOffset Until, int OpenFindings, IReadOnlyList<FixLine> Fixes, IReadOnlyDictionary<string, string?> Champions)
{
    /// <summary>Whether nothing is left open and no fix failed.</summary>
    public bool Closed => OpenFindings == 0 && Fixes.All(fix => fix.State == FixState.Succeeded);

    public static RehearsalReport Of(Node node, string scenario) => node.Database.Read(connection => new RehearsalReport(
        scenario,
        node.Clocks.Now,
        FindingStore.List(connection, openOnly: true).Count,
        [.. FixStore.List(connection, openOnly: false).Select(FixLine.Of)],
        ModelStore.Models(connection).ToDictionary(model => model, model => ChampionStore.Champion(connection, model), StringComparer.Ordinal)));

    public void Show(Terminal terminal, bool json)
    {
        if (json)
        {
            terminal.ShowJson(this);
            return;
        }

        terminal.ShowTable("No fixes.", ["fix", "rule", "state", "approved by", "reason"], Fixes.Select(fix =>
            new[] { fix.Id, fix.Rule, Words.Of(fix.State), fix.ApprovedBy, fix.Reason }));
        terminal.ShowTable("No models.", ["model", "champion"], Champions.Select(model => new[] { model.Key, model.Value ?? "none" }));
        terminal.Line(Closed ? "The loop closed: nothing is left open." : $"The loop did not close: {OpenFindings} findings are open.");
    }
}
