using System.Collections.Immutable;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Models;

/// <summary>The algorithms that train in the box.</summary>
public enum Algorithm
{
    /// <summary>Multinomial logistic regression (L-BFGS) on standardised features; with two classes it is logistic regression, of numbers ridge regression.</summary>
    Linear,

    /// <summary>Gradient boosted trees (LightGBM).</summary>
    Boosted,
}

/// <summary>Which algorithm trains, with its parameters; one that is not given takes the algorithm's own value.</summary>
public sealed record TrainerSpec(Algorithm Algorithm, ImmutableSortedDictionary<string, double> Parameters)
{
    /// <summary>What becomes of a column with the role "text".</summary>
    private static readonly ImmutableArray<TrainerParameter> Texts =
    [
        new("word_ngrams", 1, 1, 5, Whole: true), new("char_ngrams", 0, 0, 8, Whole: true),
        new("min_rows_per_term", 2, 1, 1e9, Whole: true), new("max_terms", 500_000, 1, 1e7, Whole: true),
    ];

    private static readonly ImmutableArray<TrainerParameter> Linear =
    [
        new("l1", 0, 0, 1e6), new("l2", 1, 0, 1e6), new("iterations", 200, 1, 1e6, Whole: true), new("tolerance", 1e-7, 1e-15, 1), .. Texts,
    ];

    private static readonly ImmutableArray<TrainerParameter> Boosted =
    [
        new("rounds", 100, 1, 1e6, Whole: true), new("leaves", 31, 2, 1e5, Whole: true), new("learning_rate", 0.1, 1e-6, 1),
        new("min_rows_per_leaf", 20, 1, 1e9, Whole: true), new("seed", 1, 0, int.MaxValue, Whole: true), .. Texts,
    ];

    /// <summary>Reads the <c>parameters</c> of a model file: <c>trainer</c> and its numbers; throws <see cref="TrainingException"/> on one that is not allowed.</summary>
    public static TrainerSpec Read(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var given = parameters.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        var spec = Of(given.Remove("trainer", out var name) ? Named(name) : Algorithm.Linear);
        return given.Aggregate(spec, (all, pair) => all with { Parameters = all.Parameters.SetItem(pair.Key, spec.Known(pair.Key).Read(pair.Value)) });
    }

    /// <summary>The trainer that a model file asks for.</summary>
    public static TrainerSpec Read(Training training, ModelTask task) =>
        Read(training.Parameters.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString()))) with { IsRegression = task is ModelTask.Regression };

    public static TrainerSpec Of(Algorithm algorithm) => new(
        algorithm, Allowed(algorithm).ToImmutableSortedDictionary(parameter => parameter.Name, parameter => parameter.Value, StringComparer.Ordinal));

    /// <summary>Whether numbers are learned rather than classes.</summary>
    public bool IsRegression { get; init; }

    /// <summary>The algorithm as model files name it.</summary>
    public string Name => Algorithm == Algorithm.Linear ? "linear" : "boosted";

    public double this[string parameter] => Parameters[parameter];

    private static ImmutableArray<TrainerParameter> Allowed(Algorithm algorithm) => algorithm == Algorithm.Linear ? Linear : Boosted;

    private static Algorithm Named(string name) => name switch
    {
        "linear" => Algorithm.Linear,
        "boosted" => Algorithm.Boosted,
        _ => throw new TrainingException("TRAIN001", $"unknown trainer \"{name}\"", "allowed: linear, boosted"),
    };

    private TrainerParameter Known(string name)
    {
        var allowed = Allowed(Algorithm);
        return allowed.FirstOrDefault(parameter => parameter.Name == name)
            ?? throw new TrainingException("TRAIN002", $"unknown parameter \"{name}\" of {Name}", Suggest(name, [.. allowed.Select(parameter => parameter.Name)]));
    }

    private static string Suggest(string name, ImmutableArray<string> allowed)
    {
        var list = $"allowed: trainer, {string.Join(", ", allowed)}";
        return Nearest.To(name, allowed) is { } nearest ? $"{list}; did you mean {nearest}?" : list;
    }
}
