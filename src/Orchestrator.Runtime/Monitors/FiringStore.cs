using System.Collections.Immutable;
using System.Data.Common;
using Dapper;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Monitors;

/// <summary>A run of a monitor at its scheduled instant.</summary>
/// <param name="Problems">What kept it from measuring something, one line each; empty while it runs.</param>
/// <param name="EndedAt">Null while it is asked for or under way.</param>
public sealed record Firing(string Monitor, DateTimeOffset ScheduledAt, string Revision, ImmutableArray<string> Problems, DateTimeOffset? EndedAt);

/// <summary>The rows of firings: whoever inserts the row has the run.</summary>
public static class FiringStore
{
    private const string Columns = "monitor as Monitor, scheduled_at as ScheduledAt, revision as Revision, problems as Problems, ended_at as EndedAt";

    /// <summary>Records a firing; false where it was recorded before.</summary>
    public static bool Add(Transaction transaction, string monitor, DateTimeOffset scheduledAt, string revision) =>
        transaction.Execute(
            "insert into firing (monitor, scheduled_at, revision) values (@monitor, @At, @revision) on conflict (monitor, scheduled_at) do nothing",
            new { monitor, At = scheduledAt.ToMicros(), revision }) == 1;

    public static void End(Transaction transaction, string monitor, DateTimeOffset scheduledAt, IReadOnlyList<string> problems, DateTimeOffset at) =>
        transaction.Execute(
            "update firing set problems = @Problems, ended_at = @EndedAt where monitor = @monitor and scheduled_at = @At",
            new { monitor, At = scheduledAt.ToMicros(), Problems = Json.Write(problems), EndedAt = at.ToMicros() });

    /// <summary>Whether any measurement is asked for or under way.</summary>
    public static bool AnyOpen(DbConnection connection) =>
        connection.ExecuteScalar<bool>("select exists (select 1 from firing where ended_at is null)");

    /// <summary>The latest firing of a monitor; null before the first.</summary>
    public static Firing? Last(DbConnection connection, string monitor) =>
        connection.QuerySingleOrDefault<Row>($"select {Columns} from firing where monitor = @monitor order by scheduled_at desc limit 1", new { monitor })?.ToFiring();

    public static Firing? Find(DbConnection connection, string monitor, DateTimeOffset scheduledAt) =>
        connection.QuerySingleOrDefault<Row>(
            $"select {Columns} from firing where monitor = @monitor and scheduled_at = @At", new { monitor, At = scheduledAt.ToMicros() })?.ToFiring();

    private sealed class Row
    {
        public string Monitor { get; init; } = "";
        public long ScheduledAt { get; init; }
        public string Revision { get; init; } = "";
        public string? Problems { get; init; }
        public long? EndedAt { get; init; }

        public Firing ToFiring() =>
            new(Monitor, ScheduledAt.ToInstant(), Revision, Problems is null ? [] : Json.Read<ImmutableArray<string>>(Problems), EndedAt?.ToInstant());
    }
}
