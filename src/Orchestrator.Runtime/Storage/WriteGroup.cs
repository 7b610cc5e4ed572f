using System.Data.Common;
using Dapper;

namespace Orchestrator.Runtime.Storage;

/// <summary>The number of the last committed group of writes, by which a commit of unknown outcome is resolved.</summary>
internal static class WriteGroup
{
    public static long Read(DbConnection connection) =>
        connection.ExecuteScalar<long>("select number from write_group where id = 1");

    public static void Set(DbConnection connection, DbTransaction transaction, long number) =>
        connection.Execute("update write_group set number = @number where id = 1", new { number }, transaction);
}
