using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Findings;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Findings;
using Orchestrator.Runtime.Revisions;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Fixes;

/// <summary>Prepares an opened fix: gathers evidence and blamed rows, predicts the effect, and proposes the plan made of them.</summary>
public sealed class FixPreparation(Database database, InForce revisions, EvidenceGathering gathering, FixPreview preview, FixRunner fixes, Clocks clocks) : IEffectHandler
{
    public const string KindName = "prepare";

    public string Kind => KindName;

    public static Effect Ask(string fixId, DateTimeOffset at) => new($"fix:{fixId}:prepare", KindName, fixId, "{}", at);

    public async Task<EffectOutcome> RunAsync(EffectAttempt attempt, CancellationToken cancellation)
    {
        var (fix, finding) = database.Read(connection =>
        {
            var found = FixStore.Find(connection, attempt.Effect.Owner)!;
            return (found, FindingStore.Find(connection, found.FindingId)!);
        });
        if (revisions.Current is not { } revision || revision.Workflow(fix.Terms.Workflow) is not { CanStart: true } definition)
        {
            return Fail(fix, $"the workflow {fix.Terms.Workflow} is not in the revision in force any more");
        }

        if (revision.Groups.FirstOrDefault(group => group.Name == finding.Group)?.Rules.OfType<Rule.Alerting>().FirstOrDefault(rule => rule.Name == finding.Rule)
            is not { Then: { } then })
        {
            return Fail(fix, $"the rule {finding.Rule} asks for no fix any more");
        }

        var inputs = WorkflowInputs.Bind(definition, then.InputsFor(new TemplateData(finding.Labels, finding.Value)));
        if (!inputs.Problems.IsEmpty)
        {
            return Fail(fix, string.Join("; ", inputs.Problems));
        }

        try
        {
            var planned = await PlanAsync((revision, definition, then.Preview), (fix, finding), inputs.Values, cancellation).ConfigureAwait(false);
            return Propose(fix, planned, then.Limits);
        }
        catch (DatasetException error)
        {
            return Fail(fix, error.Message);
        }
    }

    private EffectOutcome.Done Propose(Fix fix, (FixPlan Plan, long Rows) planned, FixBounds limits)
    {
        var (plan, rows) = planned;
        if (limits.MaxRowsShare is { } share && plan.Limits.CandidateRows > share * rows)
        {
            return Fail(fix, FormattableString.Invariant(
                $"it could change {plan.Limits.CandidateRows} of {rows} rows of {plan.Limits.Dataset}, more than the {share * 100:0.##} % of the rule's max_rows_per_fix"));
        }

        plan = limits.MaxRowsShare is { } most ? (plan with { Limits = plan.Limits with { MaxRows = (int)Math.Min(int.MaxValue, Math.Floor(most * rows)) } }).Sealed() : plan;
        return new EffectOutcome.Done(
            Json.Write(new { plan.Sha256 }),
            transaction => fixes.Handle(transaction, fix.Id, new FixCommand.Propose(plan, "rule") { At = clocks.Now }, "rule"));
    }

    public void GiveUp(Transaction transaction, Effect effect, string reason) =>
        fixes.Handle(transaction, effect.Owner, new FixCommand.WorkflowFailed($"it could not be prepared: {reason}") { At = clocks.Now }, "system");

    private async Task<(FixPlan Plan, long Rows)> PlanAsync(
        (LoadedRevision Revision, WorkflowDefinition Definition, bool Preview) authored,
        (Fix Fix, Finding Finding) subject,
        ImmutableSortedDictionary<string, JsonElement> inputs,
        CancellationToken cancellation)
    {
        var (revision, definition, isPreviewed) = authored;
        var (fix, finding) = subject;
        var dataset = Text(inputs, "dataset") ?? finding.Labels["dataset"];
        var budget = inputs.TryGetValue("label_budget", out var given) && given.TryGetInt32(out var number) ? number : (int?)null;
        var ranks = definition.Activities.Values.Any(activity => activity.Type == "Orchestrator.FindSuspects");
        var gathered = await gathering.GatherAsync(revision, new EvidenceRequest(finding, dataset, ranks ? Text(inputs, "segment") : null, ranks ? budget : null), cancellation).ConfigureAwait(false);
        var predicted = isPreviewed
            ? await preview.PredictAsync(new PreviewRequest(revision, definition, inputs, dataset, gathered.Candidates), cancellation).ConfigureAwait(false)
            : FixPreview.Not("the rule does without (preview: false)");
        var touched = ranks ? gathered.Candidates.Length : budget ?? predicted.Trial?.Changes ?? 0;
        var plan = new FixPlan(
            finding.Id,
            fix.Rule,
            revision.Id,
            definition.Write(),
            WorkflowProjection.Canonical(definition),
            inputs,
            gathered.Evidence,
            new PatchLimits(dataset.Length > 0 ? dataset : null, Operations(definition), touched, budget),
            predicted,
            UndoText(definition)).Sealed();
        return (plan, gathered.Rows);
    }

    /// <summary>What the definition does to rows: the operations that its rebuilding activities state.</summary>
    internal static ImmutableArray<string> Operations(WorkflowDefinition definition) =>
    [
        .. definition.Activities.Values.Where(activity => activity.Type == "Orchestrator.RebuildDataset")
            .Select(activity => activity.Inputs.GetValueOrDefault("Operation") is InputValue.Constant { Value: var value } ? value.GetString() ?? "relabel" : "relabel")
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>What undoing would do, told by the activities that can be undone.</summary>
    internal static string UndoText(WorkflowDefinition definition)
    {
        var undoable = definition.Activities.Values.Where(activity => activity.Descriptor?.HasCompensation == true)
            .Select(activity => activity.DisplayName).Order(StringComparer.Ordinal).ToList();
        return undoable.Count == 0 ? "it changes nothing that could be undone" : $"last first: {string.Join(", ", undoable)}";
    }

    private EffectOutcome.Done Fail(Fix fix, string reason) => new(
        Json.Write(reason),
        transaction => fixes.Handle(transaction, fix.Id, new FixCommand.WorkflowFailed(reason) { At = clocks.Now }, "system"));

    private static string? Text(ImmutableSortedDictionary<string, JsonElement> inputs, string name) =>
        inputs.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
