using System.Collections.Immutable;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Orchestrator.Runtime.Models;

/// <summary>A trained model, loaded from its artifact.</summary>
public sealed class Scorer
{
    private readonly MLContext _context = new(seed: 1);
    private readonly ITransformer _model;
    private readonly ModelCard _card;

    private Scorer(byte[] artifact)
    {
        _card = ModelCard.Read(ArtifactZip.Read(artifact, ModelCard.Entry));
        _model = _context.Model.Load(new MemoryStream(artifact), out _);
    }

    /// <summary>The classes in the order of <see cref="Probabilities"/>; empty where the model predicts numbers.</summary>
    public ImmutableArray<string> Classes => _card.Classes;

    public ModelCard Card => _card;

    public static Scorer Load(byte[] artifact) => new(artifact);

    /// <summary>One probability a class for each row, in the order of the rows; throws <see cref="TrainingException"/> where a column is missing.</summary>
    public float[][] Probabilities(FeatureRows rows)
    {
        var view = EncodedRow.View(_context, _card.Encoding.Encode(rows), _card.Encoding, Classes.Length);
        return [.. _context.Data.CreateEnumerable<ScoredRow>(_model.Transform(view), reuseRowObject: false).Select(row => row.Score)];
    }

    /// <summary>The number that the model predicts for each row; throws <see cref="TrainingException"/> where a column is missing.</summary>
    public double[] Numbers(FeatureRows rows)
    {
        var target = _card.Target ?? throw new TrainingException("TRAIN015", "the model predicts classes", $"they are {string.Join(", ", Classes)}");
        var view = EncodedRow.View(_context, _card.Encoding.Encode(rows), _card.Encoding, classes: 0);
        return [.. _context.Data.CreateEnumerable<PredictedRow>(_model.Transform(view), reuseRowObject: false).Select(row => target.Label(row.Score))];
    }

    /// <summary>What the model says of the rows, as any other way of scoring tells it.</summary>
    public ModelScores Score(FeatureRows rows) => _card.Target is null
        ? new(Classes, [.. Probabilities(rows).Select(scores => Array.ConvertAll(scores, score => (double)score))], null)
        : new(Classes, [], null) { Predictions = [.. Numbers(rows).Select(number => number.ToString("R", CultureInfo.InvariantCulture))] };

    /// <summary>The class with the highest probability; the first of equal ones.</summary>
    public string Prediction(float[] probabilities) => Classes[Array.IndexOf(probabilities, probabilities.Max())];
}
