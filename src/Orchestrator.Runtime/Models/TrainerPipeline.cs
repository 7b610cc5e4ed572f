using Microsoft.ML;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.LightGbm;

namespace Orchestrator.Runtime.Models;

/// <summary>What ML.NET does with encoded rows to learn from them.</summary>
internal static class TrainerPipeline
{
    /// <summary>Coordinate ascent needs some penalty to end.</summary>
    private const double LeastPenalty = 1e-9;

    /// <param name="rows">Rows that are learned from.</param>
    public static IEstimator<ITransformer> Of(MLContext context, TrainerSpec spec, FeatureEncoding encoding, int rows)
    {
        var isLinear = spec.Algorithm == Algorithm.Linear;
        var (numbers, terms) = (nameof(EncodedRow.Features), nameof(EncodedRow.Terms));
        IEstimator<ITransformer> Trained(string features) => (isLinear, spec.IsRegression) switch
        {
            (true, false) => Linear(context, spec, features),
            (true, true) => Ridge(context, spec, features, rows),
            (false, false) => Boosted(context, spec, features),
            (false, true) => BoostedNumbers(context, spec, features),
        };
        if (encoding.Width == 0)
        {
            return Trained(terms);
        }

        // Terms are of one scale already, and most of them have to stay zero.
        IEstimator<ITransformer>? prepared = isLinear ? context.Transforms.NormalizeMeanVariance(numbers, fixZero: false, maximumExampleCount: long.MaxValue) : null;
        if (encoding.TermWidth > 0)
        {
            const string both = "Both";
            IEstimator<ITransformer> joined = context.Transforms.Concatenate(both, numbers, terms);
            return (prepared is null ? joined : prepared.Append(joined)).Append(Trained(both));
        }

        return prepared is null ? Trained(numbers) : prepared.Append(Trained(numbers));
    }

    private static LbfgsMaximumEntropyMulticlassTrainer Linear(MLContext context, TrainerSpec spec, string features) =>
        context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            FeatureColumnName = features,
            L1Regularization = (float)spec["l1"],
            L2Regularization = (float)spec["l2"],
            MaximumNumberOfIterations = (int)spec["iterations"],
            OptimizationTolerance = (float)spec["tolerance"],
            NumberOfThreads = 1,
        });

    private static LightGbmMulticlassTrainer Boosted(MLContext context, TrainerSpec spec, string features) =>
        context.MulticlassClassification.Trainers.LightGbm(new LightGbmMulticlassTrainer.Options
        {
            FeatureColumnName = features,
            NumberOfIterations = (int)spec["rounds"],
            NumberOfLeaves = (int)spec["leaves"],
            LearningRate = spec["learning_rate"],
            MinimumExampleCountPerLeaf = (int)spec["min_rows_per_leaf"],
            Seed = (int)spec["seed"],
            UseSoftmax = true,
            Deterministic = true,
            NumberOfThreads = 1,
        });

    /// <summary>ML.NET minimises the mean of squared errors plus half the penalty times the squared weights; ridge regression is stated by their sums.</summary>
    private static SdcaRegressionTrainer Ridge(MLContext context, TrainerSpec spec, string features, int rows) =>
        context.Regression.Trainers.Sdca(new SdcaRegressionTrainer.Options
        {
            FeatureColumnName = features,
            LabelColumnName = nameof(EncodedRow.Target),
            L1Regularization = (float)(2 * spec["l1"] / rows),
            L2Regularization = (float)Math.Max(2 * spec["l2"] / rows, LeastPenalty),
            MaximumNumberOfIterations = (int)spec["iterations"],
            ConvergenceTolerance = (float)spec["tolerance"],
            NumberOfThreads = 1,
        });

    private static LightGbmRegressionTrainer BoostedNumbers(MLContext context, TrainerSpec spec, string features) =>
        context.Regression.Trainers.LightGbm(new LightGbmRegressionTrainer.Options
        {
            FeatureColumnName = features,
            LabelColumnName = nameof(EncodedRow.Target),
            NumberOfIterations = (int)spec["rounds"],
            NumberOfLeaves = (int)spec["leaves"],
            LearningRate = spec["learning_rate"],
            MinimumExampleCountPerLeaf = (int)spec["min_rows_per_leaf"],
            Seed = (int)spec["seed"],
            Deterministic = true,
            NumberOfThreads = 1,
        });
}
