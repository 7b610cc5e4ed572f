using System.Collections.Immutable;
using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Metrics.LabelErrors;

/// <summary>A row as the search for wrong labels sees it.</summary>
/// <param name="Given">The label that the row carries.</param>
/// <param name="Suggested">The most probable class.</param>
/// <param name="SelfConfidence">Probability of the given label.</param>
/// <param name="NormalizedMargin">Where no other method is asked for, the ranking goes by it, lowest first.</param>
/// <param name="Flagged">Suspect by confident learning, and no person has confirmed the label.</param>
/// <param name="Confirmed">A person has confirmed the label of the row as it is.</param>
public sealed record Suspect(string Id, string Given, string Suggested, double SelfConfidence, double NormalizedMargin, bool Flagged, bool Confirmed);

/// <summary>All labelled rows of a dataset, the most suspect first; rows with confirmed labels stand last.</summary>
public sealed record LabelErrorReport(ImmutableArray<Suspect> Ranked)
{
    public IEnumerable<Suspect> Flagged => Ranked.Where(suspect => suspect.Flagged);

    /// <summary>The rows to look at within a budget: the ranking without what people have confirmed.</summary>
    public IEnumerable<Suspect> Within(int budget) => Ranked.Where(suspect => !suspect.Confirmed).Take(budget);

    /// <param name="confirmed">For each row, whether a person confirmed its label and its content is still what they saw.</param>
    public static LabelErrorReport Of(LabelledRows rows, ImmutableArray<string> classes, IReadOnlyList<bool> confirmed, NeighbourOptions options) =>
        Of(rows, classes, confirmed, (RankingMethod.Default, options));

    /// <inheritdoc cref="Of(LabelledRows, ImmutableArray{string}, IReadOnlyList{bool}, NeighbourOptions)"/>
    public static LabelErrorReport Of(LabelledRows rows, ImmutableArray<string> classes, IReadOnlyList<bool> confirmed, (RankingMethod Method, NeighbourOptions Options) by)
    {
        var labels = rows.Labels.AsSpan();
        var probabilities = by.Method.Probabilities(rows, by.Options);
        var flags = LabelErrorFilter.ConfidentLearning(probabilities, labels);
        var confidence = LabelQuality.SelfConfidence(probabilities, labels);
        var margins = LabelQuality.NormalizedMargin(probabilities, labels);
        return new([.. Enumerable.Range(0, rows.Ids.Length)
            .Select(row => new Suspect(
                rows.Ids[row], classes[rows.Labels[row]], classes[probabilities.ArgMax(row)], confidence[row], margins[row], flags[row] && !confirmed[row], confirmed[row]))
            .OrderBy(suspect => suspect.Confirmed)
            .ThenBy(suspect => by.Method.By == RankedBy.ConfidentLearning && !suspect.Flagged)
            .ThenBy(suspect => by.Method.By == RankedBy.SelfConfidence ? suspect.SelfConfidence : suspect.NormalizedMargin)
            .ThenBy(suspect => suspect.SelfConfidence)
            .ThenBy(suspect => suspect.Id, StringComparer.Ordinal)]);
    }
}
