using System.Collections.Immutable;
using Orchestrator.Core.Metrics;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Rows of an opened dataset as their author stored them.</summary>
internal static class SourceRows
{
    /// <summary>The values of rows by id, as text in canonical form; of rows with one id always the same one.</summary>
    public static ImmutableDictionary<string, ImmutableSortedDictionary<string, string?>> Cells(OpenedDataset opened, IReadOnlyCollection<string> ids)
    {
        var source = opened.Prepared.Source;
        var id = opened.Prepared.Spec.Roles.Id ?? throw new DatasetException($"the dataset \"{opened.Prepared.Spec.Name}\" has no column with the role \"id\": its rows cannot be told apart");
        var columns = source.Columns.Select(column => new ManifestColumn(column.Name, column.Type)).ToList();
        var readable = columns.Select(column => column.Kind == "nested" ? $"cast({Sql.Name(column.Name)} as varchar)" : Sql.Name(column.Name));
        var rows = opened.Connection.Query(
            $"select {string.Join(", ", readable)} from {Sql.Name(source.Name)} where {Sql.Name(id)} in (select unnest({Sql.List(ids.Select(Sql.Text))}::varchar[])) order by all",
            reader => columns.Select((column, i) => KeyValuePair.Create(column.Name, RowContent.Text(reader.GetValue(i)))).ToImmutableSortedDictionary(StringComparer.Ordinal));
        return rows.DistinctBy(row => row[id]).ToImmutableDictionary(row => row[id]!, StringComparer.Ordinal);
    }

    /// <summary>When each row was served, by id, in microseconds; empty where rows have no time.</summary>
    public static ImmutableDictionary<string, long> Times(OpenedDataset opened)
    {
        var (id, time) = (Sql.Name(RelationShape.Id), Sql.Name(RelationShape.Time));
        return opened.Connection.Query(
            $"select {id}, {time} from {Sql.Name(opened.Prepared.Matured.Table)} where {time} is not null", reader => KeyValuePair.Create(reader.GetString(0), reader.GetInt64(1)))
            .ToImmutableDictionary(StringComparer.Ordinal);
    }
}
