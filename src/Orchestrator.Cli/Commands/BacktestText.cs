using Orchestrator.Core.Fixes;
using Orchestrator.Core.Rules;
using Orchestrator.Server.Rules;

namespace Orchestrator.Cli.Commands;

/// <summary>Backtests as people read them.</summary>
internal static class BacktestText
{
    public static void Show(Terminal terminal, LiveBacktestShown backtest, BacktestDifference? difference)
    {
        var report = backtest.Report;
        terminal.Line($"{Words.Of(report.From)} to {Words.Of(report.To)}: {report.Evaluations} evaluations, {report.Alerts.Length} alerts, {report.Fixes.Length} fixes, {report.LabelCost} labels");
        foreach (var error in report.Errors)
        {
            terminal.Line($"{error.Group}/{error.Rule} could not be evaluated at {error.Times} instants, first {Words.Of(error.First)}: {error.Error}");
        }

        terminal.ShowTable("No alert fires.", ["rule", "fired", "resolved", "value", "labels"], report.Alerts.Select(Row));
        terminal.ShowTable("No fix is opened.", ["rule", "opened", "workflow", "labels asked", "for"], report.Fixes.Select(Row));
        if (backtest.IsSame is { } same)
        {
            terminal.Line(same ? $"The replay gives the {backtest.Logged} transitions that were logged, byte for byte." : $"The replay differs from the log: it gives {backtest.Transitions.Length} transitions, {backtest.Logged} were logged.");
        }

        if (difference is not null)
        {
            Show(terminal, difference);
        }
    }

    private static void Show(Terminal terminal, BacktestDifference difference)
    {
        if (difference.IsNone)
        {
            terminal.Line("Against the other revision: no difference.");
            return;
        }

        terminal.Line($"Against the other revision: {Signed(difference.LabelCost)} labels");
        var alerts = difference.AlertsAdded.Select(alert => ("+", alert)).Concat(difference.AlertsRemoved.Select(alert => ("-", alert))).OrderBy(one => one.alert.FiredAt);
        terminal.ShowTable("The same alerts.", ["", "rule", "fired", "resolved", "value", "labels"], alerts.Select(one => Row(one.alert).Prepend(one.Item1).ToArray()));
        var fixes = difference.FixesAdded.Select(fix => ("+", fix)).Concat(difference.FixesRemoved.Select(fix => ("-", fix))).OrderBy(one => one.fix.At);
        terminal.ShowTable("The same fixes.", ["", "rule", "opened", "workflow", "labels asked", "for"], fixes.Select(one => Row(one.fix).Prepend(one.Item1).ToArray()));
    }

    private static string?[] Row(BacktestAlert alert) =>
        [alert.Rule, Words.Of(alert.FiredAt), alert.ResolvedAt is { } at ? Words.Of(at) : "still fires", Words.Of(alert.Value), alert.Labels.Without("alertname").ToString()];

    private static string?[] Row(BacktestFix fix) => [fix.Rule, Words.Of(fix.At), fix.Workflow, Words.Of(fix.LabelBudget), fix.Key];

    private static string Signed(int number) => number > 0 ? $"+{number}" : Words.Of(number);
}
