using System.Collections.Immutable;
using System.Text.Json;

namespace Orchestrator.Core.Metrics.Reductions;

/// <summary>Rows that repeat an earlier one in every feature, with the same label or another.</summary>
public sealed class Duplicates : Reduction
{
    public const string Ratio = "data_duplicate_ratio";
    public const string Conflicting = "data_conflicting_label_ratio";

    public override ImmutableArray<Metric> Metrics =>
    [
        new(Ratio, MetricKind.Data, "ratio",
            "Rows beyond the first of each group: exact, of rows that are equal in all features and in the label; near, where the monitor says how near, of rows that are linked by texts sharing that "
            + "share of their words (Jaccard), by embeddings of that cosine, where the dataset has some, or by equal categories and numbers no further apart than what is missing to 1 of the column's range.", ["variant"], [RelationShape.Comparable]) { Parameters = [NearParameter] },
        new(Conflicting, MetricKind.Data, "ratio", "Rows in groups that are equal in all features and carry different labels.", [], ["features"]),
    ];

    /// <summary>How near two rows are to count as duplicates; they are not looked for where the monitor does not say.</summary>
    private static readonly MetricParameter NearParameter = new MetricParameter.Number("near", 0.3, 1);

    /// <summary>Rows among which near ones are looked for at most.</summary>
    private const int MostNearRows = 50_000;

    /// <summary>The same where rows have embeddings: each is compared with each.</summary>
    private const int MostNearVectors = 10_000;

    /// <summary>Rows among which near ones are looked for at most.</summary>
    public static int MostNear(RelationShape shape) => shape.EmbeddingWidth > 0 ? MostNearVectors : MostNearRows;

    public static double? NearOf(ImmutableSortedDictionary<string, JsonElement> parameters) => parameters.TryGetValue(NearParameter.Name, out var near) ? near.GetDouble() : null;

    public override bool NeedsLabels => false;

    /// <summary>a counts the rows beyond the first, b those in conflict. Only rows whose hash occurs twice are compared: the others would fill memory to no end.</summary>
    public override IEnumerable<string> Plan(RelationShape shape)
    {
        if (shape.Features.IsEmpty)
        {
            yield break;
        }

        var features = string.Join(", ", shape.Features.Select(feature => Sql.Name(feature.Name)));
        var label = shape.Roles.Contains("label") ? Sql.Name(RelationShape.Label) : "null";
        var table = Sql.Name(shape.Table);
        yield return $"""
            select '' as scope, '' as key, '' as other, (select count(*) from {table}) as rows, coalesce(cast(sum(beyond) as double), 0) as a,
                coalesce(cast(sum(case when labels > 1 then n else 0 end) as double), 0) as b
            from (select cast(sum(m) as bigint) as n, cast(sum(m - 1) as bigint) as beyond, count(label) as labels
                from (select {features}, {label} as label, count(*) as m from {table}
                    where hash({features}) in (select hash({features}) from {table} group by 1 having count(*) > 1) group by all) group by {features})
            """;
    }

    public override IEnumerable<MeasuredValue> Close(RelationShape shape, IReadOnlyList<ReducedRow> rows)
    {
        foreach (var row in rows.Where(row => row.Rows > 0))
        {
            yield return MeasuredValue.Share(Ratio, [("variant", "exact")], ((long)row.A, row.Rows), row.Rows);
            if (shape.Roles.Contains("label"))
            {
                yield return MeasuredValue.Share(Conflicting, [], ((long)row.B, row.Rows), row.Rows);
            }
        }
    }
}
