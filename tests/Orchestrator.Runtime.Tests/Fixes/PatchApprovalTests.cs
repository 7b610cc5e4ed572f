using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Tests.BadInput;

namespace Orchestrator.Runtime.Tests.Fixes;

/// <summary>A rule that asks again when the labels are in; three cats are called dogs, and Ann says so.</summary>
public sealed class PatchApprovalTests : IDisposable
{
    private const string Ann = "ann@example.org";
    private const string Bob = "bob@example.org";

    private readonly TinyNode _tiny = new() { Outside = "groups: {leads: [ann@example.org, bob@example.org]}" };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Labels_change_the_dataset_only_once_somebody_else_has_approved_exactly_their_patch()
    {
        await AnsweredAsync();
        var fix = _tiny.TheFix();
        Assert.Equal((FixState.Running, true, 3, 3), (fix.State, fix.AwaitsPatch, fix.Patch!.Answered, fix.Patch.Changes));
        Assert.Equal([new LabelChange("dog", "cat", 3)], fix.Patch.Labels);
        Assert.Equal(3, DataPatch.Read(await _tiny.Node.Artifacts.ReadTextAsync(fix.Patch.Sha256, Cancel)).Relabelled);
        Assert.Single(_tiny.Node.Database.Read(connection => DatasetVersionStore.History(connection, "pets")));

        await _tiny.ReopenAsync(); // the wait survives the process
        await _tiny.SettleAsync();
        Assert.IsType<FixDecision.Refused>(await ApproveAsync(Ann, fix.Patch.Sha256));
        Assert.IsType<FixDecision.Refused>(await ApproveAsync("eve@example.org", fix.Patch.Sha256));
        Assert.IsType<FixDecision.Refused>(await ApproveAsync(Bob, fix.ApprovedPlan!));
        Assert.True(_tiny.TheFix().AwaitsPatch);
        Assert.IsType<FixDecision.Accepted>(await ApproveAsync(Bob, fix.Patch.Sha256));
        await _tiny.SettleAsync();

        Assert.Contains(
            _tiny.Node.Database.Read(connection => DatasetVersionStore.List(connection, "pets")), version => version.Manifest.Patch == fix.Patch.Sha256 && version.Manifest.Changes.Relabelled == 3);
    }

    [Fact]
    public async Task A_rejected_patch_is_not_applied_and_the_fix_ends_as_rejected()
    {
        await AnsweredAsync();

        await _tiny.Node.CommandAsync(_tiny.TheFix().Id, new FixCommand.Reject(Bob, "they are dogs") { At = _tiny.Node.Clocks.Now }, Bob, Cancel);
        await _tiny.SettleAsync();

        Assert.Equal((FixState.Rejected, "bob@example.org rejected the patch: they are dogs; what it changed is undone"), (_tiny.TheFix().State, _tiny.TheFix().Reason));
        Assert.Single(_tiny.Node.Database.Read(connection => DatasetVersionStore.History(connection, "pets")));
    }

    [Fact]
    public async Task A_patch_that_nobody_looks_at_runs_out()
    {
        await AnsweredAsync();
        await _tiny.MoveAsync(TimeSpan.FromHours(5));

        Assert.Equal(FixState.Expired, _tiny.TheFix().State);
        Assert.Single(_tiny.Node.Database.Read(connection => DatasetVersionStore.History(connection, "pets")));
    }

    public void Dispose() => _tiny.Dispose();

    /// <summary>The fix with the rule's own approval, and Ann's answers.</summary>
    private async Task AnsweredAsync()
    {
        await Pets.OpenAsync(_tiny, Pets.Rows(12, 12, 3, 1));
        _tiny.Author("rules/pets.rules.yaml", Pets.Rules.Replace("approval: auto", "approval: auto\n          patch_approval: required\n          approvers: [leads]\n          expires: 4h", StringComparison.Ordinal));
        await _tiny.ReadAsync("RULE209", "RULE213");
        await _tiny.MoveAsync(TimeSpan.FromDays(1));
        Assert.Equal(3, await _tiny.AnswerAsync("cat"));
    }

    private Task<FixDecision> ApproveAsync(string by, string patch) => _tiny.Node.ApprovePatchAsync(_tiny.TheFix().Id, Actor.Named(by), patch, null, Cancel);
}
