using System.Collections.Immutable;
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

    /// <summary>The classes in the order of <see cref="Probabilities"/>.</summary>
    public ImmutableArray<string> Classes => _card.Classes;

    public ModelCard Card => _card;

    public static Scorer Load(byte[] artifact) => new(artifact);

    /// <summary>One probability a class for each row, in the order of the rows; throws <see cref="TrainingException"/> where a column is missing.</summary>
    public float[][] Probabilities(FeatureRows rows)
    {
        var view = EncodedRow.View(_context, _card.Encoding.Encode(rows), _card.Encoding, Classes.Length);
        return [.. _context.Data.CreateEnumerable<ScoredRow>(_model.Transform(view), reuseRowObject: false).Select(row => row.Score)];
    }

    /// <summary>What the model says of the rows, as any other way of scoring tells it.</summary>
    public ModelScores Score(FeatureRows rows) => new(Classes, [.. Probabilities(rows).Select(scores => Array.ConvertAll(scores, score => (double)score))], null);

    /// <summary>The class with the highest probability; the first of equal ones.</summary>
    public string Prediction(float[] probabilities) => Classes[Array.IndexOf(probabilities, probabilities.Max())];
}
