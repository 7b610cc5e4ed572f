using System.Collections.Immutable;
using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Rehearsal;

/// <summary>A <c>NAME.scenario.yaml</c>: what the world does while the system is rehearsed on its own history, or plays a story live.</summary>
/// <param name="Config">The operator's file, relative to this one.</param>
/// <param name="Rules">Folder of the rules, relative to this file; the operator's source where absent.</param>
/// <param name="Start">The domain clock at the beginning.</param>
/// <param name="Until">How long the story lasts.</param>
/// <param name="Source">The file it was read from; relative paths are relative to its folder.</param>
public sealed record ScenarioFile(
    string Name,
    string Config,
    string? Rules,
    DateTimeOffset Start,
    TimeSpan Until,
    ImmutableArray<Arrival> Arrivals,
    Labeler? Labeler,
    ImmutableArray<ApprovalHabit> Approvals,
    ImmutableArray<ScenarioEvent> Events,
    Ceiling? Ceiling,
    YamlFile Source)
{
    /// <summary>When the world becomes another, counted from the start: figures are of the rows that arrive from then on. Null where it stays as it is.</summary>
    public TimeSpan? ChangesAt { get; init; }

    public static Parsed<ScenarioFile> Read(string path, string text) => ScenarioReader.Read(path, text);
}

/// <summary>Files that a dataset comes to see.</summary>
/// <param name="Files">A path or a pattern with <c>*</c>; of a pattern, one file arrives each time, in the order of the names.</param>
/// <param name="At">When the first one arrives, counted from the start.</param>
/// <param name="Every">Time between the files of a pattern; null where one file arrives once.</param>
/// <param name="Serve">The champion of that time scores the rows, as a deployment that logs its predictions would.</param>
/// <param name="Labels">Labels of the rows, which arrive later; null where none do.</param>
public sealed record Arrival(string Dataset, string Files, TimeSpan At, TimeSpan? Every, bool Serve, LateLabels? Labels);

/// <summary>Labels that become known some time after their rows.</summary>
/// <param name="File">Holds them for all rows of the arrival.</param>
public sealed record LateLabels(string File, TimeSpan After);

/// <summary>Answers label tasks from a file that the system never sees.</summary>
/// <param name="ErrorRate">Share of answers that are wrong, 0 to 1.</param>
public sealed record Labeler(string Truth, string Id, string Label, double ErrorRate);

/// <summary>Who approves, and how long after a fix was proposed.</summary>
/// <param name="Rules">The rules whose fixes; all where empty.</param>
public sealed record ApprovalHabit(string By, TimeSpan After, ImmutableArray<string> Rules)
{
    public const string All = "all";

    public bool IsFor(string rule) => Rules.IsEmpty || Rules.Contains(rule);
}

/// <summary>Something that people do at a time of the story.</summary>
public abstract record ScenarioEvent
{
    private ScenarioEvent(TimeSpan at) => At = at;

    public TimeSpan At { get; }

    /// <summary>Trains the model on the data of the time and promotes it, as people do with a first version.</summary>
    public sealed record Train(TimeSpan At, string Model) : ScenarioEvent(At);

    /// <summary>Promotes a version by hand, past every gate.</summary>
    /// <param name="Latency">How long its predictions take; as long as those of other versions where null.</param>
    public sealed record Promote(TimeSpan At, string Model, ReleaseSource From, TimeSpan? Latency) : ScenarioEvent(At);
}

/// <summary>Where a version that is promoted by hand comes from.</summary>
public abstract record ReleaseSource
{
    private ReleaseSource(string file) => File = file;

    /// <summary>Relative to the scenario.</summary>
    public string File { get; }

    /// <summary>An artifact that was trained elsewhere.</summary>
    public sealed record Artifact(string Path) : ReleaseSource(Path);

    /// <summary>Labelled rows, on which the model's own trainer is let loose.</summary>
    public sealed record Rows(string Path) : ReleaseSource(Path);
}

/// <summary>The best that could be reached, for the report only: a model trained once on the truth.</summary>
public sealed record Ceiling(string Labels);
