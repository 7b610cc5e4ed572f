using System.Data.Common;
using Dapper;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Fixes;

/// <summary>What happened to a fix, and by whom.</summary>
public sealed record FixHistory(DateTimeOffset At, string Actor, FixEvent Event);

/// <summary>The rows of fixes and their events.</summary>
public static class FixStore
{
    public static void Save(Transaction transaction, Fix fix, int priority, int labelBudget)
    {
        const string Upsert = """
            insert into fix (id, finding_id, rule, model, dedup_key, priority, label_budget, state, is_open, body, instance_id, opened_at, ended_at)
            values (@Id, @FindingId, @Rule, @Model, @DedupKey, @priority, @labelBudget, @State, @IsOpen, @Body, @InstanceId, @OpenedAt, @EndedAt)
            on conflict (id) do update set state = excluded.state, is_open = excluded.is_open, body = excluded.body, instance_id = excluded.instance_id, ended_at = excluded.ended_at
            """;
        transaction.Execute(Upsert, new
        {
            fix.Id,
            fix.FindingId,
            fix.Rule,
            fix.Model,
            fix.DedupKey,
            priority,
            labelBudget,
            State = fix.State.ToString(),
            IsOpen = fix.IsOpen ? 1L : 0L,
            Body = Json.Write(fix),
            fix.InstanceId,
            OpenedAt = fix.OpenedAt.ToMicros(),
            EndedAt = fix.EndedAt?.ToMicros(),
        });
    }

    /// <summary>Changes a fix that is stored already.</summary>
    public static void Update(Transaction transaction, Fix fix) =>
        transaction.Execute(
            "update fix set state = @State, is_open = @IsOpen, body = @Body, instance_id = @InstanceId, ended_at = @EndedAt where id = @Id",
            new { fix.Id, State = fix.State.ToString(), IsOpen = fix.IsOpen ? 1L : 0L, Body = Json.Write(fix), fix.InstanceId, EndedAt = fix.EndedAt?.ToMicros() });

    public static void Append(Transaction transaction, string fixId, string actor, FixEvent @event)
    {
        const string Insert = """
            insert into fix_event (fix_id, sequence, at, actor, body)
            select @fixId, coalesce(max(sequence), 0) + 1, @At, @actor, @Body from fix_event where fix_id = @fixId
            """;
        transaction.Execute(Insert, new { fixId, actor, At = @event.At.ToMicros(), Body = Json.Write(@event) });
    }

    /// <summary>Work of a fix and its workflow that is neither done nor cancelled, parked work first.</summary>
    public static IReadOnlyList<EffectStatus> Work(DbConnection connection, Fix fix) =>
        [.. EffectStore.Open(connection).Where(effect => effect.Owner == fix.Id || effect.Owner == fix.InstanceId)];

    public static Fix? Find(DbConnection connection, string id) => Read(connection, "where id = @id", new { id }).SingleOrDefault();

    /// <summary>Fixes newest first; all states, or only the open ones; of every model, or only of those.</summary>
    public static IReadOnlyList<Fix> List(DbConnection connection, bool openOnly, int limit = 1000, IReadOnlyList<string>? models = null) => Read(
        connection,
        "where (is_open = 1 or not @openOnly) and (@every or model in @models) order by opened_at desc, id limit @limit",
        new { openOnly, limit, every = models is null, models = models ?? [] });

    /// <summary>A page of fixes, newest first; all states, or only the open ones.</summary>
    public static Page<Fix> Page(DbConnection connection, bool openOnly, PageWish wish)
    {
        var where = $"where {(openOnly ? "is_open = 1" : "1 = 1")}{(wish.Models is null ? "" : " and model in @Models")}";
        var total = connection.ExecuteScalar<long>($"select count(*) from fix {where}", wish.Parameters);
        return Page<Fix>.Of(Read(connection, $"{where}{wish.Newest("opened_at")}", wish.Parameters), wish, total, fix => new PageMark(fix.OpenedAt.ToMicros(), fix.Id));
    }

    /// <summary>How many are open, and how many wait for a person's word; of every model, or only of those.</summary>
    public static (int Open, int Waiting) Count(DbConnection connection, IReadOnlyList<string>? models) => connection.QuerySingle<(int, int)>(
        $"select count(*), coalesce(sum(case when state = 'Proposed' then 1 else 0 end), 0) from fix where is_open = 1{(models is null ? "" : " and model in @models")}", new { models = models ?? [] });

    /// <summary>Fixes in one state, most urgent first.</summary>
    public static IReadOnlyList<Fix> InState(DbConnection connection, FixState state) =>
        Read(connection, "where state = @State order by priority desc, opened_at, id", new { State = state.ToString() });

    public static IReadOnlyList<Fix> OfFinding(DbConnection connection, string findingId) =>
        Read(connection, "where finding_id = @findingId order by opened_at, id", new { findingId });

    public static Fix? OfInstance(DbConnection connection, string instanceId) =>
        Read(connection, "where instance_id = @instanceId and is_open = 1", new { instanceId }).SingleOrDefault();

    /// <summary>The model of the fix, ended or not, that an instance is the run of; null where there is none.</summary>
    public static string? ModelOfInstance(DbConnection connection, string instanceId) =>
        connection.QueryFirstOrDefault<string?>("select model from fix where instance_id = @instanceId", new { instanceId });

    public static IReadOnlyList<FixHistory> History(DbConnection connection, string fixId) =>
        connection.Query<EventRow>("select at as At, actor as Actor, body as Body from fix_event where fix_id = @fixId order by sequence", new { fixId })
            .Select(row => new FixHistory(row.At.ToInstant(), row.Actor, Json.Read<FixEvent>(row.Body))).ToList();

    /// <summary>Every fix as the guardrails see it.</summary>
    public static IReadOnlyList<PastFix> Past(DbConnection connection)
    {
        const string Select = """
            select rule as Rule, model as Model, dedup_key as DedupKey, state as State, opened_at as OpenedAt, ended_at as EndedAt, label_budget as LabelBudget
            from fix
            """;
        return connection.Query<PastRow>(Select).Select(row => row.ToPast()).ToList();
    }

    private static List<Fix> Read(DbConnection connection, string where, object parameters) =>
        connection.Query<string>($"select body from fix {where}", parameters).Select(Json.Read<Fix>).ToList();

    private sealed class EventRow
    {
        public long At { get; init; }
        public string Actor { get; init; } = "";
        public string Body { get; init; } = "";
    }

    private sealed class PastRow
    {
        public string Rule { get; init; } = "";
        public string? Model { get; init; }
        public string DedupKey { get; init; } = "";
        public string State { get; init; } = "";
        public long OpenedAt { get; init; }
        public long? EndedAt { get; init; }
        public long LabelBudget { get; init; }

        public PastFix ToPast() =>
            new(Rule, Model, DedupKey, Enum.Parse<FixState>(State), OpenedAt.ToInstant(), EndedAt?.ToInstant(), (int)LabelBudget);
    }
}
