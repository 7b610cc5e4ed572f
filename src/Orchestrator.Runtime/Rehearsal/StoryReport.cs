using System.Collections.Immutable;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>What came of a story, in figures; the shape of <c>report.json</c>.</summary>
public sealed record StoryReport(ImmutableArray<StoryResult> Stories);

/// <summary>The figures of one story.</summary>
/// <param name="Metric">What is compared: accuracy on all rows that arrived in production, with their right labels.</param>
/// <param name="Before">Of the first version that served.</param>
/// <param name="After">Of the version that serves at the end.</param>
/// <param name="Ceiling">Of a version trained once on the right labels; null where the scenario asks for none.</param>
/// <param name="LabelsAsked">Label tasks that people were given.</param>
/// <param name="Segment">The segment that the first plan blames.</param>
/// <param name="RolledBack">Whether any promotion was taken back.</param>
/// <param name="Seconds">Wall time of the story.</param>
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
    public double? GapClosed => Ceiling > Before ? (After - Before) / (Ceiling - Before) : null;

    public required ImmutableArray<StoryFinding> Findings { get; init; }
}

/// <summary>How right the search for wrong labels was, judged by the truth.</summary>
/// <param name="Precision">Of the rows that confident learning flags, the share whose label is wrong.</param>
/// <param name="Recall">Of the rows whose label is wrong, the share that people were asked about.</param>
public sealed record SuspectQuality(double Precision, double Recall);

/// <summary>A fix and the way that it went.</summary>
/// <param name="States">The states that the fix went through, in order.</param>
public sealed record StoryFix(string Id, string Rule, string Workflow, ImmutableArray<string> States, string? ApprovedBy, string? Reason);

/// <summary>A finding and its end.</summary>
public sealed record StoryFinding(string Id, string Rule, string State, string? Resolution);

/// <summary>A version of the model.</summary>
/// <param name="ServedFrom">When it became champion; null where it never did.</param>
public sealed record StoryModel(string Version, string Digest, DateTimeOffset? ServedFrom, bool Champion);
