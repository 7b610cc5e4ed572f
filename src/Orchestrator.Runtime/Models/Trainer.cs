using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Orchestrator.Core.Metrics.Texts;

namespace Orchestrator.Runtime.Models;

/// <summary>Trains a model in the box; the same rows in any order give the same artifact, byte for byte.</summary>
public static class Trainer
{
    /// <summary>The artifact's bytes; throws <see cref="TrainingException"/> where nothing can be learned from the rows.</summary>
    public static byte[] Train(TrainerSpec spec, FeatureRows rows, CancellationToken cancellation)
    {
        var labelled = Usable(rows);
        var (classes, target) = spec.IsRegression ? ([], TargetScale.Fit(Numbers(labelled))) : (Classes(labelled), (TargetScale?)null);
        var card = new ModelCard(spec.Name, spec.Parameters, classes, Encoding(spec, labelled)) { Target = target };
        var context = new MLContext(seed: 1);
        using var stop = cancellation.Register(() => CancelExecution(context));
        var view = EncodedRow.View(context, Encoded(labelled, card, cancellation), card.Encoding, classes.Length);
        try
        {
            var model = TrainerPipeline.Of(context, spec, card.Encoding, labelled.Count).Fit(view);
            return Artifact(context, model, view.Schema, card);
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

    private static IEnumerable<double> Numbers(FeatureRows rows) =>
        rows.Labels.Select((label, row) => ScoredNumbers.Number(label) ?? throw ScoredNumbers.NoLabel(label, rows.Ids[row]));

    private static EncodedRow[] Encoded(FeatureRows rows, ModelCard card, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var encoded = card.Encoding.Encode(rows);
        for (var row = 0; row < encoded.Length; row++)
        {
            var label = rows.Labels[row]!;
            encoded[row].Label = card.Target is null ? (uint)card.Classes.BinarySearch(label, StringComparer.Ordinal) : 0;
            encoded[row].Target = card.Target?.Learned(ScoredNumbers.Number(label)!.Value) ?? 0;
        }

        return encoded;
    }

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
