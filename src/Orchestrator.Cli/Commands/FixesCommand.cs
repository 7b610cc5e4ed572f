using System.CommandLine;
using System.Globalization;
using Orchestrator.Core.Fixes;
using Orchestrator.Server.Findings;
using Orchestrator.Server.Fixes;

namespace Orchestrator.Cli.Commands;

/// <summary><c>fixes list|show</c>: what is proposed and what became of it.</summary>
internal static class FixesCommand
{
    private static readonly Option<bool> All = new("--all") { Description = "Ended ones too." };

    private static readonly Argument<string> Id = new("id") { Description = "The fix." };

    public static Verb Make(Terminal terminal) => new(
        "fixes", "Proposed repairs and a person's word on them.", "orchestrator fixes list", "orchestrator fixes show 3f2a90c1d7e4-1")
    {
        List(terminal), Show(terminal),
    };

    private static Verb List(Terminal terminal) =>
        new Verb("list", "Fixes, newest first.", "orchestrator fixes list", "orchestrator fixes list --all --json") { All }
            .Asks(terminal, async asking =>
            {
                var open = asking.Parsed.GetValue(All) ? "false" : "true";
                await asking.ShowAsync<List<FixLine>>($"/api/fixes?open={open}", fixes => ShowLines(terminal, fixes));
                return ExitCode.Ok;
            });

    private static Verb Show(Terminal terminal) =>
        new Verb("show", "One fix: what it would do, why, what it should give, how it is undone.", "orchestrator fixes show 3f2a90c1d7e4-1") { Id }
            .Asks(terminal, async asking =>
            {
                var id = Uri.EscapeDataString(asking.Parsed.GetRequiredValue(Id));
                await asking.ShowAsync<FixShown>($"/api/fixes/{id}", shown => FixText.Show(terminal, shown));
                return ExitCode.Ok;
            });

    private static void ShowLines(Terminal terminal, List<FixLine> fixes) => terminal.ShowTable(
        "No fixes.",
        ["id", "rule", "workflow", "state", "opened", "deadline", "reason"],
        fixes.Select(fix => new[]
        {
            fix.Id, fix.Rule, fix.Workflow, Words.Of(fix.State), Words.Of(fix.OpenedAt), Words.Of(fix.Deadline), fix.Reason,
        }));
}
