using System.Data.Common;
using Dapper;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Deployments;

/// <summary>The rows of deployments.</summary>
public static class DeploymentStore
{
    private const string Columns = """
        key as Key, model as Model, kind as Kind, version as Version, digest as Digest, previous as Previous, hook as Hook, confirm_within as ConfirmWithin,
        state as State, note as Note, opened_at as OpenedAt, confirm_by as ConfirmBy, ended_at as EndedAt
        """;

    public static void Add(Transaction transaction, Deployment deployment)
    {
        const string Insert = """
            insert into deployment (key, model, kind, version, digest, previous, hook, confirm_within, state, opened_at)
            values (@Key, @Model, @Kind, @Version, @Digest, @Previous, @Hook, @ConfirmWithin, @State, @OpenedAt)
            on conflict (key) do nothing
            """;
        transaction.Execute(Insert, new
        {
            deployment.Key,
            deployment.Model,
            Kind = Json.Name(deployment.Kind.ToString()),
            deployment.Version,
            deployment.Digest,
            deployment.Previous,
            deployment.Hook,
            ConfirmWithin = deployment.ConfirmWithin?.ToMicros(),
            State = Json.Name(deployment.State.ToString()),
            OpenedAt = deployment.OpenedAt.ToMicros(),
        });
    }

    /// <summary>Writes a further state; one that is final stays.</summary>
    public static bool Update(Transaction transaction, Deployment deployment) => transaction.Execute(
        "update deployment set state = @State, note = @Note, confirm_by = @ConfirmBy, ended_at = @EndedAt where key = @Key and state in ('telling', 'waiting')",
        new
        {
            deployment.Key,
            State = Json.Name(deployment.State.ToString()),
            deployment.Note,
            ConfirmBy = deployment.ConfirmBy?.ToMicros(),
            EndedAt = deployment.EndedAt?.ToMicros(),
        }) == 1;

    public static Deployment? Find(DbConnection connection, string key) =>
        connection.QuerySingleOrDefault<Row>($"select {Columns} from deployment where key = @key", new { key })?.ToDeployment();

    /// <summary>Deployments of a model, newest first.</summary>
    public static IReadOnlyList<Deployment> List(DbConnection connection, string model) =>
        connection.Query<Row>($"select {Columns} from deployment where model = @model order by opened_at desc, key desc", new { model })
            .Select(row => row.ToDeployment()).ToList();

    private sealed class Row
    {
        public string Key { get; init; } = "";
        public string Model { get; init; } = "";
        public string Kind { get; init; } = "";
        public string? Version { get; init; }
        public string? Digest { get; init; }
        public string? Previous { get; init; }
        public string Hook { get; init; } = "";
        public long? ConfirmWithin { get; init; }
        public string State { get; init; } = "";
        public string? Note { get; init; }
        public long OpenedAt { get; init; }
        public long? ConfirmBy { get; init; }
        public long? EndedAt { get; init; }

        public Deployment ToDeployment() => new(
            Key,
            Model,
            Enum.Parse<MoveKind>(Kind, ignoreCase: true),
            Version,
            Digest,
            Previous,
            Hook,
            ConfirmWithin is { } micros ? TimeSpan.FromMicroseconds(micros) : null,
            OpenedAt.ToInstant())
        {
            State = Enum.Parse<DeploymentState>(State, ignoreCase: true), Note = Note, ConfirmBy = ConfirmBy?.ToInstant(), EndedAt = EndedAt?.ToInstant(),
        };
    }
}
