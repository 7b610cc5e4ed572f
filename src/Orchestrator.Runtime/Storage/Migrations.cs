using System.Data.Common;
using System.Reflection;
using Dapper;
using Orchestrator.Core.Series;

namespace Orchestrator.Runtime.Storage;

/// <summary>The numbered SQL scripts that make the tables; each runs once, in order, and never changes afterwards.</summary>
internal static class Migrations
{
    private const string CreateTable =
        "create table if not exists migration (name text primary key, sha256 text not null, applied_at bigint not null)";

    private const string Prefix = "Orchestrator.Runtime.Storage.Migrations.";

    public static void Apply(DbConnection connection, DateTimeOffset now)
    {
        using var transaction = connection.BeginTransaction();
        connection.Execute(CreateTable, transaction: transaction);
        var applied = connection.Query<(string Name, string Sha256)>("select name, sha256 from migration", transaction: transaction)
            .ToDictionary(row => row.Name, row => row.Sha256, StringComparer.Ordinal);
        var scripts = Scripts();
        Verify(applied, scripts);
        foreach (var (name, text) in scripts.Where(script => !applied.ContainsKey(script.Name)))
        {
            connection.Execute(text, transaction: transaction);
            connection.Execute(
                "insert into migration (name, sha256, applied_at) values (@name, @sha256, @at)",
                new { name, sha256 = Digest.Of(text), at = now.ToMicros() },
                transaction);
        }

        transaction.Commit();
    }

    private static void Verify(Dictionary<string, string> applied, List<(string Name, string Text)> scripts)
    {
        var known = scripts.ToDictionary(script => script.Name, script => Digest.Of(script.Text), StringComparer.Ordinal);
        foreach (var (name, sha256) in applied)
        {
            if (!known.TryGetValue(name, out var expected))
            {
                throw new StorageException($"the database has the migration {name}, which this version does not know: it was written by a later version");
            }

            if (expected != sha256)
            {
                throw new StorageException($"the migration {name} of the database differs from this version's: they come from different builds");
            }
        }
    }

    private static List<(string Name, string Text)> Scripts()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => (name[Prefix.Length..], ReadText(assembly, name)))
            .ToList();
    }

    private static string ReadText(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
