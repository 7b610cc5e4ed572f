using System.CommandLine;
using Orchestrator.Server.Monitors;
using Orchestrator.Server.Rules;

namespace Orchestrator.Cli.Commands;

/// <summary><c>measure</c>: a monitor out of its turn, so that a training pipeline can be gated.</summary>
internal static class MeasureCommand
{
    private static readonly Option<string> Monitor = new("--monitor") { Description = "The monitor.", Required = true };

    private static readonly Option<DateTimeOffset?> At = new("--at") { Description = "The instant to measure as of; now by default." };

    private static readonly Option<string?> FailOn = new("--fail-on") { Description = "Exit 1 where an alert of this severity, or a higher one, holds." };

    private static readonly string[] Severities = ["info", "warning", "critical"];

    public static Verb Make(Terminal terminal)
    {
        FailOn.AcceptOnlyFromAmong("warning", "critical");
        var verb = new Verb(
            "measure",
            "Measures a monitor now and says which alerts hold.",
            "orchestrator measure --monitor digits",
            "orchestrator measure --monitor digits --fail-on warning",
            "orchestrator measure --monitor digits --at 2026-01-05T06:00:00Z --json")
        {
            Monitor, At, FailOn,
        };
        return verb.Asks(terminal, RunAsync);
    }

    private static async Task<int> RunAsync(Asking asking)
    {
        var monitor = Uri.EscapeDataString(asking.Parsed.GetRequiredValue(Monitor));
        var measured = await asking.Client.PostAsync<Measured>($"/api/monitors/{monitor}/measure", new MeasureWish(asking.Parsed.GetValue(At)), asking.Cancellation);
        asking.Present(measured, shown => Show(asking.Terminal, shown));
        return asking.Parsed.GetValue(FailOn) is { } severity && Fails(measured, severity) ? ExitCode.Found : ExitCode.Ok;
    }

    /// <summary>What could not be measured or evaluated fails too: an error is never a pass.</summary>
    private static bool Fails(Measured measured, string severity) =>
        !measured.Any || !measured.RuleErrors.IsEmpty || measured.Alerts.Any(alert => Rank(alert) >= Array.IndexOf(Severities, severity));

    /// <summary>An alert of an unknown severity, or of none, ranks as a warning.</summary>
    private static int Rank(AlertLine alert) => Array.IndexOf(Severities, alert.Severity) is >= 0 and var rank ? rank : 1;

    private static void Show(Terminal terminal, Measured measured)
    {
        terminal.ShowTable(
            $"{measured.Monitor} at {Words.Of(measured.At)}: no alert holds.",
            ["alert", "severity", "state", "value", "summary"],
            measured.Alerts.Select(alert => new[] { alert.Rule, alert.Severity, alert.State, Words.Of(alert.Value), alert.Summary ?? alert.Labels.ToString() }));
        foreach (var line in measured.Problems.Concat(measured.RuleErrors))
        {
            terminal.Line(line);
        }
    }
}
