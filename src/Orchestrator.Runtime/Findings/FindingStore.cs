using System.Data.Common;
using Dapper;
using Orchestrator.Core.Findings;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Findings;

/// <summary>The rows of findings.</summary>
public static class FindingStore
{
    private const string Columns = """
        id as Id, fingerprint as Fingerprint, rule_group as RuleGroup, rule as Rule, labels as Labels, state as State, value as Value,
        severity as Severity, summary as Summary, owner as Owner, revision as Revision, held as Held, resolution as Resolution,
        opened_at as OpenedAt, resolved_at as ResolvedAt
        """;

    /// <summary>Writes a finding, new or changed.</summary>
    public static void Save(Transaction transaction, Finding finding)
    {
        const string Upsert = """
            insert into finding (id, fingerprint, rule_group, rule, labels, model, state, value, severity, summary, owner, revision, held, resolution, opened_at, resolved_at)
            values (@Id, @Fingerprint, @Group, @Rule, @Labels, @Model, @State, @Value, @Severity, @Summary, @Owner, @Revision, @Held, @Resolution, @OpenedAt, @ResolvedAt)
            on conflict (id) do update set state = excluded.state, value = excluded.value, severity = excluded.severity, summary = excluded.summary,
              held = excluded.held, resolution = excluded.resolution, resolved_at = excluded.resolved_at
            """;
        transaction.Execute(Upsert, new
        {
            finding.Id,
            finding.Fingerprint,
            finding.Group,
            finding.Rule,
            Labels = Json.WriteLabels(finding.Labels),
            Model = finding.Labels["model"],
            State = finding.State == FindingState.Open ? "open" : "resolved",
            Value = double.IsNaN(finding.Value) ? (double?)null : finding.Value, // SQLite has no NaN
            finding.Severity,
            finding.Summary,
            finding.Owner,
            finding.Revision,
            finding.Held,
            finding.Resolution,
            OpenedAt = finding.OpenedAt.ToMicros(),
            ResolvedAt = finding.ResolvedAt?.ToMicros(),
        });
    }

    /// <summary>Keeps why the rule held when the finding opened.</summary>
    public static void Explain(Transaction transaction, string id, RuleExplanation explanation) =>
        transaction.Execute("update finding set explanation = @Body where id = @id", new { id, Body = Json.Write(explanation) });

    /// <summary>Why the rule held when the finding opened; null where that is not known.</summary>
    public static RuleExplanation? Explanation(DbConnection connection, string id) =>
        connection.ExecuteScalar<string?>("select explanation from finding where id = @id", new { id }) is { } body ? Json.Read<RuleExplanation>(body) : null;

    public static Finding? Find(DbConnection connection, string id) =>
        connection.QuerySingleOrDefault<Row>($"select {Columns} from finding where id = @id", new { id })?.ToFinding();

    /// <summary>Findings newest first; all states, or only the open ones; of every model, or only of those.</summary>
    public static IReadOnlyList<Finding> List(DbConnection connection, bool openOnly, int limit = 1000, IReadOnlyList<string>? models = null) =>
        connection.Query<Row>(
            $"select {Columns} from finding where (state = 'open' or not @openOnly) and (@every or model in @models) order by opened_at desc, id limit @limit",
            new { openOnly, limit, every = models is null, models = models ?? [] })
            .Select(row => row.ToFinding()).ToList();

    /// <summary>A page of findings, newest first; all states, or only the open ones.</summary>
    public static Page<Finding> Page(DbConnection connection, bool openOnly, PageWish wish)
    {
        var where = $"where {(openOnly ? "state = 'open'" : "1 = 1")}{(wish.Models is null ? "" : " and model in @Models")}";
        var total = connection.ExecuteScalar<long>($"select count(*) from finding {where}", wish.Parameters);
        var read = connection.Query<Row>($"select {Columns} from finding {where}{wish.Newest("opened_at")}", wish.Parameters).Select(row => row.ToFinding()).ToList();
        return Page<Finding>.Of(read, wish, total, finding => new PageMark(finding.OpenedAt.ToMicros(), finding.Id));
    }

    /// <summary>How many are open; of every model, or only of those.</summary>
    public static int CountOpen(DbConnection connection, IReadOnlyList<string>? models) => connection.ExecuteScalar<int>(
        $"select count(*) from finding where state = 'open'{(models is null ? "" : " and model in @models")}", new { models = models ?? [] });

    /// <summary>Rules with an open finding of a model; of no model where it is null.</summary>
    public static IReadOnlyList<string> Firing(DbConnection connection, string? model) =>
        [.. List(connection, openOnly: true).Where(finding => finding.Labels["model"] == (model ?? "")).Select(finding => finding.Rule)];

    /// <summary>Open findings of one rule and label set; at most one but for a rule that was renamed.</summary>
    public static IReadOnlyList<Finding> Open(DbConnection connection, string fingerprint) =>
        connection.Query<Row>($"select {Columns} from finding where fingerprint = @fingerprint and state = 'open'", new { fingerprint })
            .Select(row => row.ToFinding()).ToList();

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Fingerprint { get; init; } = "";
        public string RuleGroup { get; init; } = "";
        public string Rule { get; init; } = "";
        public string Labels { get; init; } = "";
        public string State { get; init; } = "";
        public double? Value { get; init; }
        public string Severity { get; init; } = "";
        public string Summary { get; init; } = "";
        public string Owner { get; init; } = "";
        public string Revision { get; init; } = "";
        public string? Held { get; init; }
        public string? Resolution { get; init; }
        public long OpenedAt { get; init; }
        public long? ResolvedAt { get; init; }

        public Finding ToFinding() => new(Id, Fingerprint, RuleGroup, Rule, Json.ReadLabels(Labels), Revision, OpenedAt.ToInstant())
        {
            State = State == "open" ? FindingState.Open : FindingState.Resolved,
            Value = Value ?? double.NaN,
            Severity = Severity,
            Summary = Summary,
            Owner = Owner,
            Held = Held,
            Resolution = Resolution,
            ResolvedAt = ResolvedAt?.ToInstant(),
        };
    }
}
