using System.CommandLine;
using Orchestrator.Core.Findings;

namespace Orchestrator.Cli.Commands;

/// <summary><c>findings</c>: what rules found.</summary>
internal static class FindingsCommand
{
    private static readonly Option<bool> All = new("--all") { Description = "Resolved ones too." };

    private static readonly Option<int> Limit = new("--limit") { Description = "At most so many.", DefaultValueFactory = _ => 100 };

    public static Verb Make(Terminal terminal)
    {
        var verb = new Verb("findings", "Findings, newest first; exit 1 where one is open.", "orchestrator findings", "orchestrator findings --all --json")
        {
            All, Limit,
        };
        return verb.Asks(terminal, async asking =>
        {
            var open = asking.Parsed.GetValue(All) ? "false" : "true";
            var findings = await asking.ShowAsync<List<Finding>>(
                $"/api/findings?open={open}&limit={asking.Parsed.GetValue(Limit)}", found => Show(terminal, found));
            return findings.Exists(finding => finding.State == FindingState.Open) ? ExitCode.Found : ExitCode.Ok;
        });
    }

    private static void Show(Terminal terminal, List<Finding> findings) => terminal.ShowTable(
        "No findings.",
        ["id", "rule", "severity", "state", "value", "opened", "summary"],
        findings.Select(finding => new[]
        {
            finding.Id, finding.Rule, finding.Severity, Words.Of(finding.State), Words.Of(finding.Value), Words.Of(finding.OpenedAt),
            finding.Held is { } held ? $"{finding.Summary} (no fix: {held})" : finding.Summary,
        }));
}
