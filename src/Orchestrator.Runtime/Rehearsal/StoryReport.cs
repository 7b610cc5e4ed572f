using System.Collections.Immutable;
using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Models;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>What came of the stories, in figures; the shape of <c>report.json</c>.</summary>
public sealed record StoryReport(ImmutableArray<StoryResult> Stories, StoryCost Cost);

/// <summary>What the process that played needed.</summary>
/// <param name="Seconds">Wall time.</param>
/// <param name="ProcessorSeconds">Time of all processors since the process began.</param>
/// <param name="PeakMemoryBytes">The most memory that was resident at any time since the process began.</param>
public sealed record StoryCost(double Seconds, double ProcessorSeconds, long PeakMemoryBytes)
{
    public static StoryCost Now(TimeSpan elapsed)
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return new(Math.Round(elapsed.TotalSeconds, 1), Math.Round(process.TotalProcessorTime.TotalSeconds, 1), process.PeakWorkingSet64);
    }
}

/// <summary>The figures of one story.</summary>
/// <param name="Metric">What is compared: on the rows that arrived in production, with their right labels; where the scenario says when the world
/// changes, on those that arrived from then on and that no compared version was trained on.</param>
/// <param name="Before">Of the version that served when the first finding was opened.</param>
/// <param name="After">Of the version that serves at the end.</param>
/// <param name="Ceiling">The best that could be reached: by a version trained once on the right labels, or, before the world changed, by what served then;
/// null where the scenario asks for neither.</param>
/// <param name="LabelsAsked">Label tasks that people were given.</param>
/// <param name="Segment">The segment that the first plan blames.</param>
/// <param name="RolledBack">Whether any promotion was taken back.</param>
/// <param name="Seconds">Wall time of the story; stories that are played side by side take the same.</param>
public sealed record StoryResult(
    string Name,
    string Metric,
    double? Before,
    double? After,
    double? Ceiling,
    int LabelsAsked,
    SuspectQuality? Suspects,
    string? Segment,
    ImmutableArray<StoryFix> Fixes,
    ImmutableArray<StoryModel> Models,
    bool RolledBack,
    double Seconds)
{
    /// <summary>Share of the loss that was regained, 1 at the ceiling; null where there is no ceiling or no loss.</summary>
    public double? GapClosed => Before is { } before && After is { } after && Ceiling is { } ceiling && GateMetric.Gain(Metric, before, ceiling) is > 0 and var loss
        ? GateMetric.Gain(Metric, before, after) / loss
        : null;

    public required ImmutableArray<StoryFinding> Findings { get; init; }

    /// <summary>Rows that the metric was measured on.</summary>
    public int Rows { get; init; }

    /// <summary>When the world became another; null where it stays as it is.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>How long predictions took; null where the prediction log does not say so, or the world stays as it is.</summary>
    public StoryLatency? Latency { get; init; }

    /// <summary>Every change of what serves, oldest first.</summary>
    public ImmutableArray<ChampionMove> Moves { get; init; } = [];
}

/// <summary>The 95th percentile of the time that predictions took, in seconds, as the prediction log has it.</summary>
/// <param name="Before">Of what served when the first finding was opened, from the change of the world on.</param>
/// <param name="After">From the last change of what serves on.</param>
/// <param name="Ceiling">Before the world changed.</param>
public sealed record StoryLatency(double? Before, double? After, double? Ceiling);

/// <summary>How right the search for wrong labels was, judged by the truth.</summary>
/// <param name="Precision">Of the rows that confident learning flags, the share whose label is wrong.</param>
/// <param name="Recall">Of the rows whose label is wrong, the share that people were asked about.</param>
public sealed record SuspectQuality(double Precision, double Recall);

/// <summary>A fix and the way that it went.</summary>
/// <param name="States">The states that the fix went through, in order.</param>
public sealed record StoryFix(string Id, string Rule, string Workflow, ImmutableArray<string> States, string? ApprovedBy, string? Reason)
{
    public required DateTimeOffset OpenedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>A finding and its end.</summary>
public sealed record StoryFinding(string Id, string Rule, string State, string? Resolution)
{
    public required DateTimeOffset OpenedAt { get; init; }
}

/// <summary>A version of the model.</summary>
/// <param name="ServedFrom">When it became champion; null where it never did.</param>
public sealed record StoryModel(string Version, string Digest, DateTimeOffset? ServedFrom, bool Champion);
