using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.LightGbm;
using Orchestrator.Core.Metrics.Texts;

namespace Orchestrator.Runtime.Models;

/// <summary>Trains a classifier in the box; the same rows in any order give the same artifact, byte for byte.</summary>
public static class Trainer
{
    /// <summary>The artifact's bytes; throws <see cref="TrainingException"/> where the rows cannot train a classifier.</summary>
    public static byte[] Train(TrainerSpec spec, FeatureRows rows, CancellationToken cancellation)
    {
        var labelled = Usable(rows);
        var classes = Classes(labelled);
        var encoding = Encoding(spec, labelled);
        var context = new MLContext(seed: 1);
        using var stop = cancellation.Register(() => CancelExecution(context));
        var view = EncodedRow.View(context, Encoded(labelled, encoding, classes, cancellation), encoding, classes.Length);
        try
        {
            var model = Pipeline(context, spec, encoding).Fit(view);
            return Artifact(context, model, view.Schema, new ModelCard(spec.Name, spec.Parameters, classes, encoding));
        }
        catch (Exception error) when (error is OperationCanceledException or InvalidOperationException or ArgumentException)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new TrainingException("TRAIN007", $"{spec.Name} could not train on {labelled.Count} rows: {error.Message}");
        }
    }

    private static FeatureRows Usable(FeatureRows rows)
    {
        var ordered = rows.OrderedById();
        RefuseDuplicates(ordered.Ids);
        var labelled = ordered.At([.. Enumerable.Range(0, ordered.Count).Where(row => ordered.Labels[row] is not null)]);
        if (labelled.Count == 0)
        {
            throw new TrainingException("TRAIN004", $"none of {rows.Count} rows has a label", "at least one labelled row of each class");
        }

        return labelled.Features.IsEmpty
            ? throw new TrainingException("TRAIN005", "the dataset has no feature column", "at least one number or category beside id and label")
            : labelled;
    }

    private static void RefuseDuplicates(ImmutableArray<string> ids)
    {
        for (var row = 1; row < ids.Length; row++)
        {
            if (ids[row] == ids[row - 1])
            {
                throw new TrainingException("TRAIN008", $"id \"{ids[row]}\" occurs more than once", "each row has an id of its own");
            }
        }
    }

    private static ImmutableArray<string> Classes(FeatureRows rows)
    {
        ImmutableArray<string> classes = [.. rows.Labels.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return classes.Length >= 2
            ? classes
            : throw new TrainingException("TRAIN006", $"all {rows.Count} rows have the label \"{classes[0]}\"", "at least two classes");
    }

    private static FeatureEncoding Encoding(TrainerSpec spec, FeatureRows rows)
    {
        var options = new TermOptions((int)spec["word_ngrams"], (int)spec["char_ngrams"], (int)spec["min_rows_per_term"], (int)spec["max_terms"]);
        var encoding = FeatureEncoding.Fit(rows, options);
        return encoding.Width + encoding.TermWidth > 0
            ? encoding
            : throw new TrainingException("TRAIN013", $"no term occurs in {options.LeastRows} of the {rows.Count} rows", "texts that share words, or a lower min_rows_per_term");
    }

    private static EncodedRow[] Encoded(FeatureRows rows, FeatureEncoding encoding, ImmutableArray<string> classes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var encoded = encoding.Encode(rows);
        for (var row = 0; row < encoded.Length; row++)
        {
            encoded[row].Label = (uint)classes.BinarySearch(rows.Labels[row]!, StringComparer.Ordinal);
        }

        return encoded;
    }

    private static IEstimator<ITransformer> Pipeline(MLContext context, TrainerSpec spec, FeatureEncoding encoding)
    {
        var isLinear = spec.Algorithm == Algorithm.Linear;
        var (numbers, terms) = (nameof(EncodedRow.Features), nameof(EncodedRow.Terms));
        IEstimator<ITransformer> Trained(string features) => isLinear ? Linear(context, spec, features) : Boosted(context, spec, features);
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

    /// <summary>ML.NET checks it in every iteration of both trainers; its public door is another package, Microsoft.ML.Experimental.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "CancelExecution")]
    private static extern void CancelExecution(MLContext context);

    private static byte[] Artifact(MLContext context, ITransformer model, DataViewSchema schema, ModelCard card)
    {
        using var zip = new MemoryStream();
        context.Model.Save(model, schema, zip);
        zip.Position = 0;
        return ArtifactZip.Normalise(zip, ModelCard.Entry, card.Write());
    }
}
