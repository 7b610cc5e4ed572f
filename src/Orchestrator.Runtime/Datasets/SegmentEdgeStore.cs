using System.Collections.Immutable;
using System.Data.Common;
using Dapper;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Datasets;

/// <summary>The rows of segments' edges; the first ones that were measured stay.</summary>
public static class SegmentEdgeStore
{
    public static void Add(Transaction transaction, string monitor, ImmutableDictionary<EdgesKey, ImmutableArray<double>> edges, DateTimeOffset at)
    {
        const string Insert = """
            insert into segment_edges (monitor, dataset, segment, definition, edges, made_at) values (@monitor, @Dataset, @Segment, @Definition, @Edges, @At)
            on conflict (monitor, dataset, segment, definition) do nothing
            """;
        foreach (var (key, values) in edges.OrderBy(pair => (pair.Key.Dataset, pair.Key.Segment)))
        {
            transaction.Execute(Insert, new { monitor, key.Dataset, key.Segment, key.Definition, Edges = Json.Write(values), At = at.ToMicros() });
        }
    }

    public static ImmutableDictionary<EdgesKey, ImmutableArray<double>> Of(DbConnection connection, string monitor)
    {
        const string Select = "select dataset as Dataset, segment as Segment, definition as Definition, edges as Edges from segment_edges where monitor = @monitor";
        return connection.Query<Row>(Select, new { monitor })
            .ToImmutableDictionary(row => new EdgesKey(row.Dataset, row.Segment, row.Definition), row => Json.Read<ImmutableArray<double>>(row.Edges));
    }

    private sealed class Row
    {
        public string Dataset { get; init; } = "";
        public string Segment { get; init; } = "";
        public string Definition { get; init; } = "";
        public string Edges { get; init; } = "";
    }
}
