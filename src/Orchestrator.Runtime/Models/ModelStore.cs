using System.Collections.Immutable;
using System.Data.Common;
using Dapper;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Models;

/// <summary>The rows of model versions.</summary>
public static class ModelStore
{
    private const string Columns = """
        model as Model, number as Number, digest as Digest, dataset as Dataset, dataset_version as DatasetVersion, trainer as Trainer,
        metrics as Metrics, created_at as CreatedAt, predictions as Predictions
        """;

    private const string ById = "model || '-' || number = @id";

    /// <summary>Registers a trained model under the next number; the version that has its key already, where there is one.</summary>
    public static ModelVersion Add(Transaction transaction, TrainedModel trained, DateTimeOffset now)
    {
        const string Insert = """
            insert into model_version (model, number, key, digest, dataset, dataset_version, trainer, metrics, created_at, predictions)
            select @Model, coalesce(max(number), 0) + 1, @Key, @Digest, @Dataset, @DatasetVersion, @Trainer, '{}', @now, @Predictions
            from model_version where model = @Model
            on conflict (key) do nothing
            """;
        transaction.Execute(Insert, new
        {
            trained.Model,
            trained.Key,
            trained.Digest,
            trained.Dataset,
            trained.DatasetVersion,
            trained.Trainer,
            trained.Predictions,
            now = now.ToMicros(),
        });
        return ByKey(transaction.Connection, trained.Key)!;
    }

    /// <summary>The version that was registered under a key; null where none was.</summary>
    public static ModelVersion? ByKey(DbConnection connection, string key) =>
        connection.QuerySingleOrDefault<Row>($"select {Columns} from model_version where key = @key", new { key })?.ToVersion();

    /// <summary>Keeps what the version measured last.</summary>
    public static void SetMetrics(Transaction transaction, string id, ImmutableSortedDictionary<string, double> metrics) =>
        transaction.Execute($"update model_version set metrics = @metrics where {ById}", new { id, metrics = Json.Write(metrics) });

    public static ModelVersion? Find(DbConnection connection, string id) =>
        connection.QuerySingleOrDefault<Row>($"select {Columns} from model_version where {ById}", new { id })?.ToVersion();

    /// <summary>The versions of a model, newest first.</summary>
    public static IReadOnlyList<ModelVersion> List(DbConnection connection, string model) =>
        connection.Query<Row>($"select {Columns} from model_version where model = @model order by number desc", new { model })
            .Select(row => row.ToVersion()).ToList();

    /// <summary>Names of the models that have a version.</summary>
    public static IReadOnlyList<string> Models(DbConnection connection) =>
        connection.Query<string>("select distinct model from model_version order by model").AsList();

    private sealed class Row
    {
        public string Model { get; init; } = "";
        public long Number { get; init; }
        public string Digest { get; init; } = "";
        public string Dataset { get; init; } = "";
        public string DatasetVersion { get; init; } = "";
        public string Trainer { get; init; } = "";
        public string Metrics { get; init; } = "";
        public long CreatedAt { get; init; }
        public string? Predictions { get; init; }

        public ModelVersion ToVersion() => new(
            Model, (int)Number, Digest, Dataset, DatasetVersion, Trainer, Json.Read<ImmutableSortedDictionary<string, double>>(Metrics), CreatedAt.ToInstant())
        {
            Predictions = Predictions,
        };
    }
}
