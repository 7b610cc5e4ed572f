using System.Data.Common;
using Dapper;
using Orchestrator.Core.Series;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Workflows;

/// <summary>A stored workflow instance.</summary>
/// <param name="Version">Rises with every change; a write with an older one is refused.</param>
public sealed record StoredInstance(
    string Id, string DefinitionId, string Definition, InstanceState State, string Status, long Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>The rows of workflow instances and their events.</summary>
public static class WorkflowStore
{
    private const string Columns = """
        id as Id, definition_id as DefinitionId, definition as Definition, state as State, status as Status, version as Version,
        created_at as CreatedAt, updated_at as UpdatedAt
        """;

    /// <summary>Creates an instance; one whose id exists changes nothing. Whether it is new.</summary>
    public static bool Create(Transaction transaction, StoredInstance instance)
    {
        const string Insert = """
            insert into workflow_instance (id, definition_id, definition, state, status, version, created_at, updated_at)
            values (@Id, @DefinitionId, @Definition, @State, @Status, 0, @At, @At)
            on conflict (id) do nothing
            """;
        return transaction.Execute(Insert, new
        {
            instance.Id,
            instance.DefinitionId,
            instance.Definition,
            State = WorkflowJson.Write(instance.State),
            instance.Status,
            At = instance.CreatedAt.ToMicros(),
        }) == 1;
    }

    /// <summary>Appends events and replaces the state; throws <see cref="StorageException"/> where another write came between.</summary>
    public static void Save(Transaction transaction, StoredInstance instance, IReadOnlyList<WorkflowEvent> events)
    {
        const string Update = """
            update workflow_instance set state = @State, status = @Status, version = version + 1, updated_at = @At
            where id = @Id and version = @Version
            """;
        const string Insert = """
            insert into workflow_event (instance_id, sequence, at, body)
            select @Id, coalesce(max(sequence), 0) + 1, @At, @Body from workflow_event where instance_id = @Id
            """;
        var at = instance.UpdatedAt.ToMicros();
        var changed = transaction.Execute(
            Update, new { instance.Id, State = WorkflowJson.Write(instance.State), instance.Status, instance.Version, At = at });
        if (changed != 1)
        {
            throw new StorageException($"the workflow instance {instance.Id} was changed by another write");
        }

        foreach (var @event in events)
        {
            transaction.Execute(Insert, new { instance.Id, At = at, Body = WorkflowJson.Write(@event) });
        }
    }

    public static StoredInstance? Find(DbConnection connection, string id) =>
        connection.QuerySingleOrDefault<Row>($"select {Columns} from workflow_instance where id = @id", new { id })?.ToInstance();

    /// <summary>Instances, newest first.</summary>
    public static IReadOnlyList<StoredInstance> List(DbConnection connection, int limit = 1000, IReadOnlyList<string>? models = null) =>
        connection.Query<Row>(
            $"""
            select {Columns} from workflow_instance
            where @every or exists (select 1 from fix where fix.instance_id = workflow_instance.id and fix.model in @models)
            order by created_at desc, id limit @limit
            """,
            new { limit, every = models is null, models = models ?? [] })
            .Select(row => row.ToInstance()).ToList();

    /// <summary>A page of instances, newest first.</summary>
    public static Page<StoredInstance> Page(DbConnection connection, PageWish wish)
    {
        var where = wish.Models is null ? "where 1 = 1" : "where exists (select 1 from fix where fix.instance_id = workflow_instance.id and fix.model in @Models)";
        var total = connection.ExecuteScalar<long>($"select count(*) from workflow_instance {where}", wish.Parameters);
        var read = connection.Query<Row>($"select {Columns} from workflow_instance {where}{wish.Newest("created_at")}", wish.Parameters).Select(row => row.ToInstance()).ToList();
        return Page<StoredInstance>.Of(read, wish, total, instance => new PageMark(instance.CreatedAt.ToMicros(), instance.Id));
    }

    /// <summary>The journal of an instance, oldest first.</summary>
    public static IReadOnlyList<WorkflowEvent> Events(DbConnection connection, string id) =>
        connection.Query<string>("select body from workflow_event where instance_id = @id order by sequence", new { id })
            .Select(WorkflowJson.ReadEvent).ToList();

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string DefinitionId { get; init; } = "";
        public string Definition { get; init; } = "";
        public string State { get; init; } = "";
        public string Status { get; init; } = "";
        public long Version { get; init; }
        public long CreatedAt { get; init; }
        public long UpdatedAt { get; init; }

        public StoredInstance ToInstance() =>
            new(Id, DefinitionId, Definition, WorkflowJson.ReadState(State), Status, Version, CreatedAt.ToInstant(), UpdatedAt.ToInstant());
    }
}
