using Npgsql;

namespace Orchestrator.Runtime.Datasets.Queries;

/// <summary>Reads the connection string of a database from its file; what it holds is never repeated.</summary>
internal static class PostgresDsn
{
    private const string Allowed = "allowed: one line such as Host=db;Database=name;Username=reader;Password=… or postgres://reader:…@db/name";
    private const int ConnectSeconds = 15;

    /// <summary>Throws <see cref="SourceFaultException"/> where the file holds no connection string.</summary>
    public static NpgsqlConnectionStringBuilder Read(DatabaseConnection target)
    {
        try
        {
            var text = File.ReadAllText(target.DsnFile).Trim();
            var builder = text.StartsWith("postgres://", StringComparison.Ordinal) || text.StartsWith("postgresql://", StringComparison.Ordinal)
                ? OfAddress(new Uri(text))
                : new NpgsqlConnectionStringBuilder(text);
            if (string.IsNullOrEmpty(builder.Host))
            {
                throw Fault(target, "names no host");
            }

            // One connection lives as long as one read: nothing waits in a pool for a server that has gone.
            builder.Pooling = false;
            builder.Enlist = false;
            builder.IncludeErrorDetail = false;
            builder.ApplicationName = "orchestrator";
            builder.Timeout = ConnectSeconds;
            builder.CommandTimeout = (int)Math.Ceiling(target.Timeout.TotalSeconds) + ConnectSeconds;
            return builder;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Fault(target, "cannot be read");
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidOperationException)
        {
            throw Fault(target, "holds no connection string");
        }
    }

    private static NpgsqlConnectionStringBuilder OfAddress(Uri address)
    {
        var user = address.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = address.Host,
            Port = address.Port > 0 ? address.Port : 5432,
            Username = Uri.UnescapeDataString(user[0]),
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            Database = Uri.UnescapeDataString(address.AbsolutePath.Trim('/')),
        };
        foreach (var setting in address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = setting.Split('=', 2);
            builder[parts[0] == "sslmode" ? "SSL Mode" : parts[0]] = Uri.UnescapeDataString(parts.ElementAtOrDefault(1) ?? "").Replace("-", "", StringComparison.Ordinal);
        }

        return builder;
    }

    private static SourceFaultException Fault(DatabaseConnection target, string text) =>
        new(new("DATA041", $"the dsn_file of connection \"{target.Name}\" {text}", Allowed));
}
