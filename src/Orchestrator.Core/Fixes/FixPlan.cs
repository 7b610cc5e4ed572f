using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orchestrator.Core.Findings;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Fixes;

/// <summary>The frozen content of a fix: what is wrong, what would be done about it, what it may touch, what it should give, how it is undone.</summary>
/// <param name="Definition">The workflow definition (Elsa 3 JSON), copied from the rule's revision: exactly this text runs.</param>
/// <param name="NormalisedDefinition">The part of the definition that has meaning, in canonical form; it enters the hash instead of the text.</param>
/// <param name="Inputs">Concrete inputs of the workflow, by name.</param>
/// <param name="Undo">How the change is undone, in words.</param>
public sealed record FixPlan(
    string FindingId,
    string Rule,
    string Revision,
    string Definition,
    string NormalisedDefinition,
    ImmutableSortedDictionary<string, JsonElement> Inputs,
    PlanEvidence Evidence,
    PatchLimits Limits,
    PredictedEffect Prediction,
    string Undo)
{
    /// <summary>Hash of what the plan would do, in lower-case hexadecimal: evidence wording and designer metadata do not enter it.</summary>
    [JsonInclude]
    public string Sha256 { get; private init; } = "";

    /// <summary>The same plan with its hash computed.</summary>
    public FixPlan Sealed()
    {
        var projection = new SortedDictionary<string, object?>(StringComparer.Ordinal)
        {
            ["base"] = Evidence.BaseVersions,
            ["candidates"] = Evidence.Candidates,
            ["definition"] = NormalisedDefinition,
            ["finding"] = FindingId,
            ["inputs"] = Inputs,
            ["limits"] = Limits,
            ["revision"] = Revision,
            ["rule"] = Rule,
            ["segment"] = Evidence.Segment?.Predicate,
        };
        var text = JsonSerializer.Serialize(projection);
        return this with { Sha256 = Digest.Of(text) };
    }
}

/// <summary>What the plan was made from.</summary>
/// <param name="BaseVersions">Dataset versions by dataset; a plan whose base has moved is superseded.</param>
/// <param name="Candidates">Artifact with the ranked candidate rows; null where the fix blames no rows.</param>
public sealed record PlanEvidence(
    ImmutableArray<Evidence> Numbers, BlamedSegment? Segment, ImmutableSortedDictionary<string, string> BaseVersions, string? Candidates);

/// <summary>What the fix may change at most; for a relabel the actual patch is known only when the labels are in.</summary>
/// <param name="Operations">Allowed operations on rows, such as <c>relabel</c>.</param>
public sealed record PatchLimits(string? Dataset, ImmutableArray<string> Operations, int CandidateRows, int? LabelBudget)
{
    /// <summary>So many rows a rebuild may change at most, by the rule's max_rows_per_fix; null where it states none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxRows { get; init; }
}

/// <summary>The expected value of a metric after the fix, or why it was not computed.</summary>
/// <param name="Basis">What the estimate rests on, such as <c>suggested labels</c>.</param>
public sealed record PredictedEffect(string? Metric, double? Before, double? Expected, string Basis)
{
    /// <summary>What the gate would see, where the change was tried out beforehand.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FixTrial? Trial { get; init; }
}

/// <summary>A plan's change, tried out aside before anybody approves it: nothing of it is kept.</summary>
/// <param name="Changes">Rows that the patch changes.</param>
/// <param name="Rows">Rows that the changed dataset has.</param>
/// <param name="Evaluation">The champion and the version that was trained aside, overall and per segment.</param>
/// <param name="Gate">What the gate says of that.</param>
public sealed record FixTrial(int Changes, long Rows, ModelEvaluation Evaluation, GateDecision Gate);
