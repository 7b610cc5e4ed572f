using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Metrics.Segments;

namespace Orchestrator.Core.Monitors;

/// <summary>A <c>NAME.monitor.yaml</c>: what to measure about one model, on which datasets, when.</summary>
/// <param name="Model">Absent before a model exists.</param>
/// <param name="Datasets">In the order of the file.</param>
/// <param name="MinRows">Fewer rows give no number.</param>
/// <param name="Source">The file it was read from, to locate what checks find later.</param>
public sealed record MonitorFile(
    string Name,
    string? Model,
    MonitorSchedule Schedule,
    ImmutableArray<DatasetSpec> Datasets,
    ImmutableArray<SegmentSpec> Segments,
    ImmutableArray<MetricSpec> Metrics,
    int MinRows,
    YamlFile Source)
{
    /// <summary>The families that a monitor may name instead of single metrics.</summary>
    public static readonly ImmutableArray<string> Families = ["data", "drift", "model", "system", "joint", "segments"];

    /// <summary>How segments are searched where the family <c>segments</c> is asked for.</summary>
    public SegmentSearchOptions SegmentSearch { get; init; } = SegmentSearchOptions.Default;

    /// <summary>The parameters of some metrics: those of their own entries, and of the family where an entry of their own does not say otherwise.</summary>
    public ImmutableSortedDictionary<string, JsonElement> ParametersOf(ImmutableArray<Metric> metrics)
    {
        var names = metrics.Select(metric => metric.Name).ToHashSet(StringComparer.Ordinal);
        var taken = metrics.SelectMany(metric => metric.Parameters).Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        return Metrics
            .Where(spec => !spec.Parameters.IsEmpty && MetricCatalog.Named(spec.Name).Any(metric => names.Contains(metric.Name)))
            .OrderByDescending(spec => spec.IsFamily)
            .SelectMany(spec => spec.Parameters.Where(parameter => taken.Contains(parameter.Key)))
            .Aggregate(ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal), (all, parameter) => all.SetItem(parameter.Key, parameter.Value));
    }

    public static Parsed<MonitorFile> Read(string path, string text) => MonitorReader.Read(path, text);
}

/// <summary>What a dataset is used for.</summary>
public enum DatasetSplit
{
    Train,
    Test,
    Production,
    Pool,
}

/// <summary>A named source of rows.</summary>
/// <param name="Window">The newest rows by time, ending at the scheduled instant; all where absent.</param>
/// <param name="Reference">The dataset that drift and segment edges are measured against.</param>
/// <param name="Labels">Where labels come from another place than the rows.</param>
public sealed record DatasetSpec(
    string Name, DataLocation From, DatasetSplit Split, TimeSpan? Window, string? Reference, ColumnRoles Roles, LabelJoin? Labels)
{
    /// <summary>The dataset as its versions hold it: labels that come from another place are a column of the rows, which are those of the window.</summary>
    public DatasetSpec AsVersion => Labels is { } join ? this with { Labels = null, Window = null, Roles = Roles with { Label = join.Label } } : this;
}

/// <summary>Where rows are: files or a query of a connection that the operator named, or pushed.</summary>
public abstract record DataLocation
{
    private DataLocation(string connection) => Connection = connection;

    public string Connection { get; }

    /// <param name="Path">Relative to the connection's folder; <c>*</c> and <c>?</c> match within a name.</param>
    public sealed record Files(string Connection, string Path) : DataLocation(Connection);

    /// <summary>Rows come over the API, batch by batch.</summary>
    public sealed record Push() : DataLocation("");

    /// <param name="Sql"><c>:from</c> and <c>:to</c> stand for the window's ends.</param>
    public sealed record Query(string Connection, string Sql) : DataLocation(Connection);
}

/// <summary>Labels that arrive apart from their rows.</summary>
/// <param name="Join">The column that both sides share.</param>
/// <param name="Label">The column with the label.</param>
/// <param name="Time">The column with the instant at which the label became known.</param>
/// <param name="Delay">How long labels take; younger rows are not counted as unlabelled.</param>
public sealed record LabelJoin(DataLocation From, string Join, string Label, string? Time, TimeSpan Delay);

/// <summary>What the columns of a dataset are; patterns match column names with <c>*</c>.</summary>
/// <param name="Features">Patterns; empty means every column without a role.</param>
/// <param name="System">Columns about the serving system, such as a queue's length.</param>
/// <param name="Ignore">Columns that are never read as features.</param>
/// <param name="Embedding">The column of an embedding, a list of numbers, or a pattern of its columns, in the order of the file.</param>
public sealed record ColumnRoles(
    string? Id,
    string? Label,
    string? Time,
    string? Prediction,
    ScoreColumns? Scores,
    ImmutableArray<string> Features,
    string? ModelVersion,
    LatencyColumn? Latency,
    string? Error,
    ImmutableArray<string> System,
    ImmutableArray<string> Ignore,
    string? Text,
    string? Embedding,
    ImageColumns? Image);

/// <summary>Which columns hold the scores of which class.</summary>
public abstract record ScoreColumns
{
    private ScoreColumns()
    {
    }

    /// <summary>One column a class; what <c>*</c> stands for is the class.</summary>
    public sealed record Pattern(string Columns) : ScoreColumns;

    /// <summary>Column by class.</summary>
    public sealed record ByClass(ImmutableSortedDictionary<string, string> Columns) : ScoreColumns;
}

/// <summary>The unit of a latency column.</summary>
public enum LatencyUnit
{
    S,
    Ms,
    Us,
}

/// <summary>The column that says how long a prediction took.</summary>
public sealed record LatencyColumn(string Column, LatencyUnit Unit)
{
    /// <summary>Factor from the column's unit to seconds.</summary>
    public double Seconds => Unit switch { LatencyUnit.S => 1, LatencyUnit.Ms => 1e-3, _ => 1e-6 };
}

/// <summary>Grey values of an image, row by row.</summary>
/// <param name="Columns">Pattern of the columns.</param>
/// <param name="Width">Pixels in a row.</param>
public sealed record ImageColumns(string Columns, int Width);

/// <summary>A named partition of the rows; its parts are the segments that metrics are measured on.</summary>
public sealed record SegmentSpec(string Name, SegmentBy By);

/// <summary>How rows fall into segments.</summary>
public abstract record SegmentBy
{
    private SegmentBy(string column) => Column = column;

    public string Column { get; }

    /// <summary>One segment for each value.</summary>
    public sealed record Values(string Column) : SegmentBy(Column);

    /// <summary>Four segments; the edges come from the reference and stay.</summary>
    public sealed record Quartiles(string Column) : SegmentBy(Column);
}

/// <summary>A family of metrics or a single one, with parameters.</summary>
public sealed record MetricSpec(string Name, ImmutableSortedDictionary<string, JsonElement> Parameters)
{
    public bool IsFamily => MonitorFile.Families.Contains(Name);
}
