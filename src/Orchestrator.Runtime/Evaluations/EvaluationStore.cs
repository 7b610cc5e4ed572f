using System.Data.Common;
using Dapper;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Evaluations;

/// <summary>How far a rule group is: its last evaluation and what it remembers.</summary>
/// <param name="AsOf">Instant of the last evaluation; the epoch before the first.</param>
/// <param name="Watermark">Last batch that the evaluation could see.</param>
public sealed record GroupProgress(string Group, DateTimeOffset AsOf, long Watermark, RuleGroupState State);

/// <summary>Where the last evaluation of a group stands.</summary>
public sealed record GroupPosition(DateTimeOffset AsOf, long Watermark);

/// <summary>One line of the evaluation log: with the samples, it is enough to repeat the evaluation.</summary>
public sealed record EvaluationLogEntry(long Sequence, string Group, string Revision, DateTimeOffset AsOf, long Watermark);

/// <summary>The rows of rule groups, of the evaluation log and of alert transitions.</summary>
public static class EvaluationStore
{
    private const string StateColumns = "rule_group as RuleGroup, as_of as AsOf, watermark as Watermark, state as State";

    public static GroupProgress? Progress(DbConnection connection, string group) =>
        connection.QuerySingleOrDefault<Row>($"select {StateColumns} from group_state where rule_group = @group", new { group })?.ToProgress();

    /// <summary>How far a group is, without what it remembers; none before its first evaluation.</summary>
    public static GroupPosition? Position(DbConnection connection, string group) =>
        connection.QuerySingleOrDefault<Row>("select as_of as AsOf, watermark as Watermark from group_state where rule_group = @group", new { group }) is { } row
            ? new GroupPosition(row.AsOf.ToInstant(), row.Watermark)
            : null;

    /// <summary>The groups that remember anything.</summary>
    public static IReadOnlyList<string> Remembering(DbConnection connection) =>
        connection.Query<string>("select rule_group from group_state where state <> @Nothing order by rule_group", new { Nothing = Json.Write(RuleGroupState.Empty) }).ToList();

    /// <summary>Every group that was ever evaluated.</summary>
    public static IReadOnlyList<GroupProgress> All(DbConnection connection) =>
        connection.Query<Row>($"select {StateColumns} from group_state order by rule_group").Select(row => row.ToProgress()).ToList();

    /// <summary>Logs an evaluation, its transitions and what the group remembers from now on.</summary>
    public static void Save(Transaction transaction, GroupProgress progress, string revision, IReadOnlyList<AlertTransition> transitions)
    {
        const string InsertEvaluation = """
            insert into evaluation (seq, rule_group, revision, as_of, watermark) values (@seq, @Group, @revision, @AsOf, @Watermark)
            """;
        const string UpsertState = """
            insert into group_state (rule_group, as_of, watermark, state) values (@Group, @AsOf, @Watermark, @State)
            on conflict (rule_group) do update set as_of = excluded.as_of, watermark = excluded.watermark, state = excluded.state
            """;
        var seq = transaction.Scalar<long>("select coalesce(max(seq), 0) + 1 from evaluation");
        var asOf = progress.AsOf.ToMicros();
        transaction.Execute(InsertEvaluation, new { seq, progress.Group, revision, AsOf = asOf, progress.Watermark });
        transaction.Execute(UpsertState, new { progress.Group, AsOf = asOf, progress.Watermark, State = Json.Write(progress.State) });
        for (var i = 0; i < transitions.Count; i++)
        {
            transaction.Execute(
                "insert into alert_transition (evaluation, position, body) values (@seq, @i, @Body)", new { seq, i, Body = Json.Write(transitions[i]) });
        }
    }

    public static IReadOnlyList<EvaluationLogEntry> Log(DbConnection connection) =>
        connection.Query<LogRow>("select seq as Seq, rule_group as RuleGroup, revision as Revision, as_of as AsOf, watermark as Watermark from evaluation order by seq")
            .Select(row => new EvaluationLogEntry(row.Seq, row.RuleGroup, row.Revision, row.AsOf.ToInstant(), row.Watermark)).ToList();

    /// <summary>The log of the evaluations of a span.</summary>
    public static IReadOnlyList<EvaluationLogEntry> Log(DbConnection connection, DateTimeOffset from, DateTimeOffset to)
    {
        const string Select = "select seq as Seq, rule_group as RuleGroup, revision as Revision, as_of as AsOf, watermark as Watermark from evaluation where as_of between @From and @To order by seq";
        return connection.Query<LogRow>(Select, new { From = from.ToMicros(), To = to.ToMicros() })
            .Select(row => new EvaluationLogEntry(row.Seq, row.RuleGroup, row.Revision, row.AsOf.ToInstant(), row.Watermark)).ToList();
    }

    /// <summary>How often each group was evaluated in a span.</summary>
    public static IReadOnlyDictionary<string, long> Evaluations(DbConnection connection, DateTimeOffset from, DateTimeOffset to) =>
        connection.Query<(string Group, long Times)>("select rule_group, count(*) from evaluation where as_of between @From and @To group by rule_group", new { From = from.ToMicros(), To = to.ToMicros() })
            .ToDictionary(one => one.Group, one => one.Times, StringComparer.Ordinal);

    /// <summary>Every transition as it was logged, oldest first.</summary>
    public static IReadOnlyList<AlertTransition> Transitions(DbConnection connection) =>
        connection.Query<string>("select body from alert_transition order by evaluation, position").Select(Json.Read<AlertTransition>).ToList();

    /// <summary>The transitions of a span as they were logged, byte for byte.</summary>
    public static IReadOnlyList<string> LoggedTransitions(DbConnection connection, DateTimeOffset from, DateTimeOffset to)
    {
        const string Select = """
            select t.body from alert_transition t join evaluation e on e.seq = t.evaluation
            where e.as_of between @From and @To order by t.evaluation, t.position
            """;
        return connection.Query<string>(Select, new { From = from.ToMicros(), To = to.ToMicros() }).ToList();
    }

    private sealed class Row
    {
        public string RuleGroup { get; init; } = "";
        public long AsOf { get; init; }
        public long Watermark { get; init; }
        public string State { get; init; } = "";

        public GroupProgress ToProgress() => new(RuleGroup, AsOf.ToInstant(), Watermark, Json.Read<RuleGroupState>(State));
    }

    private sealed class LogRow
    {
        public long Seq { get; init; }
        public string RuleGroup { get; init; } = "";
        public string Revision { get; init; } = "";
        public long AsOf { get; init; }
        public long Watermark { get; init; }
    }
}
