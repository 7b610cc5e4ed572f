using System.Collections.Immutable;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Storage;
using Orchestrator.Runtime.Workflows;

namespace Orchestrator.Runtime.Fixes;

/// <summary>Takes what a person repaired by himself as the next plan of a fix, which is approved, run, gated and verified as any other.</summary>
public sealed class FixHandover(Node node)
{
    /// <summary>The repaired rows of the fix's dataset. Throws <see cref="DatasetException"/> where the file cannot be taken.</summary>
    public async Task<FixDecision> DatasetAsync(string fixId, RepairedFile file, string by, CancellationToken cancellation)
    {
        var (fix, plan, refusal) = Open(fixId);
        if (refusal is not null)
        {
            return refusal;
        }

        var (model, version) = Repaired(fix, plan!);
        var patch = await PatchAsync(file, version, model, cancellation).ConfigureAwait(false);
        if (plan!.Limits.MaxRows is { } most && patch.Changes.Length > most)
        {
            throw new DatasetException($"{file.Name} changes {patch.Changes.Length} of {version.Manifest.Rows} rows of {version.Dataset}, more than the {most} of the rule's max_rows_per_fix");
        }

        var artifact = await node.Artifacts.PutTextAsync(patch.Write(), cancellation).ConfigureAwait(false);
        var next = With(plan, ShippedWorkflow.ApplyDataset, $"{by} repaired {version.Dataset}: {patch.Relabelled} rows relabelled, {patch.Dropped} left out, {patch.Added} added") with
        {
            Inputs = Values.Of(("model", model.Name), ("dataset", version.Dataset), ("patch", artifact), ("by", by)),
            Evidence = plan.Evidence with { BaseVersions = ImmutableSortedDictionary<string, string>.Empty.Add(version.Dataset, version.Id) },
            Limits = new PatchLimits(version.Dataset, Operations(patch), patch.Changes.Length, null) { MaxRows = plan.Limits.MaxRows },
        };
        return await ProposeAsync(fix, next, by, cancellation).ConfigureAwait(false);
    }

    /// <summary>A registered version of the fix's model. Throws <see cref="DatasetException"/> where there is no such version.</summary>
    public async Task<FixDecision> ModelAsync(string fixId, string version, string by, CancellationToken cancellation)
    {
        var (fix, plan, refusal) = Open(fixId);
        if (refusal is not null)
        {
            return refusal;
        }

        var model = ModelOf(fix, plan!);
        if (node.Database.Read(connection => ModelStore.Find(connection, version)) is not { } registered || registered.Model != model.Name)
        {
            throw new DatasetException($"the model {model.Name} has no version {version}");
        }

        var next = With(plan!, ShippedWorkflow.ApplyModel, $"{by} trained {version}") with
        {
            Inputs = Values.Of(("model", model.Name), ("challenger", registered.Id), ("digest", registered.Digest)),
            Evidence = plan!.Evidence with { BaseVersions = ImmutableSortedDictionary<string, string>.Empty },
            Limits = new PatchLimits(null, [], 0, null),
        };
        return await ProposeAsync(fix, next, by, cancellation).ConfigureAwait(false);
    }

    private (Fix Fix, FixPlan? Plan, FixDecision.Refused? Refusal) Open(string fixId)
    {
        var fix = node.Database.Read(connection => FixStore.Find(connection, fixId)) ?? throw new DatasetException($"there is no fix {fixId}");
        return fix is { State: FixState.Proposed, Plan: { } plan }
            ? (fix, plan, null)
            : (fix, null, new FixDecision.Refused($"it is {Json.Name(fix.State.ToString())}, and only while a fix is proposed can something be handed in for it"));
    }

    private ModelFile ModelOf(Fix fix, FixPlan plan)
    {
        var name = fix.Model ?? (plan.Inputs.TryGetValue("model", out var given) ? given.GetString() : null);
        return name is not null && node.Authored.Model(name) is { } model ? model : throw new DatasetException($"the fix {fix.Id} is about no model{(name is null ? "" : $" in force: {name}")}");
    }

    /// <summary>The version that the plan was made from; where the plan is about no rows, the current one of what the model learns from.</summary>
    private (ModelFile Model, DatasetVersion Version) Repaired(Fix fix, FixPlan plan)
    {
        var model = ModelOf(fix, plan);
        var dataset = plan.Evidence.BaseVersions.Keys.FirstOrDefault() ?? model.Train?.Dataset ?? throw new DatasetException($"{model.Source.Path} says nothing of training: hand in a model in place of a dataset");
        var current = node.Versions.Current(dataset) ?? throw new DatasetException($"the dataset {dataset} has no version yet");
        return plan.Evidence.BaseVersions.TryGetValue(dataset, out var planned) && planned != current.Id
            ? throw new DatasetException($"{dataset} has another version than the plan of {fix.Id} was made from: cancel the fix, and repair the rows that the next one names")
            : (model, current);
    }

    private async Task<DataPatch> PatchAsync(RepairedFile file, DatasetVersion version, ModelFile model, CancellationToken cancellation)
    {
        if (version.Manifest.Id is null)
        {
            throw new DatasetException($"the dataset {version.Dataset} has no column with the role \"id\": its rows cannot be told apart");
        }

        var given = new RepairedRows(file, version.Manifest).Read(node.Options.Analytics, cancellation);
        var rows = await node.Versions.RowsAsync(version, null, cancellation).ConfigureAwait(false);
        var labels = LabelSet.Of(model.Task, [], [.. rows.Select(row => row.Label).OfType<string>().Distinct(StringComparer.Ordinal)]);
        return new RowDifference(file, version, labels).Between(rows, given);
    }

    private static FixPlan With(FixPlan plan, WorkflowDefinition definition, string basis) => plan with
    {
        Definition = definition.Write(),
        NormalisedDefinition = WorkflowProjection.Canonical(definition),
        Prediction = new PredictedEffect(null, null, null, $"not computed: {basis}"),
        Undo = FixPreparation.UndoText(definition),
    };

    private static ImmutableArray<string> Operations(DataPatch patch) =>
        [.. new[] { ("add", patch.Added), ("drop", patch.Dropped), ("relabel", patch.Relabelled) }.Where(operation => operation.Item2 > 0).Select(operation => operation.Item1)];

    private Task<FixDecision> ProposeAsync(Fix fix, FixPlan plan, string by, CancellationToken cancellation) =>
        node.CommandAsync(fix.Id, new FixCommand.Propose(plan, by) { At = node.Clocks.Now }, by, cancellation);
}
