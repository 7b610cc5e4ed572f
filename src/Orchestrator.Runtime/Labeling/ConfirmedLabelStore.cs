using System.Data.Common;
using Dapper;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Labeling;

/// <summary>The rows of labels that people confirmed; of several for one row the last counts.</summary>
public static class ConfirmedLabelStore
{
    public static void Add(Transaction transaction, IEnumerable<ConfirmedLabel> labels)
    {
        const string Upsert = """
            insert into confirmed_label (dataset, row_id, content_hash, label, confirmed_by, confirmed_at)
            values (@Dataset, @RowId, @ContentHash, @Label, @By, @At)
            on conflict (dataset, row_id) do update set content_hash = excluded.content_hash, label = excluded.label,
              confirmed_by = excluded.confirmed_by, confirmed_at = excluded.confirmed_at
            """;
        transaction.Execute(
            Upsert, labels.Select(label => new { label.Dataset, label.RowId, label.ContentHash, label.Label, label.By, At = label.At.ToMicros() }).ToList());
    }

    /// <summary>The confirmed labels of a dataset by row id.</summary>
    public static IReadOnlyDictionary<string, ConfirmedLabel> Of(DbConnection connection, string dataset)
    {
        const string Select = """
            select dataset as Dataset, row_id as RowId, content_hash as ContentHash, label as Label, confirmed_by as ConfirmedBy, confirmed_at as ConfirmedAt
            from confirmed_label where dataset = @dataset
            """;
        return connection.Query<Row>(Select, new { dataset }).ToDictionary(row => row.RowId, row => row.ToLabel(), StringComparer.Ordinal);
    }

    private sealed class Row
    {
        public string Dataset { get; init; } = "";
        public string RowId { get; init; } = "";
        public string ContentHash { get; init; } = "";
        public string Label { get; init; } = "";
        public string ConfirmedBy { get; init; } = "";
        public long ConfirmedAt { get; init; }

        public ConfirmedLabel ToLabel() => new(Dataset, RowId, ContentHash, Label, ConfirmedBy, ConfirmedAt.ToInstant());
    }
}
