using System.Collections.Immutable;
using System.Globalization;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Compares the rows of two versions of a dataset where they are: no more rows come out of the files than are shown.</summary>
/// <remarks>
/// Rows are told apart by id, label and a hash of 64 bits over their other cells, and counted on both sides. What is left over on both sides under an id of its own was changed; everything else
/// was dropped or added. A column that only one of the versions has does not make rows other.
/// </remarks>
public sealed class VersionComparison(VersionPages pages, AnalyticsOptions options)
{
    private const string Uneven = "uneven";
    private const string Changes = "changes";

    public ChangedRows Read(DatasetVersion before, DatasetVersion after, RowSpan span, CancellationToken cancellation)
    {
        using var connection = Analytics.Open(options);
        var (old, now) = (Names(before), Names(after));
        ImmutableArray<string> columns = [.. old, .. now.Except(old, StringComparer.Ordinal)];
        connection.RunInterruptibly($"create temp table {Uneven} as {UnevenRows(before, after)}", cancellation);
        connection.RunInterruptibly($"create temp table {Changes} as {Paired}", cancellation);
        var entries = connection.Query(
            string.Create(CultureInfo.InvariantCulture, $"select id, kind, times, old, now from {Changes} order by id nulls last, kind, coalesce(old, now) limit {span.Limit} offset {span.Offset}"), Entry.Read);
        return new(
            before.Dataset, before.Id, after.Id, Counts(connection), connection.Count($"select count(*) from {Changes}"), span.Offset, columns, after.Manifest.Id, after.Manifest.Label,
            [.. old.Except(now, StringComparer.Ordinal)], [.. now.Except(old, StringComparer.Ordinal)], Rows(connection, (before, after), columns, entries, cancellation));
    }

    private ImmutableArray<ChangedRow> Rows(
        DuckDBConnection connection, (DatasetVersion Before, DatasetVersion After) versions, ImmutableArray<string> columns, List<Entry> entries, CancellationToken cancellation)
    {
        var (before, after) = versions;
        var (first, second) = (pages.At(connection, before, entries.Select(entry => entry.Old).OfType<long>(), cancellation), pages.At(connection, after, entries.Select(entry => entry.Now).OfType<long>(), cancellation));
        var (old, now) = (Places(columns, before), Places(columns, after));
        var staying = Enumerable.Range(0, columns.Length).Where(i => old[i] >= 0 && now[i] >= 0).ToArray();
        string?[]? Cells(long? position, Dictionary<long, ImmutableArray<string?>> rows, int[] places) =>
            position is { } at ? [.. places.Select(place => place < 0 ? null : rows[at][place])] : null;
        return [.. entries.Select(entry => ChangedRow.Of((entry.Id, entry.Kind, entry.Times), Cells(entry.Old, first, old), Cells(entry.Now, second, now), staying))];
    }

    private static ImmutableSortedDictionary<string, long> Counts(DuckDBConnection connection) =>
        connection.Query($"select kind, cast(sum(times) as bigint) from {Changes} group by kind", reader => KeyValuePair.Create(reader.GetString(0), reader.GetInt64(1)))
            .ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Rows of which one side has more than the other: the surplus is negative where that is the version before.</summary>
    private string UnevenRows(DatasetVersion before, DatasetVersion after)
    {
        var (id, label) = (after.Manifest.Id, after.Manifest.Label);
        var shared = before.Manifest.Columns.Join(after.Manifest.Columns, column => column.Name, column => column.Name, (old, now) => (old, now)).ToList();
        var cells = shared.Where(pair => pair.now.Name != label && pair.now.Name != id).Select(Comparable).Order(StringComparer.Ordinal).ToList();
        var rest = string.Join(", ", cells.Prepend("0"));
        var text = (string? column) => column is not null && shared.Exists(pair => pair.now.Name == column) ? $"cast({Sql.Name(column)} as varchar)" : "cast(null as varchar)";
        string Side(int side, DatasetVersion version) =>
            $"select {side} as side, {VersionPages.Position} as position, {text(id)} as id, {text(label)} as label, hash({rest}) as rest from {pages.Source(version)}";
        return $"""
            select id, label, rest, cast(sum(side) as bigint) as surplus, min(position) filter (side = -1) as old, min(position) filter (side = 1) as now
            from ({Side(-1, before)} union all {Side(1, after)}) group by id, label, rest having sum(side) <> 0
            """;
    }

    private const string Paired = $"""
        with marked as (
          select *, id is not null and count(*) over same = 2 and min(surplus) over same = -1 and max(surplus) over same = 1 as is_pair,
            min(rest) over same <> max(rest) over same as is_other
          from {Uneven} window same as (partition by id))
        select id, case when bool_or(is_other) then 'changed' else 'relabelled' end as kind, cast(1 as bigint) as times,
          max(old) filter (surplus < 0) as old, max(now) filter (surplus > 0) as now
        from marked where is_pair group by id
        union all
        select id, case when surplus < 0 then 'dropped' else 'added' end, abs(surplus), case when surplus < 0 then old end, case when surplus > 0 then now end
        from marked where not is_pair
        """;

    /// <summary>Numbers are compared as numbers, whatever their types; values of other kinds that are not stored alike as texts.</summary>
    private static string Comparable((ManifestColumn Old, ManifestColumn Now) pair) => Sql.Name(pair.Now.Name) is var name && pair.Old.Type == pair.Now.Type ? name
        : pair.Old.Kind == "number" && pair.Now.Kind == "number" ? $"cast({name} as double)"
        : $"cast({name} as varchar)";

    private static ImmutableArray<string> Names(DatasetVersion version) => [.. version.Manifest.Columns.Select(column => column.Name)];

    private static int[] Places(ImmutableArray<string> columns, DatasetVersion version) => Names(version) is var names ? [.. columns.Select(column => names.IndexOf(column))] : [];

    private sealed record Entry(string? Id, string Kind, long Times, long? Old, long? Now)
    {
        public static Entry Read(DuckDBDataReader reader)
        {
            long? Place(int i) => reader.IsDBNull(i) ? null : reader.GetInt64(i);
            return new(reader.IsDBNull(0) ? null : reader.GetString(0), reader.GetString(1), reader.GetInt64(2), Place(3), Place(4));
        }
    }
}
