using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using Dapper;
using Orchestrator.Core.Metrics.Statistics;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Labeling;

/// <summary>The rows of label queues and their tasks.</summary>
public static class LabelStore
{
    private const string TaskColumns = """
        queue_id as QueueId, position as Position, row_id as RowId, content_hash as ContentHash, given as Given, suggested as Suggested,
        score as Score, columns as Columns, state as State, answer as Answer, answered_by as AnsweredBy, answered_at as AnsweredAt
        """;

    private const string QueueColumns = """
        id as Id, dataset as Dataset, version as Version, instance_id as InstanceId, bookmark as Bookmark, state as State, budget as Budget, classes as Classes, label_set as LabelSet,
        opened_at as OpenedAt, deadline as Deadline, outcome as Outcome, overlap as Overlap, agreement as Agreement,
        (select count(*) from label_task where queue_id = id and label_task.state = 'open') as Open,
        (select count(*) from label_task where queue_id = id and label_task.state = 'answered') as Answered,
        (select count(*) from label_task where queue_id = id and label_task.state = 'skipped') as Skipped
        """;

    private const string OfModels = "(@every or exists (select 1 from fix where fix.instance_id = label_queue.instance_id and fix.model in @models))";

    /// <summary>Opens a queue; one whose id exists changes nothing. Whether it is new.</summary>
    public static bool Open(Transaction transaction, LabelQueue queue, IEnumerable<LabelTask> tasks)
    {
        const string InsertQueue = """
            insert into label_queue (id, dataset, version, instance_id, bookmark, state, budget, classes, label_set, opened_at, deadline, overlap)
            values (@Id, @Dataset, @Version, @InstanceId, @Bookmark, 'open', @Budget, @Classes, @LabelSet, @OpenedAt, @Deadline, @Overlap)
            on conflict (id) do nothing
            """;
        const string InsertTask = """
            insert into label_task (queue_id, position, row_id, content_hash, given, suggested, score, columns, state)
            values (@QueueId, @Position, @RowId, @ContentHash, @Given, @Suggested, @Score, @Columns, 'open')
            """;
        var isNew = transaction.Execute(InsertQueue, new
        {
            queue.Id,
            queue.Dataset,
            queue.Version,
            queue.InstanceId,
            queue.Bookmark,
            queue.Budget,
            Classes = Json.Write(queue.Classes),
            queue.LabelSet,
            OpenedAt = queue.OpenedAt.ToMicros(),
            Deadline = queue.Deadline.ToMicros(),
            queue.Overlap,
        }) == 1;
        if (isNew)
        {
            transaction.Execute(InsertTask, tasks.Select(task => new
            {
                QueueId = queue.Id, task.Position, task.RowId, task.ContentHash, task.Given, task.Suggested, task.Score, Columns = Json.Write(task.Columns),
            }).ToList());
        }

        return isNew;
    }

    public static LabelQueue? FindQueue(DbConnection connection, string id) =>
        connection.QuerySingleOrDefault<QueueRow>($"select {QueueColumns} from label_queue where id = @id", new { id })?.ToQueue();

    public static LabelQueue? OfBookmark(DbConnection connection, string bookmark) =>
        connection.QuerySingleOrDefault<QueueRow>($"select {QueueColumns} from label_queue where bookmark = @bookmark", new { bookmark })?.ToQueue();

    public static IReadOnlyList<LabelQueue> Queues(DbConnection connection) => Queues(connection, models: null);

    /// <summary>Queues, newest first; of every model where none are named, else only of those.</summary>
    public static IReadOnlyList<LabelQueue> Queues(DbConnection connection, IReadOnlyList<string>? models) =>
        connection.Query<QueueRow>($"select {QueueColumns} from label_queue where {OfModels} order by opened_at desc, id", new { every = models is null, models = models ?? [] })
            .Select(row => row.ToQueue()).ToList();

    public static LabelTask? FindTask(DbConnection connection, string queueId, int position) =>
        connection.QuerySingleOrDefault<TaskRow>(
            $"select {TaskColumns} from label_task where queue_id = @queueId and position = @position", new { queueId, position })?.ToTask();

    /// <summary>How many labels of rows of a dataset a workflow instance has asked for, in all its queues.</summary>
    public static int Asked(DbConnection connection, string instanceId, string dataset) =>
        connection.ExecuteScalar<int>(
            """
            select coalesce(sum(case when n > overlap then n else overlap end), 0) from (
              select q.overlap as overlap, (select count(*) from label_answer a where a.queue_id = t.queue_id and a.position = t.position) as n
              from label_task t join label_queue q on q.id = t.queue_id where q.instance_id = @instanceId and q.dataset = @dataset) asked
            """,
            new { instanceId, dataset });

    public static void SetAgreement(Transaction transaction, string queueId, Agreement? agreement) =>
        transaction.Execute(
            "update label_queue set agreement = @Agreement where id = @queueId", new { queueId, Agreement = agreement is null ? null : Json.Write(agreement) });

