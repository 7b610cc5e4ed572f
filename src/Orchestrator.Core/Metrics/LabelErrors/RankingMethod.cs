using System.Collections.Immutable;
using Orchestrator.Core.Metrics.Statistics;
using Orchestrator.Core.Metrics.Texts;

namespace Orchestrator.Core.Metrics.LabelErrors;

/// <summary>What puts one row before another.</summary>
public enum RankedBy
{
    NormalizedMargin,
    SelfConfidence,

    /// <summary>What confident learning flags comes first; within both parts the margin decides.</summary>
    ConfidentLearning,
}

/// <summary>How rows are ranked by how likely their label is wrong.</summary>
/// <param name="IsEnsemble">Whether a linear model has its say beside the cheap one: the mean of both probabilities counts.</param>
public sealed record RankingMethod(string Name, RankedBy By, bool IsEnsemble = false)
{
    public static readonly RankingMethod Default = new("label_errors", RankedBy.NormalizedMargin);

    public static readonly ImmutableArray<RankingMethod> All =
    [
        Default,
        new("normalized_margin", RankedBy.NormalizedMargin),
        new("self_confidence", RankedBy.SelfConfidence),
        new("confident_learning", RankedBy.ConfidentLearning),
        new("ensemble", RankedBy.NormalizedMargin, IsEnsemble: true),
    ];

    /// <summary>Out-of-fold probabilities. Texts and tables with categories are judged by their terms and cells, everything else by its neighbours.</summary>
    public ClassProbabilities Probabilities(LabelledRows rows, NeighbourOptions options)
    {
        var folds = rows.FoldsOf(options.Folds);
        var cheap = rows.Terms is { } terms ? NaiveBayes.OutOfFold(terms, rows.Labels.AsSpan(), rows.Classes, folds) : NearestNeighbours.OutOfFold(rows, options);
        if (!IsEnsemble)
        {
            return cheap;
        }

        var inputs = rows.Terms is { } counts ? TermWeights.Weighted(counts) : rows.Features.Sparse();
        return cheap.MeanWith(SoftmaxRegression.OutOfFold(inputs, rows.Labels.AsSpan(), rows.Classes, folds, new()));
    }
}
