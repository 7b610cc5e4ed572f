using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Findings;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Tests.BadInput;
using Orchestrator.Runtime.Tests.Notifications;

namespace Orchestrator.Runtime.Tests.Fixes;

/// <summary>Three fixes in a row that fail hold further ones back until a person says that they may be tried again.</summary>
public sealed class BreakerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tripped_breaker_is_reset_by_a_person_and_fixes_are_proposed_again()
    {
        using var tiny = await ToldNode.OpenAsync("targets: {asked: {kind: slack, url_file: secrets/none}}"); // every fix fails: the file is missing
        for (var day = 0; day < Guardrails.BreakerLimit; day++)
        {
            await tiny.MoveAsync(TimeSpan.FromDays(1));
            var fix = Assert.Single(Fixes(tiny), fix => fix.State == FixState.Proposed);
            await tiny.Node.ApproveAsync(fix.Id, Actor.Named("lead@example.org"), fix.Plan!.Sha256, null, Cancel);
            await tiny.SettleAsync();
        }

        await tiny.MoveAsync(TimeSpan.FromDays(1));
        var finding = Assert.Single(tiny.Node.Database.Read(connection => FindingStore.List(connection, openOnly: true)));
        Assert.Equal("the last 3 fixes did not help: a person has to look", finding.Held);
        Assert.Equal([FixState.Failed, FixState.Failed, FixState.Failed], Fixes(tiny).Select(fix => fix.State));

        Assert.True(await tiny.Node.ResetBreakerAsync(finding, "lead@example.org", Cancel));
        await tiny.MoveAsync(TimeSpan.FromDays(1));
        Assert.Single(Fixes(tiny), fix => fix.State == FixState.Proposed);
        Assert.Null(tiny.Node.Database.Read(connection => FindingStore.Find(connection, finding.Id))!.Held);
    }

    private static IReadOnlyList<Fix> Fixes(TinyNode tiny) => tiny.Node.Database.Read(connection => FixStore.List(connection, openOnly: false));
}
