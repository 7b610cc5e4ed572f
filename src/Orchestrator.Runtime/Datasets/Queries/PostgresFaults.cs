using Npgsql;

namespace Orchestrator.Runtime.Datasets.Queries;

/// <summary>What an error of PostgreSQL or of the way to it means to the author of a query.</summary>
internal static class PostgresFaults
{
    /// <param name="query">The author's query, where it was sent.</param>
    public static SourceFaultException Of(Exception error, DatabaseConnection target, string? query) => new(error switch
    {
        PostgresException { SqlState: "57014" } => new(
            "DATA043", $"the query took longer than {target.Timeout}", $"the timeout of connection \"{target.Name}\" says how long one may take"),
        PostgresException server when server.SqlState.StartsWith("28", StringComparison.Ordinal) || server.SqlState == "3D000" => NoEntry(target),
        PostgresException server when IsAway(server.SqlState) => Away(target),
        PostgresException server => new("DATA042", $"the query fails{Place(server, query)}: {server.MessageText}", "allowed: one select, which changes nothing"),
        NpgsqlException { InnerException: null, IsTransient: false } => NoEntry(target),
        _ => Away(target),
    });

    public static bool IsOfDatabase(Exception error) => error is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException;

    private static SourceFault Away(DatabaseConnection target) =>
        new("DATA040", $"the database of connection \"{target.Name}\" is away", "it is asked again; the rest goes on without it", IsAway: true);

    private static SourceFault NoEntry(DatabaseConnection target) =>
        new("DATA041", $"the database of connection \"{target.Name}\" does not let us in", "its dsn_file names a user, a password and a database that exist");

    /// <summary>Connection, shutdown, resources, serialisation, and faults of the machine it runs on.</summary>
    private static bool IsAway(string state) => state[..2] is "08" or "53" or "57" or "40" or "58" or "XX";

    private static string Place(PostgresException error, string? query)
    {
        var offset = error.Position - 1 - QueryText.Head.Length;
        return query is null || offset < 0 || offset >= query.Length ? "" : $" at line {query.AsSpan(0, offset).Count('\n') + 1} of it";
    }
}
