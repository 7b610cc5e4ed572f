using System.Data.Common;
using Dapper;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Models;

/// <summary>Where the files of a training lie that goes on elsewhere, and where its end is told.</summary>
internal sealed record ElsewherePlace(string Folder, HandedCallback Callback)
{
    /// <summary>Drops the files of all attempts of the training whose folder this is: nobody needs them any more.</summary>
    public static void Drop(string folder)
    {
        var all = Path.GetDirectoryName(folder)!;
        if (Directory.Exists(all))
        {
            Directory.Delete(all, recursive: true);
        }
    }
}

/// <summary>A training that a command handed on.</summary>
/// <param name="Id">What the callback knows it by.</param>
/// <param name="Key">Of the activity that waits for it.</param>
/// <param name="Running">What the command called it.</param>
/// <param name="Folder">Holds what the request names, until it has ended.</param>
/// <param name="Log">Artifact with what the command printed.</param>
public sealed record ElsewhereTraining(
    string Id, string Key, string InstanceId, string Model, string Runner, string Dataset, string DatasetVersion, string Running, string Folder, string Log,
    DateTimeOffset OpenedAt, DateTimeOffset Deadline)
{
    /// <summary><c>running</c>, <c>answered</c> (the callback came), or <c>ended</c>.</summary>
    public string State { get; init; } = "running";

    /// <summary>The callback's JSON.</summary>
    public string? Answer { get; init; }

    /// <summary>Why it ended otherwise than well.</summary>
    public string? Reason { get; init; }
}

/// <summary>The rows of trainings that go on elsewhere.</summary>
public static class ElsewhereStore
{
    private const string Columns = """
        id as Id, key as Key, instance_id as InstanceId, model as Model, runner as Runner, dataset as Dataset, dataset_version as DatasetVersion,
        running as Running, folder as Folder, log as Log, state as State, answer as Answer, reason as Reason, opened_at as OpenedAt, deadline as Deadline
        """;

    public static void Add(Transaction transaction, ElsewhereTraining training) => transaction.Execute(
        """
        insert into training_elsewhere (id, key, instance_id, model, runner, dataset, dataset_version, running, folder, log, state, opened_at, deadline)
        values (@Id, @Key, @InstanceId, @Model, @Runner, @Dataset, @DatasetVersion, @Running, @Folder, @Log, 'running', @Opened, @Due)
        on conflict (id) do nothing
        """,
        new
        {
            training.Id, training.Key, training.InstanceId, training.Model, training.Runner, training.Dataset, training.DatasetVersion, training.Running, training.Folder,
            training.Log, Opened = training.OpenedAt.ToMicros(), Due = training.Deadline.ToMicros(),
        });

    public static ElsewhereTraining? Find(DbConnection connection, string id) =>
        connection.QuerySingleOrDefault<Row>($"select {Columns} from training_elsewhere where id = @id", new { id })?.ToTraining();

    public static ElsewhereTraining? OfKey(DbConnection connection, string key) =>
        connection.QuerySingleOrDefault<Row>($"select {Columns} from training_elsewhere where key = @key", new { key })?.ToTraining();

    /// <summary>Keeps the callback; false where one came before, or nobody waits any more.</summary>
    public static bool Answer(Transaction transaction, string id, string answer) =>
        transaction.Execute("update training_elsewhere set state = 'answered', answer = @answer where id = @id and state = 'running'", new { id, answer }) == 1;

    /// <summary>Ends it; false where it has ended before.</summary>
    public static bool End(Transaction transaction, string id, string? reason, DateTimeOffset at) => transaction.Execute(
        "update training_elsewhere set state = 'ended', reason = @reason, ended_at = @At where id = @id and state <> 'ended'", new { id, reason, At = at.ToMicros() }) == 1;

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Key { get; init; } = "";
        public string InstanceId { get; init; } = "";
        public string Model { get; init; } = "";
        public string Runner { get; init; } = "";
        public string Dataset { get; init; } = "";
        public string DatasetVersion { get; init; } = "";
        public string Running { get; init; } = "";
        public string Folder { get; init; } = "";
        public string Log { get; init; } = "";
        public string State { get; init; } = "";
        public string? Answer { get; init; }
        public string? Reason { get; init; }
        public long OpenedAt { get; init; }
        public long Deadline { get; init; }

        public ElsewhereTraining ToTraining() =>
            new(Id, Key, InstanceId, Model, Runner, Dataset, DatasetVersion, Running, Folder, Log, OpenedAt.ToInstant(), Deadline.ToInstant()) { State = State, Answer = Answer, Reason = Reason };
    }
}
