using System.Data.Common;
using Dapper;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Fixes;

/// <summary>While it is on, no fix is opened or started; what runs goes on to its end.</summary>
public static class KillSwitch
{
    public static bool IsOn(DbConnection connection) =>
        connection.ExecuteScalar<long>("select count(*) from setting where name = 'kill_switch' and value = 'on'") > 0;

    public static void Set(Transaction transaction, bool on, string by, DateTimeOffset at)
    {
        transaction.Execute(
            "insert into setting (name, value) values ('kill_switch', @value) on conflict (name) do update set value = excluded.value",
            new { value = on ? "on" : "off" });
        AuditStore.Append(transaction, at, by, on ? "kill_switch.on" : "kill_switch.off", "all");
    }
}
