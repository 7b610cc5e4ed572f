using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Monitors;

/// <summary>A <c>NAME.model.yaml</c>: what a model predicts, how it is trained, scored, evaluated, gated and deployed.</summary>
/// <param name="Source">The file it was read from, to locate what checks find later.</param>
public sealed record ModelFile(
    string Name,
    ModelTask Task,
    LabelSource Labels,
    Training? Train,
    Scoring? Score,
    EvaluationSet? Evaluate,
    GateConditions Gate,
    string Registry,
    Deployment? Deploy,
    YamlFile Source)
{
    public static Parsed<ModelFile> Read(string path, string text) => ModelReader.Read(path, text);
}

/// <summary>What a model predicts.</summary>
public abstract record ModelTask
{
    private ModelTask()
    {
    }

    /// <summary>Two classes; a row is positive where its score is at least the threshold.</summary>
    public sealed record Binary(string Positive, double Threshold) : ModelTask;

    /// <summary>One of several classes.</summary>
    /// <param name="Classes">The label set in the author's order; empty where the reference tells.</param>
    public sealed record Multiclass(ImmutableArray<string> Classes) : ModelTask;

    /// <summary>A number.</summary>
    public sealed record Regression : ModelTask;
}

/// <summary>Where labels come from: the outcome arrives later, or people assign it.</summary>
public enum LabelOrigin
{
    Observed,
    Human,
}

/// <summary>How labels of a model come about.</summary>
/// <param name="ClassesFile">A file beside the model's with the classes that people choose from, one a line; null where the task states them.</param>
/// <param name="Overlap">Different people who label each row.</param>
/// <param name="Show">Columns shown to the person who labels.</param>
public sealed record LabelSource(LabelOrigin Origin, string? ClassesFile, int Overlap, ImmutableArray<string> Show);

/// <summary>How a model is trained.</summary>
/// <param name="Runner"><c>mlnet</c>, or a runner that the operator named.</param>
public sealed record Training(string Runner, string Dataset, ImmutableSortedDictionary<string, JsonElement> Parameters, TimeSpan? Timeout, long? MemoryBytes)
{
    /// <summary>The trainer in the box.</summary>
    public const string InTheBox = "mlnet";
}

/// <summary>What scores rows with a version of the model.</summary>
public sealed record Scoring(string Runner);

/// <summary>The rows on which versions of the model are compared.</summary>
/// <param name="Window">The newest rows by time; all where absent.</param>
public sealed record EvaluationSet(string Dataset, TimeSpan? Window, Holdout? Holdout);

/// <summary>A share of the rows, chosen by the values of a column, that is never trained on.</summary>
public sealed record Holdout(string By, double Share);

/// <summary>What a challenger must meet to be promoted.</summary>
/// <param name="Metric">The compared metric; absent where the file states no gate.</param>
/// <param name="MinGain">The least gain of the metric over the champion; 0 asks for any gain, a negative one allows a loss.</param>
/// <param name="MaxSegmentLoss">The greatest loss of the metric in any segment.</param>
/// <param name="MaxLatencyGain">The greatest growth of latency as a ratio of the champion's.</param>
public sealed record GateConditions(string? Metric, double MinGain, double? MaxSegmentLoss, double? MaxLatencyGain);

/// <summary>How serving learns of a new champion.</summary>
/// <param name="ConfirmWithin">The time in which the new version must show in the prediction log.</param>
public sealed record Deployment(string Hook, TimeSpan? ConfirmWithin);
