using System.Data.Common;
using Dapper;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Models;

/// <summary>A verdict of the gate on one artifact.</summary>
/// <param name="Key">Idempotency key of the decision.</param>
/// <param name="Evaluation">Artifact with the comparison that it was made on.</param>
public sealed record GateRecord(
    string Key, string Model, string Version, string Digest, string Evaluation, GateVerdict Verdict, string Reason, DateTimeOffset At)
{
    /// <summary>The version that served when the two were compared; null where none did.</summary>
    public string? Champion { get; init; }
}

/// <summary>What the gate said of an artifact, and against which champion.</summary>
public sealed record GateWord(GateVerdict Verdict, string? Champion);

/// <summary>The rows of gate verdicts: what may be promoted, and why.</summary>
public static class GateStore
{
    public static void Add(Transaction transaction, GateRecord record)
    {
        const string Insert = """
            insert into gate_verdict (key, model, version, digest, evaluation, verdict, reason, at, champion)
            values (@Key, @Model, @Version, @Digest, @Evaluation, @Verdict, @Reason, @At, @Champion)
            on conflict (key) do nothing
            """;
        transaction.Execute(Insert, new
        {
            record.Key,
            record.Model,
            record.Version,
            record.Digest,
            record.Evaluation,
            Verdict = record.Verdict.ToString().ToLowerInvariant(),
            record.Reason,
            At = record.At.ToMicros(),
            record.Champion,
        });
    }

    /// <summary>The last word of the gate on an artifact; null where it was never asked.</summary>
    public static GateWord? Last(DbConnection connection, string model, string digest)
    {
        const string Select = "select verdict as Verdict, champion as Champion from gate_verdict where model = @model and digest = @digest order by at desc, key desc limit 1";
        return connection.QueryFirstOrDefault<Row>(Select, new { model, digest }) is { } row ? new(Enum.Parse<GateVerdict>(row.Verdict, ignoreCase: true), row.Champion) : null;
    }

    private sealed class Row
    {
        public string Verdict { get; init; } = "";
        public string? Champion { get; init; }
    }
}
