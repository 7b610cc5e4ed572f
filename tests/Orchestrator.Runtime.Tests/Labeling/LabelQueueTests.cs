using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Activities;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Labeling;
using Orchestrator.Runtime.Tests.BadInput;

namespace Orchestrator.Runtime.Tests.Labeling;

/// <summary>The queue of a fix, between the workflow that asks and the people who answer; three of the cats are called dogs.</summary>
public sealed class LabelQueueTests : IDisposable
{
    private const string Ann = "ann@example.org";

    private readonly TinyNode _tiny = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_that_are_there_before_the_workflow_has_come_to_wait_are_not_lost()
    {
        await Pets.OpenAsync(_tiny, Pets.Rows(12, 12, 3, 1));
        await _tiny.Node.Database.WriteAsync(tx => _tiny.Node.Story!.Move(tx, TinyNode.Start + TimeSpan.FromDays(1)), Cancel);
        var relabel = await UntilAsync("Orchestrator.Relabel");
        var node = _tiny.Node;
        var handler = new ActivityEffect(node.Workspace, node.Database, node.Workflows, node.Clocks, [new RelabelActivity(node.Labels, node.Artifacts, node.Authored)]);

        var outcome = Assert.IsType<EffectOutcome.Done>(await handler.RunAsync(relabel, Cancel));
        var early = await _tiny.AnswerAsync("cat"); // whoever sees a task by now answers it
        await node.Database.WriteAsync(
            tx =>
            {
                Assert.True(EffectStore.Close(tx, relabel, outcome.Result, node.Clocks.Now));
                outcome.Apply(tx);
            },
            Cancel);
        var late = await _tiny.AnswerAsync("cat");

        Assert.Equal(3, early + late);
        Assert.NotEqual(FixState.Running, _tiny.TheFix().State);
        Assert.Equal("closed", Assert.Single(node.Database.Read(LabelStore.Queues)).State);
    }

    [Fact]
    public async Task The_queue_of_a_cancelled_fix_is_withdrawn_and_what_people_said_by_then_is_remembered()
    {
        await Pets.OpenAsync(_tiny, Pets.Rows(12, 12, 3, 1));
        await _tiny.MoveAsync(TimeSpan.FromDays(1));
        var node = _tiny.Node;
        var tasks = node.Database.Read(connection => LabelStore.NextTasks(connection, null, 9));
        Assert.Equal(3, tasks.Count);
        Assert.IsType<AnswerOutcome.Accepted>(await node.AnswerAsync(tasks[0].Id, "cat", Ann, Cancel));

        await node.CommandAsync(_tiny.TheFix().Id, new FixCommand.Cancel(Ann, "not now") { At = node.Clocks.Now }, Ann, Cancel);
        await _tiny.SettleAsync();

        var queue = Assert.Single(node.Database.Read(LabelStore.Queues));
        Assert.Equal(("closed", "Withdrawn"), (queue.State, queue.Outcome));
        Assert.Empty(node.Database.Read(connection => LabelStore.NextTasks(connection, null, 9)));
        Assert.Equal(
            new AnswerOutcome.Refused($"the label queue {queue.Id} is closed: what asked for it was stopped"), await node.AnswerAsync(tasks[1].Id, "cat", Ann, Cancel));
        Assert.DoesNotContain(node.Database.Read(EffectStore.Open), effect => effect.Owner == queue.Id);
        Assert.Equal(tasks[0].RowId, Assert.Single(node.Database.Read(connection => ConfirmedLabelStore.List(connection, "pets", ""))).Key);
    }

    public void Dispose() => _tiny.Dispose();

    /// <summary>Does what is due up to the moment at which an activity of the type is to run, and claims that.</summary>
    private async Task<EffectAttempt> UntilAsync(string type)
    {
        var node = _tiny.Node;
        while (true)
        {
            var claim = new Claim("test", [ActivityEffect.KindName], node.Clocks.Now, node.Clocks.Real.GetUtcNow(), TimeSpan.FromHours(1));
            var attempt = await node.Database.WriteAsync(tx => EffectStore.Claim(tx, claim), Cancel);
            if (attempt?.Effect.Body.Contains(type, StringComparison.Ordinal) == true)
            {
                return attempt;
            }

            if (attempt is not null)
            {
                await node.Database.WriteAsync(tx => EffectStore.GiveBack(tx, attempt, "not this one"), Cancel);
            }

            Assert.True(await _tiny.Worker.RunNextAsync(Cancel) || await node.RunDueAsync(Cancel));
        }
    }
}
