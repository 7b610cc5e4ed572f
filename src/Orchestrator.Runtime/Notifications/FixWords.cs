using Orchestrator.Core.Findings;
using Orchestrator.Core.Fixes;

namespace Orchestrator.Runtime.Notifications;

/// <summary>A fix in the words of messages.</summary>
internal static class FixWords
{
    public static string Named(Fix fix) => $"The fix {fix.Id} of the rule {fix.Rule}{(fix.Model is { } model ? $" for the model {model}" : "")}";

    public static string Proposal(Fix fix) => fix.State == FixState.Proposed
        ? $"{Named(fix)} waits for approval"
        : $"{Named(fix)} was proposed and approved by its rule";

    /// <summary>What people's labels would change, which waits for a second word.</summary>
    public static string PatchOf(Fix fix) => FormattableString.Invariant(
        $"{Named(fix)} has its labels: {fix.Patch!.Changes} of {fix.Patch.Answered} answered rows of {fix.Patch.Dataset} would change, and wait for approval");

    public static string Finding(string id, Finding? finding) => finding is { Summary.Length: > 0 } told ? $"{id}: {told.Summary}" : id;

    public static string? Segment(Fix fix) => fix.Plan?.Evidence.Segment is { } segment
        ? FormattableString.Invariant($"{segment.Predicate}: {segment.BlamedRows} of {segment.Rows} rows")
        : null;

    public static string? Expects(Fix fix) => fix.Plan?.Prediction switch
    {
        { Metric: { } metric, Before: { } before, Expected: { } expected } told => FormattableString.Invariant($"{metric} from {before:0.####} to {expected:0.####} ({told.Basis})"),
        { } told => told.Basis,
        null => null,
    };
}
