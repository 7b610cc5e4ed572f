using System.Collections.Immutable;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Rows whose label a person confirmed: the hash of the content they saw by row id.</summary>
public sealed record ConfirmedRows(ImmutableDictionary<string, string> HashById)
{
    public static readonly ConfirmedRows None = new(ImmutableDictionary<string, string>.Empty);

    /// <summary>For each id, whether it was confirmed and its stored row is still the one that was seen.</summary>
    public ImmutableArray<bool> Among(DuckDBConnection connection, PreparedDataset dataset, ImmutableArray<string> ids)
    {
        if (HashById.IsEmpty || dataset.Spec.Roles.Id is not { } id)
        {
            return [.. ids.Select(_ => false)];
        }

        var names = dataset.Source.Columns.Select(column => column.Name).ToArray();
        var wanted = Sql.List(HashById.Keys.Order(StringComparer.Ordinal).Select(Sql.Text));
        var rows = connection.Query(
            $"select {string.Join(", ", names.Select(Sql.Name))} from {Sql.Name(dataset.Source.Name)} where list_contains({wanted}, {Sql.Name(id)})",
            reader => (Id: reader.GetString(Array.IndexOf(names, id)), Hash: Hash(reader, names)));
        var unchanged = rows.Where(row => HashById[row.Id] == row.Hash).Select(row => row.Id).ToHashSet(StringComparer.Ordinal);
        return [.. ids.Select(unchanged.Contains)];
    }

    /// <summary>The content hash of the row that the reader stands on.</summary>
    public static string Hash(DuckDBDataReader reader, IReadOnlyList<string> columns) =>
        RowContent.Hash(columns.Select((column, i) => KeyValuePair.Create(column, RowContent.Text(reader.GetValue(i)))));
}
