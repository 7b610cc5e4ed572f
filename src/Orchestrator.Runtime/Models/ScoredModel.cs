using System.Collections.Immutable;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Metrics.Statistics;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Models;

/// <summary>What a model said of labelled rows.</summary>
internal abstract record ScoredModel
{
    /// <summary>Whether this model got a row right that the other got wrong, or came nearer to its number.</summary>
    public abstract bool IsBetter(ScoredModel other, int row);

    public abstract MeasuredModel Measure(IReadOnlyList<int> rows);

    /// <summary>One metric of the rows; null where it has no value.</summary>
    public abstract double? Value(string metric, IReadOnlyList<int> rows);

    /// <summary>The gain over another model in a metric and how sure it is; null where it has no value, or the rows that only one of them gets right are the test.</summary>
    public abstract PairedDifference? Compare(string metric, ScoredModel other, int[] rows);

    /// <exception cref="TrainingException">The model gives nothing for the rows that its task asks for.</exception>
    public static ScoredModel Of(ModelScores scores, FeatureRows rows, ModelTask task) =>
        task is ModelTask.Regression ? ScoredNumbers.Of(scores, rows) : ScoredClasses.Of(scores, rows, task);

    /// <param name="changed">Rows on which the two do not say the same.</param>
    protected PairedDifference? Drawn(string metric, ScoredModel other, int[] rows, int changed)
    {
        return PairedBootstrap.Compare(rows.Length, changed, drawn => Gain([.. drawn.Select(row => rows[row])]));

        double? Gain(int[] drawn) => other.Value(metric, drawn) is { } before && Value(metric, drawn) is { } after ? GateMetric.Gain(metric, before, after) : null;
    }

    /// <summary>A metric that has no value, or none that is finite, is left out.</summary>
    protected static ImmutableSortedDictionary<string, double> Known(IEnumerable<(string Name, double? Value)> values) => values
        .Where(pair => pair.Value is { } value && double.IsFinite(value))
        .ToImmutableSortedDictionary(pair => pair.Name, pair => pair.Value!.Value, StringComparer.Ordinal);
}
