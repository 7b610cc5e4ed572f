using System.Collections.Immutable;
using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Metrics;

/// <summary>One number of a metric, before it becomes a sample.</summary>
/// <param name="Labels">Labels beside <c>model</c> and <c>dataset</c>.</param>
/// <param name="Rows">Rows that the number was measured on.</param>
/// <param name="Scope">Rows of the dataset or segment that it describes; a monitor's <c>min_rows</c> asks for these.</param>
public sealed record MeasuredValue(string Metric, ImmutableArray<(string Name, string Value)> Labels, double Value, long Rows, long Scope)
{
    public Interval? Interval { get; init; }

    /// <summary>Ids of the rows to blame, worst first.</summary>
    public ImmutableArray<string> Evidence { get; init; } = [];

    public static MeasuredValue Whole(string metric, double value, long rows) => new(metric, [], value, rows, rows);

    /// <summary>A share of rows with Wilson's interval.</summary>
    public static MeasuredValue Share(string metric, ImmutableArray<(string, string)> labels, (long Part, long Whole) rows, long scope) =>
        new(metric, labels, rows.Whole == 0 ? 0 : (double)rows.Part / rows.Whole, rows.Whole, scope) { Interval = Statistics.Interval.Wilson(rows.Part, rows.Whole) };
}