    /// <summary>Open tasks, most suspicious first; of one queue, or of all open ones; where a person is named, those that he has not answered.</summary>
    public static IReadOnlyList<LabelTask> NextTasks(DbConnection connection, string? queueId, int limit, string? person = null, IReadOnlyList<string>? models = null) =>
        connection.Query<TaskRow>(
            $"""
            select {TaskColumns} from label_task
            where state = 'open' and queue_id in (select id from label_queue where state = 'open' and (@queueId is null or id = @queueId) and {OfModels})
              and not exists (select 1 from label_answer a where a.queue_id = label_task.queue_id and a.position = label_task.position and a.person = @person)
            order by queue_id, position limit @limit
            """,
            new { queueId, limit, person, every = models is null, models = models ?? [] }).Select(row => row.ToTask()).ToList();

    public static IReadOnlyList<LabelTask> Tasks(DbConnection connection, string queueId) =>
        connection.Query<TaskRow>($"select {TaskColumns} from label_task where queue_id = @queueId order by position", new { queueId })
            .Select(row => row.ToTask()).ToList();

    /// <summary>A queue's tasks after a position, in their order.</summary>
    public static IReadOnlyList<LabelTask> TasksAfter(DbConnection connection, string queueId, int position, int limit) =>
        connection.Query<TaskRow>($"select {TaskColumns} from label_task where queue_id = @queueId and position > @position order by position limit @limit", new { queueId, position, limit })
            .Select(row => row.ToTask()).ToList();

    /// <summary>Records an answer, or null for a skip; false where the task or its queue is not open any more.</summary>
    public static bool Answer(Transaction transaction, LabelTask task, string? answer, string by, DateTimeOffset at) =>
        transaction.Execute(
            """
            update label_task set state = @State, answer = @answer, answered_by = @by, answered_at = @At
            where queue_id = @QueueId and position = @Position and state = 'open'
              and exists (select 1 from label_queue where id = @QueueId and label_queue.state = 'open')
            """,
            new { State = answer is null ? "skipped" : "answered", answer, by, At = at.ToMicros(), task.QueueId, task.Position }) == 1;

    /// <summary>Moves a queue from one state to another; false where it is in neither that state nor there.</summary>
    public static bool SetState(Transaction transaction, string queueId, (string From, string To) state, (DateTimeOffset At, string Outcome) end) =>
        transaction.Execute(
            "update label_queue set state = @To, closed_at = @At, outcome = @Outcome where id = @queueId and state = @From",
            new { queueId, state.From, state.To, At = end.At.ToMicros(), end.Outcome }) == 1;

    private sealed class TaskRow
    {
        public string QueueId { get; init; } = "";
        public long Position { get; init; }
        public string RowId { get; init; } = "";
        public string ContentHash { get; init; } = "";
        public string Given { get; init; } = "";
        public string? Suggested { get; init; }
        public double Score { get; init; }
        public string Columns { get; init; } = "";
        public string State { get; init; } = "";
        public string? Answer { get; init; }
        public string? AnsweredBy { get; init; }
        public long? AnsweredAt { get; init; }

        public LabelTask ToTask()
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{QueueId}:{Position}");
            var columns = Json.Read<ImmutableSortedDictionary<string, string>>(Columns);
            return new LabelTask(id, QueueId, (int)Position, RowId, ContentHash, Given, Suggested, Score, columns)
            {
                State = State, Answer = Answer, AnsweredBy = AnsweredBy, AnsweredAt = AnsweredAt?.ToInstant(),
            };
        }
    }

    private sealed class QueueRow
    {
        public string Id { get; init; } = "";
        public string Dataset { get; init; } = "";
        public string Version { get; init; } = "";
        public string InstanceId { get; init; } = "";
        public string Bookmark { get; init; } = "";
        public string State { get; init; } = "";
        public long Budget { get; init; }
        public string Classes { get; init; } = "";
        public string LabelSet { get; init; } = "";
        public long OpenedAt { get; init; }
        public long Deadline { get; init; }
        public string? Outcome { get; init; }
        public long Overlap { get; init; }
        public string? Agreement { get; init; }
        public long Open { get; init; }
        public long Answered { get; init; }
        public long Skipped { get; init; }

        public LabelQueue ToQueue() =>
            new(Id, Dataset, Version, InstanceId, Bookmark, State, (int)Budget, OpenedAt.ToInstant(), Deadline.ToInstant())
            {
                Classes = Json.Read<ImmutableArray<string>>(Classes), LabelSet = LabelSet, Outcome = Outcome, Overlap = (int)Overlap, Agreement = Agreement is { } text ? Json.Read<Agreement>(text) : null, Open = (int)Open, Answered = (int)Answered, Skipped = (int)Skipped,
            };
    }
}
