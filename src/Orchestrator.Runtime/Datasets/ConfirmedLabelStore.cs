using System.Data.Common;
using Dapper;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Datasets;

/// <summary>A label that a person gave or confirmed; it holds until the row's content or the label set changes.</summary>
/// <param name="Content">Hash of the row without its label, as the person saw it.</param>
/// <param name="LabelSet">Hash of the classes that the model file states; empty where it states none.</param>
public sealed record ConfirmedLabel(string Dataset, string RowId, string Content, string Label, string LabelSet, string By, DateTimeOffset At);

/// <summary>The rows of confirmed labels; the last word on a row counts.</summary>
public static class ConfirmedLabelStore
{
    public static void Save(Transaction transaction, IEnumerable<ConfirmedLabel> labels)
    {
        const string Upsert = """
            insert into confirmed_label (dataset, row_id, content, label, label_set, confirmed_by, confirmed_at)
            values (@Dataset, @RowId, @Content, @Label, @LabelSet, @By, @At)
            on conflict (dataset, row_id) do update set content = excluded.content, label = excluded.label, label_set = excluded.label_set,
              confirmed_by = excluded.confirmed_by, confirmed_at = excluded.confirmed_at
            where excluded.confirmed_at >= confirmed_label.confirmed_at
            """;
        transaction.Execute(Upsert, labels.Select(label => new
        {
            label.Dataset, label.RowId, label.Content, label.Label, label.LabelSet, label.By, At = label.At.ToMicros(),
        }).ToList());
    }

    /// <summary>The confirmed labels of a dataset that were given for this label set, by row id.</summary>
    public static IReadOnlyDictionary<string, ConfirmedLabel> List(DbConnection connection, string dataset, string labelSet)
    {
        const string Select = """
            select dataset as Dataset, row_id as RowId, content as Content, label as Label, label_set as LabelSet, confirmed_by as ConfirmedBy,
                   confirmed_at as ConfirmedAt
            from confirmed_label where dataset = @dataset and label_set = @labelSet
            """;
        return connection.Query<Row>(Select, new { dataset, labelSet }).Select(row => row.ToLabel())
            .ToDictionary(label => label.RowId, StringComparer.Ordinal);
    }

    private sealed class Row
    {
        public string Dataset { get; init; } = "";
        public string RowId { get; init; } = "";
        public string Content { get; init; } = "";
        public string Label { get; init; } = "";
        public string LabelSet { get; init; } = "";
        public string ConfirmedBy { get; init; } = "";
        public long ConfirmedAt { get; init; }

        public ConfirmedLabel ToLabel() => new(Dataset, RowId, Content, Label, LabelSet, ConfirmedBy, ConfirmedAt.ToInstant());
    }
}
