using System.Collections.Immutable;
using Orchestrator.Runtime.Labeling;

namespace Orchestrator.Runtime.Tests.Labeling;

public sealed class LabelStoreTests : IAsyncLifetime
{
    private static readonly DateTimeOffset _at = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);

    private readonly TestDatabase _database = new();

    public async ValueTask InitializeAsync() => Assert.True(await OpenAsync("q-1", "17", "4", "256"));

    [Fact]
    public void A_queue_is_stored_with_its_tasks()
    {
        var queue = Queue("q-1");

        Assert.Equal(Queued("q-1") with { Open = 3 }, queue);
        var task = _database.Read(connection => LabelStore.FindTask(connection, "q-1", 2))!;
        Assert.Equal(
            ("q-1:2", "q-1", 2, "4", "hash of 4", "3", "8", 0.5, "open", null),
            (task.Id, task.QueueId, task.Position, task.RowId, task.ContentHash, task.Given, task.Suggested, task.Score, task.State, task.Answer));
        Assert.Equal("16", task.Columns["px_0"]);
        Assert.Null(_database.Read(connection => LabelStore.FindQueue(connection, "q-2")));
        Assert.Null(_database.Read(connection => LabelStore.FindTask(connection, "q-1", 4)));
    }

    [Fact]
    public async Task A_queue_that_is_opened_again_stays_as_it_is()
    {
        await AnswerAsync("q-1", 1, "7");

        Assert.False(await OpenAsync("q-1", "99"));

        Assert.Equal(["17", "4", "256"], Tasks("q-1").Select(task => task.RowId));
        Assert.Equal("7", Tasks("q-1")[0].Answer);
    }

    [Fact]
    public async Task An_answer_counts_once_and_the_first_one_stands()
    {
        Assert.True(await AnswerAsync("q-1", 2, "8", "expert@example.org"));
        Assert.False(await AnswerAsync("q-1", 2, "8", "expert@example.org"));
        Assert.False(await AnswerAsync("q-1", 2, "3", "other@example.org"));
        Assert.False(await AnswerAsync("q-1", 2, null, "other@example.org"));

        var task = Tasks("q-1")[1];
        Assert.Equal(("answered", "8", "expert@example.org", _at), (task.State, task.Answer, task.AnsweredBy, task.AnsweredAt!.Value));
        Assert.Equal((2, 1, 0), (Queue("q-1").Open, Queue("q-1").Answered, Queue("q-1").Skipped));
    }

    [Fact]
    public async Task A_skipped_task_has_no_answer_and_is_not_asked_again()
    {
        Assert.True(await AnswerAsync("q-1", 1, null));
        Assert.False(await AnswerAsync("q-1", 1, "7"));

        Assert.Equal(("skipped", null), (Tasks("q-1")[0].State, Tasks("q-1")[0].Answer));
        Assert.Equal((2, 0, 1), (Queue("q-1").Open, Queue("q-1").Answered, Queue("q-1").Skipped));
        Assert.Equal(["q-1:2", "q-1:3"], Next("q-1"));
    }

    [Fact]
    public async Task The_next_tasks_are_the_open_ones_of_open_queues_in_their_order()
    {
        await OpenAsync("q-2", "8", "9");
        await AnswerAsync("q-1", 2, "8");

        Assert.Equal(["q-1:1", "q-1:3"], Next("q-1"));
        Assert.Equal(["q-1:1"], Next("q-1", 1));
        Assert.Equal(["q-1:1", "q-1:3", "q-2:1", "q-2:2"], Next(null));

        await SetStateAsync("q-1", "open", "closed");
        Assert.Equal(["q-2:1", "q-2:2"], Next(null));
        Assert.Empty(Next("q-1"));
    }

    [Theory]
    [InlineData("closing")]
    [InlineData("closed")]
    public async Task An_answer_that_comes_after_the_queue_closed_is_late(string state)
    {
        await SetStateAsync("q-1", "open", state);

        Assert.False(await AnswerAsync("q-1", 1, "7"));
        Assert.Equal("open", Tasks("q-1")[0].State);
    }

    [Fact]
    public async Task A_queue_closes_once()
    {
        Assert.False(await SetStateAsync("q-1", "closing", "closed"));
        Assert.True(await SetStateAsync("q-1", "open", "closing"));
        Assert.False(await SetStateAsync("q-1", "open", "closing"));
        Assert.True(await SetStateAsync("q-1", "closing", "closed"));
        Assert.Equal("closed", Queue("q-1").State);
    }

    [Fact]
    public async Task Queues_are_listed_newest_first()
    {
        await OpenAsync("q-2", "8");
        await _database.WriteAsync(tx => LabelStore.Open(tx, Queued("q-0") with { OpenedAt = _at.AddHours(1) }, []));

        Assert.Equal(["q-0", "q-1", "q-2"], _database.Read(LabelStore.Queues).Select(queue => queue.Id));
    }

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        return ValueTask.CompletedTask;
    }

    private static LabelQueue Queued(string id) => new(id, "digits-train", "v1", "x-1-run", "labels", "open", 3, _at, _at.AddDays(3));

    private Task<bool> OpenAsync(string id, params string[] rows) => _database.WriteAsync(tx => LabelStore.Open(tx, Queued(id), rows.Select((row, i) => new LabelTask(
        $"{id}:{i + 1}", id, i + 1, row, $"hash of {row}", "3", "8", 0.5, ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("px_0", "16")))));

    private Task<bool> AnswerAsync(string queue, int position, string? answer, string by = "expert@example.org") =>
        _database.WriteAsync(tx => LabelStore.Answer(tx, LabelStore.FindTask(tx.Connection, queue, position)!, answer, by, _at));

    private Task<bool> SetStateAsync(string queue, string from, string to) => _database.WriteAsync(tx => LabelStore.SetState(tx, queue, (from, to), (_at, "Done")));

    private LabelQueue Queue(string id) => _database.Read(connection => LabelStore.FindQueue(connection, id))!;

    private IReadOnlyList<LabelTask> Tasks(string queue) => _database.Read(connection => LabelStore.Tasks(connection, queue));

    private IEnumerable<string> Next(string? queue, int limit = 100) =>
        _database.Read(connection => LabelStore.NextTasks(connection, queue, limit)).Select(task => task.Id);
}
