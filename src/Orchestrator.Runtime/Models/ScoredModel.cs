using System.Collections.Immutable;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Models;

/// <summary>What a model said of labelled rows.</summary>
internal abstract record ScoredModel
{
    /// <summary>Whether this model got a row right that the other got wrong, or came nearer to its number.</summary>
    public abstract bool IsBetter(ScoredModel other, int row);

    public abstract MeasuredModel Measure(IReadOnlyList<int> rows);

    /// <exception cref="TrainingException">The model gives nothing for the rows that its task asks for.</exception>
    public static ScoredModel Of(ModelScores scores, FeatureRows rows, ModelTask task) =>
        task is ModelTask.Regression ? ScoredNumbers.Of(scores, rows) : ScoredClasses.Of(scores, rows, task);

    /// <summary>A metric that has no value, or none that is finite, is left out.</summary>
    protected static ImmutableSortedDictionary<string, double> Known(IEnumerable<(string Name, double? Value)> values) => values
        .Where(pair => pair.Value is { } value && double.IsFinite(value))
        .ToImmutableSortedDictionary(pair => pair.Name, pair => pair.Value!.Value, StringComparer.Ordinal);
}
