using Dapper;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Evaluations;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Labeling;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.EndToEnd.Tests.Rehearsal;

/// <summary>What a played story left in its workspace, as far as it must not depend on how often the process was killed.</summary>
/// <param name="Alerts">Every transition of an alert, in order.</param>
/// <param name="Fixes">Every fix with what happened to it, when and by whom.</param>
/// <param name="Champions">Every move of the champion with the digest of what serves.</param>
/// <param name="Labels">Every label task with its answer.</param>
/// <param name="Samples">The digest of all that monitors measured, batch by batch.</param>
internal sealed record Played(
    IReadOnlyList<string> Alerts, IReadOnlyList<string> Fixes, IReadOnlyList<string> Champions, IReadOnlyList<string> Labels, IReadOnlyList<string> Samples)
{
    private static readonly string[] _digits = ["digits"];

    public static Played Of(Database database) => Of(database, _digits);

    /// <param name="models">Names of the models, and of their monitors, whose stories were played side by side: between them there is no order.</param>
    public static Played Of(Database database, string[] models) => database.Read(connection => new Played(
        [.. Ordered(EvaluationStore.Transitions(connection).Select(Json.Write), models)],
        [.. FixStore.List(connection, openOnly: false).OrderBy(fix => fix.Id, StringComparer.Ordinal).SelectMany(fix => FixStore.History(connection, fix.Id).Select(one => $"{fix.Id} {one.At:u} {one.Actor} {Json.Write(one.Event)}"))],
        [.. models.SelectMany(model => ChampionStore.History(connection, model)).Select(move => $"{move.At:u} {move.Kind} {move.From} -> {move.To} {ModelStore.Find(connection, move.To!)!.Digest}")],
        [.. LabelStore.Queues(connection).OrderBy(queue => queue.Id, StringComparer.Ordinal).SelectMany(queue => LabelStore.Tasks(connection, queue.Id)).Select(task => $"{task.Id} {task.RowId} {task.State} {task.Answer} {task.AnsweredBy}")],
        [.. models.SelectMany(model => SampleStore.Batches(connection, SampleStore.OfMonitor(model))).Select(batch => Digest.Of(string.Join("\n", batch.Select(sample => sample with { Sample = sample.Sample with { Batch = 0 } }))))]));

    private static IEnumerable<string> Ordered(IEnumerable<string> told, string[] models) => models.Length == 1 ? told : told.Order(StringComparer.Ordinal);

    /// <summary>Asserts that another workspace, whatever was done to its server or its broker, holds the same and nothing twice.</summary>
    public void IsWhatBecameOf(Database database) => IsWhatBecameOf(database, _digits);

    public void IsWhatBecameOf(Database database, string[] models)
    {
        IsWhole(database, models);
        var other = Of(database, models);
        Assert.Single(other.Champions, move => move.Contains("digits-1 -> digits-2", StringComparison.Ordinal));
        Assert.Equal(Champions, other.Champions);
        Assert.Equal(Samples, other.Samples);
        Assert.Equal(Alerts, other.Alerts);
        Assert.Equal(Fixes, other.Fixes);
        Assert.Equal(Labels, other.Labels);
    }

    /// <summary>Asserts what must hold of every story that has ended.</summary>
    public static void IsWhole(Database database) => IsWhole(database, _digits);

    public static void IsWhole(Database database, string[] models)
    {
        Assert.Null(database.Read(AuditStore.FirstBroken));
        Assert.All(database.Read(EffectStore.Open), effect => Assert.Equal(("timer", "ready"), (effect.Kind, effect.State)));
        Assert.Equal("ok", database.Read(connection => connection.ExecuteScalar<string>("pragma integrity_check")));
        Assert.Equal(0, Count(database, "select count(*) from firing where ended_at is null"));
        Assert.All(models, model => Assert.Equal(
            Count(database, $"select count(*) from firing where monitor = '{model}'"), Count(database, $"select count(*) from sample_batch where source = 'monitor:{model}'")));
        Assert.Equal(models.Length, Count(database, "select count(*) from audit where action = 'fix.approved'"));
    }

    private static long Count(Database database, string sql) => database.Read(connection => connection.ExecuteScalar<long>(sql));
}
