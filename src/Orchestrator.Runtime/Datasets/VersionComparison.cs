using System.Collections.Immutable;
using System.Globalization;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Compares the rows of two versions of a dataset where they are: no more rows come out of the files than are shown.</summary>
/// <remarks>
/// Rows are told apart by 64 bits over id and label and 64 bits over their other cells, and counted on both sides. What is left over on both sides under an id of its own was changed; everything else
/// was dropped or added. A column that only one of the versions has does not make rows other. Versions never change, so the list of changes is kept as a file.
/// Values are compared as their columns hold them, whatever their text; <see cref="RowDifference"/> has texts on both sides and looks only for what a patch can hold.
/// </remarks>
public sealed class VersionComparison(VersionPages pages, AnalyticsOptions options, KeptFiles kept)
{
    private const string Uneven = "uneven";
    private const string Named = "named";

    public ChangedRows Read(DatasetVersion before, DatasetVersion after, RowSpan span, CancellationToken cancellation)
    {
        using var connection = Analytics.Open(options);
        while (true)
        {
            var changes = kept.Of(NameOf(before, after), file => Compare(connection, (before, after), file, cancellation), cancellation);
            try
            {
                return Read(connection, (before, after), new(changes, span), cancellation);
            }
            catch (DuckDBException) when (!File.Exists(changes))
            {
                // Somebody deleted what was kept between two lines: it is made again.
            }
        }
    }

    private ChangedRows Read(DuckDBConnection connection, (DatasetVersion Before, DatasetVersion After) versions, Asked asked, CancellationToken cancellation)
    {
        var (before, after) = versions;
        var (old, now) = (Names(before), Names(after));
        ImmutableArray<string> columns = [.. old, .. now.Except(old, StringComparer.Ordinal)];
        var entries = connection.Query(asked.Entries, Entry.Read);
        return new(
            before.Dataset, before.Id, after.Id, Counts(connection, asked.Source), connection.Count($"select count(*) from {asked.Source}"), asked.Span.Offset, columns, after.Manifest.Id, after.Manifest.Label,
            [.. old.Except(now, StringComparer.Ordinal)], [.. now.Except(old, StringComparer.Ordinal)], Rows(connection, versions, columns, entries, cancellation));
    }

    /// <summary>Writes the list of changes in the order in which it is shown.</summary>
    private void Compare(DuckDBConnection connection, (DatasetVersion Before, DatasetVersion After) versions, string file, CancellationToken cancellation)
    {
        connection.RunInterruptibly($"create or replace temp table {Uneven} as {UnevenRows(versions.Before, versions.After)}", cancellation);
        connection.RunInterruptibly($"create or replace temp table {Named} as {NamedRows(versions.Before, versions.After)}", cancellation);
        connection.RunInterruptibly($"copy (select * from ({Paired}) order by id nulls last, kind, coalesce(old, now)) to {Sql.Text(file)} (format parquet)", cancellation);
        connection.Run($"drop table {Uneven}; drop table {Named}");
        DurableFile.Flush(file);
    }

