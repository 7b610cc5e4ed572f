using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Labeling;
using Orchestrator.Runtime.Tests.BadInput;

namespace Orchestrator.Runtime.Tests.Labeling;

/// <summary>Rows that two people answer each, of a budget of five labels: two rows, and one label left for where they are of two minds.</summary>
public sealed class LabelOverlapTests : IDisposable
{
    private readonly TinyNode _tiny = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Most_decide_and_where_as_many_say_something_else_one_more_is_asked_while_the_budget_lasts()
    {
        await OpenAsync();
        var (first, second) = (Tasks()[0].Id, Tasks()[1].Id);
        Assert.Equal(2, Tasks().Count);

        Assert.Equal("open", await AnswerAsync(first, "ann", "cat"));
        Assert.DoesNotContain(Tasks("ann"), task => task.Id == first);
        Assert.Equal("open", await AnswerAsync(first, "ann", "cat")); // again, it is the same answer
        Assert.Equal("ann has answered the task " + first + " already", await AnswerAsync(first, "ann", "dog"));
        Assert.Equal("open", await AnswerAsync(first, "bob", "dog")); // of two minds
        Assert.Equal("answered", await AnswerAsync(first, "eve", "cat")); // the fifth label
        Assert.Equal("open", await AnswerAsync(second, "ann", "cat"));
        Assert.Equal("skipped", await AnswerAsync(second, "bob", "dog")); // of two minds, and nothing is left
        await _tiny.SettleAsync();

        var queue = Assert.Single(_tiny.Node.Database.Read(LabelStore.Queues));
        Assert.Equal(("closed", "Done", 1, 1), (queue.State, queue.Outcome, queue.Answered, queue.Skipped));
        Assert.Equal((2, 0.0, "cohen"), (queue.Agreement!.Rows, queue.Agreement.Share!.Value, queue.Agreement.Method));
        Assert.Equal(0, queue.Agreement.Kappa!.Value, 1e-12); // ann always says cat and bob always dog: chance explains it all
        var confirmed = Assert.Single(_tiny.Node.Database.Read(connection => ConfirmedLabelStore.List(connection, "pets", ""))).Value;
        Assert.Equal(("cat", "ann, eve"), (confirmed.Label, confirmed.By));
    }

    [Fact]
    public async Task Of_rows_that_not_enough_have_answered_in_time_only_what_nobody_could_change_any_more_counts()
    {
        await OpenAsync(budget: 6, overlap: 3);
        var (first, second) = (Tasks()[0].Id, Tasks()[1].Id);
        await AnswerAsync(first, "ann", "cat");
        await AnswerAsync(first, "bob", "cat");
        await AnswerAsync(second, "ann", "cat");
        await _tiny.MoveAsync(TimeSpan.FromDays(4));

        var queue = _tiny.Node.Database.Read(LabelStore.Queues)[^1]; // the newest comes first, and the rule has asked again by now
        Assert.Equal(("Timed out", 1, 1), (queue.Outcome, queue.Answered, queue.Open));
    }

    [Fact]
    public async Task A_budget_that_is_smaller_than_the_number_of_people_fails_in_words()
    {
        await OpenAsync(budget: 2, overlap: 3);

        Assert.Equal(FixState.Failed, _tiny.TheFix().State);
        Assert.Contains("2 labels are fewer than the 3 people who answer each row (overlap)", _tiny.TheFix().Reason, StringComparison.Ordinal);
    }

    public void Dispose() => _tiny.Dispose();

    private async Task OpenAsync(int budget = 5, int overlap = 2)
    {
        await Pets.OpenAsync(_tiny, Pets.Rows(12, 12, 6, 1));
        _tiny.Author("rules/pets.model.yaml", Pets.Model.Replace("labels: human", $"labels: {{source: human, overlap: {overlap}}}", StringComparison.Ordinal));
        _tiny.Author("rules/pets.rules.yaml", Pets.Rules.Replace("label_budget: 3", $"label_budget: {budget}", StringComparison.Ordinal));
        await _tiny.ReadAsync("RULE209", "RULE213");
        await _tiny.MoveAsync(TimeSpan.FromDays(1));
    }

    private IReadOnlyList<LabelTask> Tasks(string? person = null) => _tiny.Node.Database.Read(connection => LabelStore.NextTasks(connection, null, 99, person));

    /// <summary>What became of the task, or why the answer was not taken.</summary>
    private async Task<string> AnswerAsync(string task, string person, string label) => await _tiny.Node.AnswerAsync(task, label, person, Cancel) switch
    {
        AnswerOutcome.Accepted taken => taken.Task.State,
        AnswerOutcome.Refused refused => refused.Reason,
        _ => "?",
    };
}
