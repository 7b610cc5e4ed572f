using System.Collections.Immutable;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Edges between the quarters of segments: the stored ones, else those of the rows that are to give them.</summary>
public sealed class QuartileEdges(DuckDBConnection connection, DatasetInputs inputs)
{
    private readonly Dictionary<EdgesKey, ImmutableArray<double>> _made = [];

    /// <summary>Edges that were not stored before, of enough rows to stay.</summary>
    public ImmutableDictionary<EdgesKey, ImmutableArray<double>> Made => _made.ToImmutableDictionary();

    /// <summary>Three numbers; none where the column holds none.</summary>
    public ImmutableArray<double> Of(SegmentSpec segment, EdgeRows rows)
    {
        var key = EdgesKey.Of(rows.Dataset, segment);
        if (inputs.Edges.TryGetValue(key, out var edges) || _made.TryGetValue(key, out edges))
        {
            return edges;
        }

        var (made, values) = Measure(connection, segment.By.Column, Sql.Name(rows.Table.Name));
        if (made.Length > 0 && rows.AreItsOwn && values >= inputs.Monitor.MinRows)
        {
            _made.Add(key, made);
        }

        return made;
    }

    /// <summary>The quartiles of a column, and how many numbers gave them.</summary>
    /// <param name="rows">SQL of the rows.</param>
    internal static (ImmutableArray<double> Edges, long Values) Measure(DuckDBConnection connection, string column, string rows)
    {
        var numbers = $"(select try_cast({Sql.Name(column)} as double) as x from {rows}) where isfinite(x)";
        var edges = connection.Query($"select unnest(quantile_cont(x, [0.25, 0.5, 0.75])) from {numbers}", reader => reader.GetDouble(0));
        return (edges.Count == 3 ? [.. edges] : [], connection.Count($"select count(*) from {numbers}"));
    }
}

/// <summary>The rows that give the edges of a dataset's segments.</summary>
/// <param name="Dataset">The reference, or the dataset itself where it has none.</param>
/// <param name="AreItsOwn">False where that could not be read and others stand in for it.</param>
public sealed record EdgeRows(DatasetSpec Dataset, SourceTable Table, bool AreItsOwn);
