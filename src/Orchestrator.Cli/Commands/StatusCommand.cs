using Orchestrator.Server.Status;

namespace Orchestrator.Cli.Commands;

/// <summary><c>status</c>: how things stand, in numbers.</summary>
internal static class StatusCommand
{
    public static Verb Make(Terminal terminal) =>
        new Verb("status", "How things stand, in numbers.", "orchestrator status", "orchestrator status --json --url http://localhost:5080")
            .Asks(terminal, async asking =>
            {
                await asking.ShowAsync<Standing>("/api/status", standing => Show(terminal, standing));
                return ExitCode.Ok;
            });

    private static void Show(Terminal terminal, Standing standing) => terminal.ShowPairs(
        [
            ("version", standing.Version),
            ("time", Words.Of(standing.Now)),
            ("kill switch", standing.KillSwitch ? "on" : "off"),
            ("open findings", Words.Of(standing.OpenFindings)),
            ("open fixes", Words.Of(standing.OpenFixes)),
            ("fixes that wait for approval", Words.Of(standing.FixesWaiting)),
            ("open label tasks", Words.Of(standing.OpenLabelTasks)),
            ("parked work", Words.Of(standing.ParkedWork)),
        ]);
}
