using System.Collections.Immutable;
using System.Globalization;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Rows of a dataset as a measurement saw them.</summary>
/// <param name="Revision">The rules by which they were measured.</param>
/// <param name="OnlyWrong">Only those whose label is another than was predicted.</param>
public sealed record MeasuredWish(string Dataset, string Revision, DateTimeOffset At, bool OnlyWrong = false);

/// <summary>A row with what was predicted for it.</summary>
/// <param name="Agrees">Whether label and prediction are the same; absent where one of them is, and of numbers.</param>
/// <param name="Cells">Its features, as text in canonical form; null where one is missing.</param>
public sealed record MeasuredRow(string? Id, DateTimeOffset? At, string? Prediction, string? Label, bool? Agrees, ImmutableArray<string?> Cells);

/// <summary>Some successive rows that predictions were made for, the newest first.</summary>
/// <param name="At">The measurement whose rows they are.</param>
/// <param name="Total">Rows of the whole list.</param>
/// <param name="All">Rows of the measurement.</param>
/// <param name="Judged">Of them those of which it is known whether the prediction is right.</param>
/// <param name="Wrong">Of them those of which it is not right.</param>
/// <param name="Columns">Names of the features.</param>
public sealed record MeasuredPage(
    string Dataset, DateTimeOffset At, long Total, long Offset, long All, long Judged, long Wrong, ImmutableArray<string> Columns, ImmutableArray<MeasuredRow> Rows);

/// <summary>Reads what was measured a page at a time: the rows of a measurement are put in order once, and kept until there is another.</summary>
public sealed class MeasuredPages(DatasetAccess access, KeptFiles kept, AnalyticsOptions options, string spill) : IDisposable
{
    private const int Prepared = 5;

    /// <summary>What is looked at must not take the memory of what is measured.</summary>
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Null where nothing was predicted.</summary>
    public async Task<MeasuredPage?> ReadAsync(MeasuredWish wish, RowSpan span, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var name = $"{Digest.Of(Json.Write<string[]>(["1", wish.Dataset, wish.Revision, wish.At.ToMicros().ToString(CultureInfo.InvariantCulture)]))}.parquet";
            var file = kept.Find(name) ?? await MakeAsync(name, wish, cancellation).ConfigureAwait(false);
            return file is null ? null : Read(file, wish, span);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<string?> MakeAsync(string name, MeasuredWish wish, CancellationToken cancellation)
    {
        using var opened = await access.OpenAsync(new DatasetWish(wish.Dataset, wish.At), spill, cancellation).ConfigureAwait(false);
        var shape = opened.Prepared.Current;
        return shape.Roles.Contains(RelationShape.AnyPrediction) ? kept.Of(name, part => Write(opened.Connection, shape, part, cancellation), cancellation) : null;
    }

    private static void Write(DuckDBConnection connection, RelationShape shape, string part, CancellationToken cancellation)
    {
        var (id, time, prediction, label) = (Sql.Name(RelationShape.Id), Sql.Name(RelationShape.Time), Sql.Name(RelationShape.Prediction), Sql.Name(RelationShape.Label));
        var agrees = shape.Roles.Contains(RelationShape.NumericPrediction) ? "cast(null as boolean)" : $"cast({prediction} as varchar) = cast({label} as varchar)";
        var columns = new[] { id, time, prediction, label, $"{agrees} as \"@agrees\"", "row_number() over (order by \"@time\" desc nulls last, \"@id\") - 1 as \"@row\"" };
        connection.RunInterruptibly(
            $"copy (select {string.Join(", ", columns.Concat(shape.Features.Select(feature => Sql.Name(feature.Name))))} from {Sql.Name(shape.Table)} order by \"@row\") to {Sql.Text(part)} ({VersionPages.Layout})", cancellation);
        DurableFile.Flush(part);
    }

    private MeasuredPage Read(string file, MeasuredWish wish, RowSpan span)
    {
        using var connection = Analytics.Open(options);
        var source = $"read_parquet({Sql.Text(file)})";
        var (all, judged, wrong) = connection.Query(
            $"select count(*), count(\"@agrees\"), count(*) filter (\"@agrees\" = false) from {source}", reader => (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)))[0];
        var which = wish.OnlyWrong ? Wrong(connection, source, span) : string.Create(CultureInfo.InvariantCulture, $"\"@row\" >= {span.Offset} and \"@row\" < {span.Offset + span.Limit}");
        ImmutableArray<string> columns = [.. connection.Query($"describe select * exclude (\"@id\", \"@time\", \"@prediction\", \"@label\", \"@agrees\", \"@row\") from {source}", reader => reader.GetString(0))];
        var cells = string.Concat(columns.Select(column => $", {Sql.Name(column)}"));
        var rows = connection.Query($"select \"@id\", \"@time\", \"@prediction\", \"@label\", \"@agrees\"{cells} from {source} where {which} order by \"@row\"", Row);
        return new(wish.Dataset, wish.At, wish.OnlyWrong ? wrong : all, span.Offset, all, judged, wrong, columns, [.. rows]);
    }

    private static string Wrong(DuckDBConnection connection, string source, RowSpan span)
    {
        var places = connection.Query(
            string.Create(CultureInfo.InvariantCulture, $"select \"@row\" from {source} where \"@agrees\" = false order by 1 limit {span.Limit} offset {span.Offset}"), reader => reader.GetInt64(0));
        return places.Count == 0 ? "false" : $"\"@row\" in ({string.Join(", ", places.Select(place => place.ToString(CultureInfo.InvariantCulture)))})";
    }

    private static MeasuredRow Row(DuckDBDataReader reader)
    {
        string? Text(int i) => VersionPages.Shown(RowContent.Text(reader.GetValue(i)));
        return new(
            Text(0), reader.IsDBNull(1) ? null : reader.GetInt64(1).ToInstant(), Text(2), Text(3), reader.IsDBNull(4) ? null : reader.GetBoolean(4),
            [.. Enumerable.Range(Prepared, reader.FieldCount - Prepared).Select(Text)]);
    }
}
