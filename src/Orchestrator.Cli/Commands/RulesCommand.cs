using System.CommandLine;
using Orchestrator.Server.Rules;

namespace Orchestrator.Cli.Commands;

/// <summary><c>rules</c>: the rules in force with their health, and the alerts that they raise.</summary>
internal static class RulesCommand
{
    private static readonly Option<bool> Alerts = new("--alerts") { Description = "The alerts that are pending or firing, instead of the rules." };

    public static Verb Make(Terminal terminal) =>
        new Verb("rules", "The rules in force with their health; exit 1 where one could not be evaluated.", "orchestrator rules", "orchestrator rules --alerts", "orchestrator rules --json") { Alerts }
            .Asks(terminal, asking => asking.Parsed.GetValue(Alerts) ? AlertsAsync(asking) : RulesAsync(asking));

    private static async Task<int> RulesAsync(Asking asking)
    {
        var rules = await asking.ShowAsync<List<RuleLine>>("/api/rules", lines => asking.Terminal.ShowTable(
            "No rules are in force.",
            ["group", "rule", "kind", "pending", "firing", "proposes", "owner", "health"],
            lines.Select(line => new[] { line.Group, line.Rule, line.Kind, Words.Of(line.Pending), Words.Of(line.Firing), line.Workflow, line.Owner, line.Error ?? "ok" })));
        return rules.Exists(rule => rule.Error is not null) ? ExitCode.Found : ExitCode.Ok;
    }

    private static async Task<int> AlertsAsync(Asking asking)
    {
        await asking.ShowAsync<List<AlertLine>>("/api/rules/alerts", lines => asking.Terminal.ShowTable(
            "No alert holds.",
            ["rule", "severity", "state", "value", "since", "labels"],
            lines.Select(line => new[] { line.Rule, line.Severity, line.State, Words.Of(line.Value), Words.Of(line.ActiveAt), line.Labels.Without("alertname").ToString() })));
        return ExitCode.Ok;
    }
}
