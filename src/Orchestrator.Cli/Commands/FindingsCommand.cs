using System.CommandLine;
using Orchestrator.Core.Findings;

namespace Orchestrator.Cli.Commands;

/// <summary><c>findings [reset]</c>: what rules found.</summary>
internal static class FindingsCommand
{
    private static readonly Option<bool> All = new("--all") { Description = "Resolved ones too." };

    private static readonly Option<int> Limit = new("--limit") { Description = "At most so many.", DefaultValueFactory = _ => 100 };

    private static readonly Argument<string> Id = new("id") { Description = "The finding." };

    public static Verb Make(Terminal terminal)
    {
        var verb = new Verb("findings", "Findings, newest first; exit 1 where one is open.", "orchestrator findings", "orchestrator findings --all --json")
        {
            All, Limit,
        };
        verb.Add(Reset(terminal));
        return verb.Asks(terminal, async asking =>
        {
            var open = asking.Parsed.GetValue(All) ? "false" : "true";
            var findings = await asking.ShowAsync<List<Finding>>(
                $"/api/findings?open={open}&limit={asking.Parsed.GetValue(Limit)}", found => Show(terminal, found));
            return findings.Exists(finding => finding.State == FindingState.Open) ? ExitCode.Found : ExitCode.Ok;
        });
    }

    private static Verb Reset(Terminal terminal) =>
        new Verb("reset", "Lets fixes of a finding be tried again although the last ones did not help.", "orchestrator findings reset 3f2a90c1d7e4") { Id }.Asks(terminal, async asking =>
        {
            var id = asking.Parsed.GetRequiredValue(Id);
            var finding = await asking.Client.PostAsync<Finding>($"/api/findings/{Uri.EscapeDataString(id)}/reset", new { }, asking.Cancellation);
            asking.Present(finding, found => terminal.Line($"Fixes of the finding {found.Id} may be tried again from the next evaluation on."));
            return ExitCode.Ok;
        });

    private static void Show(Terminal terminal, List<Finding> findings) => terminal.ShowTable(
        "No findings.",
        ["id", "rule", "severity", "state", "value", "opened", "summary"],
        findings.Select(finding => new[]
        {
            finding.Id, finding.Rule, finding.Severity, Words.Of(finding.State), Words.Of(finding.Value), Words.Of(finding.OpenedAt),
            finding.Held is { } held ? $"{finding.Summary} (no fix: {held})" : finding.Summary,
        }));
}
