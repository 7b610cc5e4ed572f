using System.Collections.Immutable;
using System.Data.Common;
using Dapper;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Keys;

/// <summary>The rows of API keys.</summary>
public static class KeyStore
{
    private const string Columns =
        "id as Id, name as Name, roles as Roles, models as Models, sha256 as Sha256, created_by as CreatedBy, created_at as CreatedAt, revoked_at as RevokedAt";

    public static void Add(Transaction transaction, ApiKey key, string sha256)
    {
        const string Insert = """
            insert into api_key (id, name, roles, models, sha256, created_by, created_at)
            values (@Id, @Name, @Roles, @Models, @sha256, @CreatedBy, @CreatedAt)
            """;
        transaction.Execute(
            Insert, new { key.Id, key.Name, Roles = Json.Write(key.Roles), Models = Json.Write(key.Models), sha256, key.CreatedBy, CreatedAt = key.CreatedAt.ToMicros() });
    }

    /// <summary>Ends a key; false where no such key is in use.</summary>
    public static bool Revoke(Transaction transaction, string id, DateTimeOffset at) =>
        transaction.Execute("update api_key set revoked_at = @At where id = @id and revoked_at is null", new { id, At = at.ToMicros() }) == 1;

    public static IReadOnlyList<ApiKey> List(DbConnection connection) =>
        connection.Query<Row>($"select {Columns} from api_key order by created_at, id").Select(row => row.ToKey()).ToList();

    /// <summary>Keys in use, each with the hash that it is recognised by.</summary>
    internal static IReadOnlyList<(ApiKey Key, byte[] Sha256)> InUse(DbConnection connection) =>
        connection.Query<Row>($"select {Columns} from api_key where revoked_at is null order by created_at, id")
            .Select(row => (row.ToKey(), Convert.FromHexString(row.Sha256))).ToList();

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
        public string Roles { get; init; } = "";
        public string Models { get; init; } = "";
        public string Sha256 { get; init; } = "";
        public string CreatedBy { get; init; } = "";
        public long CreatedAt { get; init; }
        public long? RevokedAt { get; init; }

        public ApiKey ToKey() =>
            new(Id, Name, Json.Read<ImmutableArray<Role>>(Roles), CreatedBy, CreatedAt.ToInstant(), RevokedAt?.ToInstant())
            {
                Models = Json.Read<ImmutableSortedDictionary<string, ImmutableArray<Role>>>(Models),
            };
    }
}
