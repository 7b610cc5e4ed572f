using System.CommandLine;
using Orchestrator.Server.Notifications;

namespace Orchestrator.Cli.Commands;

/// <summary><c>notify test</c>: whether messages arrive at a target.</summary>
internal static class NotifyCommand
{
    private static readonly Argument<string> Target = new("target") { Description = "A target of the operator's file." };

    public static Verb Make(Terminal terminal) => new("notify", "Messages to the operator's targets.", "orchestrator notify test churn-slack") { Test(terminal) };

    private static Verb Test(Terminal terminal) =>
        new Verb("test", "Sends one message to a target at once, to see whether it arrives.", "orchestrator notify test churn-slack") { Target }
            .Asks(terminal, async asking =>
            {
                var path = $"/api/targets/{Uri.EscapeDataString(asking.Parsed.GetRequiredValue(Target))}/test";
                var test = await asking.Client.PostAsync<TargetTest>(path, new { }, asking.Cancellation);
                asking.Present(test, shown => terminal.Line(shown.Sent ? $"The target {shown.Target} took the message." : "Nothing was sent: the server plays a story."));
                return ExitCode.Ok;
            });
}
