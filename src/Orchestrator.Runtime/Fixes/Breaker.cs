using System.Data.Common;
using Dapper;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Fixes;

/// <summary>A person's word that fixes of a key may be tried again after several in a row did not help.</summary>
public static class Breaker
{
    /// <summary>When the key was last given free; null where it never was.</summary>
    public static DateTimeOffset? ResetAt(DbConnection connection, string dedupKey) =>
        connection.ExecuteScalar<long?>("select cast(value as bigint) from setting where name = @name", new { name = Name(dedupKey) })?.ToInstant();

    public static void Reset(Transaction transaction, string dedupKey, string by, DateTimeOffset at)
    {
        transaction.Execute(
            "insert into setting (name, value) values (@name, @value) on conflict (name) do update set value = excluded.value",
            new { name = Name(dedupKey), value = at.ToMicros().ToString(System.Globalization.CultureInfo.InvariantCulture) });
        AuditStore.Append(transaction, at, by, "breaker.reset", dedupKey);
    }

    private static string Name(string dedupKey) => $"breaker_reset:{dedupKey}";
}
