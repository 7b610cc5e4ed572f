using System.Collections.Immutable;

namespace Orchestrator.Core.Metrics;

/// <summary>The columns of a prepared relation: what reductions may refer to.</summary>
/// <remarks>
/// The relation is a table with the author's feature columns under their own names and these prepared ones: <c>@id</c>, <c>@label</c>, <c>@prediction</c> (text; of a regression double),
/// <c>@latency</c> (seconds), <c>@error</c> (truth), <c>@version</c> (text), <c>@e</c> (an embedding: a list of finite numbers of one length, null where the row has none), <c>@y0</c>, … (numbers of the serving system), <c>@p0</c>, <c>@p1</c>, … (probability of each class, null where one of them is not a probability) and <c>@s0</c>, <c>@s1</c>, …
/// (an enumeration: the predicate of the row's segment, such as <c>ink = 'q4'</c>; <c>@d0</c>, … likewise of what is only searched).
/// </remarks>
/// <param name="Table">Name of the table with the rows to reduce.</param>
/// <param name="Features">Feature columns; whether they hold floating point numbers decides whether NaN counts as missing.</param>
/// <param name="Classes">The label set in the order of the score columns.</param>
/// <param name="Positive">The positive class of a binary model.</param>
/// <param name="Segments">Names of the segments, in the order of their columns.</param>
/// <param name="Roles">Roles that the relation fills: id, label, time, prediction, scores, features, latency, reference, and those named below.</param>
public sealed record RelationShape(
    string Table,
    ImmutableArray<FeatureShape> Features,
    ImmutableArray<string> Classes,
    string? Positive,
    ImmutableArray<string> Segments,
    ImmutableSortedSet<string> Roles)
{
    /// <summary>Rows of the table.</summary>
    public long Rows { get; init; }

    /// <summary>What drift is measured against; absent where the dataset names none or it could not be read.</summary>
    public ReferenceShape? Reference { get; init; }

    /// <summary>The table with all rows, whatever the window; the same as <see cref="Table"/> where there is none.</summary>
    public string AllRows { get; init; } = Table;

    /// <summary>The instant of the measurement.</summary>
    public DateTimeOffset At { get; init; }

    public TimeSpan? Window { get; init; }

    /// <summary>When the version that serves was trained; absent where none serves.</summary>
    public DateTimeOffset? TrainedAt { get; init; }

    /// <summary>The author's columns about the serving system that hold numbers, in the order of their columns.</summary>
    public ImmutableArray<string> SystemColumns { get; init; } = [];

    /// <summary>What selects the parts of each segment, such as <c>ink = 'q4'</c>, in the order of their codes from 1.</summary>
    public ImmutableArray<ImmutableArray<string>> SegmentParts { get; init; } = [];

    /// <summary>Numbers of each embedding; 0 where there is none.</summary>
    public int EmbeddingWidth { get; init; }

    /// <summary>Names of the dimensions that only the search for segments looks at, in the order of their columns.</summary>
    public ImmutableArray<string> Slices { get; init; } = [];

    public const string Id = "@id";
    public const string Label = "@label";
    public const string Prediction = "@prediction";
    public const string Latency = "@latency";
    public const string Time = "@time";
    public const string Error = "@error";
    public const string Version = "@version";
    public const string Embedding = "@e";

    /// <summary>The role of rows that a serving system logged: predictions in production, or with a latency or an error.</summary>
    public const string PredictionLog = "prediction log";

    /// <summary>The role filled by latency or any number that the serving system logs.</summary>
    public const string OfSystem = "latency or a number of system";

    /// <summary>The role filled by anything in which rows can be near to each other.</summary>
    public const string Comparable = "features or an embedding";

    /// <summary>The role filled where a version of the model serves.</summary>
    public const string Champion = "champion";

    /// <summary>Roles of a regression, whose labels and predictions are numbers.</summary>
    public const string NumericLabel = "numeric label";

    /// <inheritdoc cref="NumericLabel"/>
    public const string NumericPrediction = "numeric prediction";

    /// <summary>Roles that classes and numbers fill alike.</summary>
    public const string AnyLabel = "label of any kind";

    /// <inheritdoc cref="AnyLabel"/>
    public const string AnyPrediction = "prediction of any kind";

    /// <summary>The role filled by the reference.</summary>
    public static string OfReference(string role) => $"{role} of the reference";

    /// <summary>Whether the role is no field of a monitor file but follows from several, or from elsewhere.</summary>
    public static bool IsDerived(string role) =>
        role is NumericLabel or NumericPrediction or AnyLabel or AnyPrediction or PredictionLog or OfSystem or Champion or Comparable || role.EndsWith(OfReference(""), StringComparison.Ordinal);

    /// <summary>The classes that have score columns: of a binary model only the positive one.</summary>
    public ImmutableArray<string> ScoredClasses => Positive is { } positive ? [positive] : Classes;

    public static string Score(int @class) => $"@p{@class}";

    public static string SystemColumn(int index) => $"@y{index}";

    public static string Segment(int index) => $"@s{index}";

    public static string Slice(int index) => $"@d{index}";
}

/// <summary>A feature column.</summary>
public sealed record FeatureShape(string Name, FeatureType Type)
{
    public bool IsNumeric => Type is FeatureType.WholeNumber or FeatureType.FloatingPoint;
}

/// <summary>The relation of the dataset that another one is compared with.</summary>
public sealed record ReferenceShape(string Name, RelationShape Shape);

/// <summary>What a feature's values are.</summary>
public enum FeatureType
{
    WholeNumber,
    FloatingPoint,
    Category,

    /// <summary>Free text: its terms are the features, its values are no categories.</summary>
    Text,
}