    /// <summary>Other contents or other roles make another list.</summary>
    private static string NameOf(DatasetVersion before, DatasetVersion after)
    {
        string?[] parts = ["1", before.Dataset, before.Id, before.Manifest.FileSha256, after.Id, after.Manifest.FileSha256, after.Manifest.Id, after.Manifest.Label];
        return $"{Digest.Of(Json.Write(parts))}.parquet";
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

    private static ImmutableSortedDictionary<string, long> Counts(DuckDBConnection connection, string changes) =>
        connection.Query($"select kind, cast(sum(times) as bigint) from {changes} group by kind", reader => KeyValuePair.Create(reader.GetString(0), reader.GetInt64(1)))
            .ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Rows of which one side has more than the other: the surplus is negative where that is the version before.</summary>
    private string UnevenRows(DatasetVersion before, DatasetVersion after)
    {
        var (id, label) = (after.Manifest.Id, after.Manifest.Label);
        var shared = Shared(before, after);
        var cells = shared.Where(pair => pair.Now.Name != label && pair.Now.Name != id).Select(Comparable).Order(StringComparer.Ordinal).ToList();
        var rest = string.Join(", ", cells.Prepend("0"));
        string Side(int side, DatasetVersion version) =>
            $"select {side} as side, {VersionPages.Position} as place, hash({Text(shared, id)}, {Text(shared, label)}) as who, hash({rest}) as rest from {pages.Source(version)}";
        return $"""
            select rest, cast(sum(side) as bigint) as surplus, min(place) filter (side = -1) as old, min(place) filter (side = 1) as now
            from ({Side(-1, before)} union all {Side(1, after)}) group by who, rest having sum(side) <> 0
            """;
    }

    /// <summary>The same with their ids: only where rows are left over are ids more than numbers.</summary>
    private string NamedRows(DatasetVersion before, DatasetVersion after)
    {
        var id = Text(Shared(before, after), after.Manifest.Id);
        string Side(DatasetVersion version, string at, string of) =>
            $"select {Uneven}.*, id from {Uneven} join (select {VersionPages.Position} as place, {id} as id from {pages.Source(version)}) on place = {at} where {of}";
        return $"{Side(before, "old", "surplus < 0")} union all {Side(after, "now", "surplus > 0")}";
    }

    private const string Paired = $"""
        with marked as (
          select *, id is not null and count(*) over same = 2 and min(surplus) over same = -1 and max(surplus) over same = 1 as is_pair,
            min(rest) over same <> max(rest) over same as is_other
          from {Named} window same as (partition by id))
        select id, case when bool_or(is_other) then 'changed' else 'relabelled' end as kind, cast(1 as bigint) as times,
          max(old) filter (surplus < 0) as old, max(now) filter (surplus > 0) as now
        from marked where is_pair group by id
        union all
        select id, case when surplus < 0 then 'dropped' else 'added' end, abs(surplus), case when surplus < 0 then old end, case when surplus > 0 then now end
        from marked where not is_pair
        """;

    private static List<(ManifestColumn Old, ManifestColumn Now)> Shared(DatasetVersion before, DatasetVersion after) =>
        before.Manifest.Columns.Join(after.Manifest.Columns, column => column.Name, column => column.Name, (old, now) => (old, now)).ToList();

    private static string Text(List<(ManifestColumn Old, ManifestColumn Now)> shared, string? column) =>
        column is not null && shared.Exists(pair => pair.Now.Name == column) ? $"cast({Sql.Name(column)} as varchar)" : "cast(null as varchar)";

    /// <summary>Numbers are compared as numbers, whatever their types; values of other kinds that are not stored alike as texts.</summary>
    private static string Comparable((ManifestColumn Old, ManifestColumn Now) pair) => Sql.Name(pair.Now.Name) is var name && pair.Old.Type == pair.Now.Type ? name
        : pair.Old.Kind == "number" && pair.Now.Kind == "number" ? $"cast({name} as double)"
        : $"cast({name} as varchar)";

    private static ImmutableArray<string> Names(DatasetVersion version) => [.. version.Manifest.Columns.Select(column => column.Name)];

    private static int[] Places(ImmutableArray<string> columns, DatasetVersion version) => Names(version) is var names ? [.. columns.Select(column => names.IndexOf(column))] : [];

    /// <summary>The entries of a kept list that are shown.</summary>
    private sealed record Asked(string Changes, RowSpan Span)
    {
        public string Source => $"read_parquet({Sql.Text(Changes)})";

        public string Entries => string.Create(
            CultureInfo.InvariantCulture,
            $"select id, kind, times, old, now from read_parquet({Sql.Text(Changes)}, file_row_number = true) where file_row_number >= {Span.Offset} and file_row_number < {Span.Offset + Span.Limit} order by file_row_number");
    }

    private sealed record Entry(string? Id, string Kind, long Times, long? Old, long? Now)
    {
        public static Entry Read(DuckDBDataReader reader)
        {
            long? Place(int i) => reader.IsDBNull(i) ? null : reader.GetInt64(i);
            return new(reader.IsDBNull(0) ? null : reader.GetString(0), reader.GetString(1), reader.GetInt64(2), Place(3), Place(4));
        }
    }
}
