using System.Data.Common;
using System.Text.Json;
using Dapper;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Workflows;

/// <summary>The rows of definition versions that were made in the designer.</summary>
internal static class DefinitionStore
{
    private const string Columns = """
        id as Id, definition_id as DefinitionId, version as Version, origin as Origin, state as State, name as Name, body as Body, base as Base,
        created_at as CreatedAt, created_by as CreatedBy, changed_at as ChangedAt, changed_by as ChangedBy
        """;

    private const string Listed = "origin = 'own' and state in ('draft', 'published', 'retired')";

    public static void Add(Transaction transaction, DefinitionVersion version)
    {
        const string Insert = """
            insert into workflow_version (id, definition_id, version, origin, state, name, body, base, created_at, created_by, changed_at, changed_by)
            values (@Id, @DefinitionId, @Version, @Origin, @State, @Name, @Body, @Base, @CreatedAt, @CreatedBy, @ChangedAt, @ChangedBy)
            """;
        transaction.Execute(Insert, Parameters(version));
    }

    public static void Update(Transaction transaction, DefinitionVersion version) =>
        transaction.Execute("update workflow_version set state = @State, name = @Name, body = @Body, changed_at = @ChangedAt, changed_by = @ChangedBy where id = @Id", Parameters(version));

    /// <summary>Moves every version of a definition that is in one state to another.</summary>
    public static void Move(Transaction transaction, string definitionId, VersionState from, VersionState to) =>
        transaction.Execute(
            "update workflow_version set state = @to where definition_id = @definitionId and state = @from", new { definitionId, from = Json.Name(from.ToString()), to = Json.Name(to.ToString()) });

    public static DefinitionVersion? Find(DbConnection connection, string id) => Query(connection, "where id = @id", new { id }).SingleOrDefault();

    /// <summary>All listed versions of a definition, the newest first.</summary>
    public static IReadOnlyList<DefinitionVersion> Versions(DbConnection connection, string definitionId)
    {
        var versions = Query(connection, $"where definition_id = @definitionId and {Listed} order by version desc", new { definitionId });
        return [.. versions.Select((version, place) => version with { IsLatest = place == 0 })];
    }

    /// <summary>The newest listed version of every definition, the last changed first.</summary>
    public static IReadOnlyList<DefinitionVersion> Newest(DbConnection connection) =>
        Query(connection, $"where {Listed} and version = (select max(version) from workflow_version w where w.definition_id = workflow_version.definition_id and {Listed}) order by changed_at desc, id", new { });

    /// <summary>The highest version of a definition in any state; 0 where there is none.</summary>
    public static int LastVersion(DbConnection connection, string definitionId) =>
        (int)connection.ExecuteScalar<long>("select coalesce(max(version), 0) from workflow_version where definition_id = @definitionId", new { definitionId });

    private static List<DefinitionVersion> Query(DbConnection connection, string where, object parameters) =>
        connection.Query<Row>($"select {Columns} from workflow_version {where}", parameters).Select(row => row.ToVersion()).ToList();

    private static object Parameters(DefinitionVersion version) => new
    {
        version.Id,
        version.DefinitionId,
        version.Version,
        Origin = Json.Name(version.Origin.ToString()),
        State = Json.Name(version.State.ToString()),
        version.Name,
        version.Body,
        version.Base,
        CreatedAt = version.CreatedAt.ToMicros(),
        version.CreatedBy,
        ChangedAt = version.ChangedAt.ToMicros(),
        version.ChangedBy,
    };

    private static string Described(string body)
    {
        using var json = JsonDocument.Parse(body);
        var described = json.RootElement.EnumerateObject().FirstOrDefault(property => string.Equals(property.Name, "description", StringComparison.OrdinalIgnoreCase)).Value;
        return described.ValueKind == JsonValueKind.String ? described.GetString()! : "";
    }

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string DefinitionId { get; init; } = "";
        public long Version { get; init; }
        public string Origin { get; init; } = "";
        public string State { get; init; } = "";
        public string Name { get; init; } = "";
        public string Body { get; init; } = "";
        public string? Base { get; init; }
        public long CreatedAt { get; init; }
        public string CreatedBy { get; init; } = "";
        public long ChangedAt { get; init; }
        public string ChangedBy { get; init; } = "";

        public DefinitionVersion ToVersion() => new(Id, DefinitionId, (int)Version, Name, Body, CreatedAt.ToInstant())
        {
            Origin = Enum.Parse<DefinitionOrigin>(Origin, ignoreCase: true),
            State = Enum.Parse<VersionState>(State, ignoreCase: true),
            Description = Described(Body),
            Base = Base,
            CreatedBy = CreatedBy,
            ChangedAt = ChangedAt.ToInstant(),
            ChangedBy = ChangedBy,
        };
    }
}
