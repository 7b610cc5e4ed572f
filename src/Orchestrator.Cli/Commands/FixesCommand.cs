using System.CommandLine;
using Orchestrator.Server.Findings;
using Orchestrator.Server.Fixes;

namespace Orchestrator.Cli.Commands;

/// <summary><c>fixes list|show|approve|reject|cancel|export|applied</c>: what is proposed, what became of it, and a person's word on it.</summary>
internal static class FixesCommand
{
    private const string SomeFix = "3f2a90c1d7e4-1";

    private static readonly Option<bool> All = new("--all") { Description = "Ended ones too." };

    private static readonly Argument<string> Id = new("id") { Description = "The fix." };

    private static readonly Option<string?> Plan = new("--plan") { Description = "Hash of the plan that you reviewed; the one that stands now where none is given." };

    private static readonly Option<string?> Patch = new("--patch") { Description = "Where the labels are in and the patch waits: the hash of the one that you reviewed; the one that stands now where none is given." };

    private static readonly Option<string?> Comment = new("--comment") { Description = "Stands in the history of the fix." };

    public static Verb Make(Terminal terminal) => new(
        "fixes", "Proposed repairs and a person's word on them.", "orchestrator fixes list", $"orchestrator fixes approve {SomeFix}")
    {
        List(terminal), Show(terminal), Approve(terminal), Reject(terminal), Cancel(terminal), HandoverVerbs.Export(terminal), HandoverVerbs.Applied(terminal),
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
        new Verb("show", "One fix: what it would do, why, what it should give, how it is undone.", $"orchestrator fixes show {SomeFix}") { Id }
            .Asks(terminal, async asking =>
            {
                await asking.ShowAsync<FixShown>(PathOf(asking), shown => FixText.Show(terminal, shown));
                return ExitCode.Ok;
            });

    private static Verb Approve(Terminal terminal) =>
        new Verb(
            "approve",
            "Approves a plan, or the patch of a running fix that waits for a second word; what runs is exactly that.",
            $"orchestrator fixes approve {SomeFix}",
            $"orchestrator fixes approve {SomeFix} --plan 9f8e… --comment \"checked the segment\"")
        {
            Id, Plan, Patch, Comment,
        }.Asks(terminal, async asking =>
        {
            var (plan, patch, comment) = (asking.Parsed.GetValue(Plan), asking.Parsed.GetValue(Patch), asking.Parsed.GetValue(Comment));
            if (plan is null && patch is null)
            {
                (plan, patch) = await StandingAsync(asking);
            }

            return patch is null
                ? await SendAsync(asking, "approve", new FixApproval(plan!, comment))
                : await SendAsync(asking, "patch/approve", new PatchApproval(patch, comment));
        });

    private static Verb Reject(Terminal terminal) =>
        new Verb("reject", "Rejects a proposed fix.", $"orchestrator fixes reject {SomeFix} --comment \"the labels are right\"") { Id, Comment }
            .Asks(terminal, asking => SendAsync(asking, "reject", new FixRejection(asking.Parsed.GetValue(Comment))));

    private static Verb Cancel(Terminal terminal) =>
        new Verb("cancel", "Stops a fix wherever it is and undoes what it changed.", $"orchestrator fixes cancel {SomeFix} --comment \"wrong dataset\"") { Id, Comment }
            .Asks(terminal, asking => SendAsync(asking, "cancel", new FixCancellation(asking.Parsed.GetValue(Comment))));

    private static string PathOf(Asking asking) => $"/api/fixes/{Uri.EscapeDataString(asking.Parsed.GetRequiredValue(Id))}";

    /// <summary>What waits for a word now: the patch of a running fix, else its plan.</summary>
    private static async Task<(string? Plan, string? Patch)> StandingAsync(Asking asking)
    {
        var shown = await asking.Client.GetAsync<FixShown>(PathOf(asking), asking.Cancellation);
        return shown.Fix.AwaitsPatch ? (null, shown.Fix.Patch!.Sha256)
            : shown.Fix.Plan is { Sha256: var plan } ? (plan, null)
            : throw new CommandException($"the fix {shown.Fix.Id} is {Words.Of(shown.Fix.State)}: it has no plan to approve", ExitCode.Found);
    }

    private static async Task<int> SendAsync(Asking asking, string verb, object word)
    {
        var fix = await asking.Client.PostAsync<FixLine>($"{PathOf(asking)}/{verb}", word, asking.Cancellation);
        asking.Present(fix, line => asking.Terminal.Line($"The fix {line.Id} is {Words.Of(line.State)}."));
        return ExitCode.Ok;
    }

    private static void ShowLines(Terminal terminal, List<FixLine> fixes) => terminal.ShowTable(
        "No fixes.",
        ["id", "rule", "workflow", "state", "opened", "deadline", "reason"],
        fixes.Select(fix => new[]
        {
            fix.Id, fix.Rule, fix.Workflow, Words.Of(fix.State), Words.Of(fix.OpenedAt), Words.Of(fix.Deadline), fix.Reason,
        }));
}
