using System.Collections.Immutable;
using Orchestrator.Core.Findings;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Core.Metrics.Statistics;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Monitors;
using Orchestrator.Runtime.Revisions;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Fixes;

/// <summary>What evidence is gathered for.</summary>
/// <param name="Dataset">The dataset that the fix is about; empty where there is none.</param>
/// <param name="Segment">The segment that the fix is about; null where it is to be found.</param>
/// <param name="LabelBudget">Labels that may be asked for; null where the fix asks for none.</param>
public sealed record EvidenceRequest(Finding Finding, string Dataset, string? Segment, int? LabelBudget);

/// <summary>What was found out about a finding.</summary>
/// <param name="Rows">Rows of the dataset that the fix is about; 0 where it is about none that is versioned.</param>
public sealed record GatheredEvidence(PlanEvidence Evidence, ImmutableArray<Suspect> Candidates, long Rows);

/// <summary>Finds out what is to blame: the numbers, the segment, the rows.</summary>
public sealed class EvidenceGathering(MonitorMeasurement measurement, DatasetAccess access, DatasetVersions versions, ArtifactStore artifacts, Workspace workspace, Clocks clocks)
{
    /// <summary>Rows that a plan names; the artifact of candidates has all of them.</summary>
    private const int NamedRows = 50;

    public async Task<GatheredEvidence> GatherAsync(LoadedRevision revision, EvidenceRequest request, CancellationToken cancellation)
    {
        var own = new Evidence(request.Finding.Labels.ToString(), request.Finding.Value, 0, []);
        if (revision.Dataset(request.Dataset) is not var (monitor, dataset))
        {
            return new GatheredEvidence(new PlanEvidence([own], null, ImmutableSortedDictionary<string, string>.Empty, null), [], 0);
        }

        var alone = monitor with { Datasets = [.. monitor.Datasets.Where(one => one.Name == dataset.Name || one.Name == dataset.Reference)] };
        var result = await measurement.RunAsync(revision, alone, clocks.Now, cancellation).ConfigureAwait(false);
        var measured = result.Datasets.FirstOrDefault(one => one.Name == dataset.Name);
        var ranked = request.Segment is null ? null : await RankAsync(dataset.Name, request.Segment, cancellation).ConfigureAwait(false);
        var candidates = request.LabelBudget is not { } budget ? [] : (ranked?.Candidates.Take(budget) ?? measured?.LabelErrors?.Within(budget) ?? []).ToImmutableArray();
        var bases = versions.Current(dataset.Name) is { } version
            ? ImmutableSortedDictionary<string, string>.Empty.Add(dataset.Name, version.Id)
            : ImmutableSortedDictionary<string, string>.Empty;
        var artifact = candidates.IsEmpty ? null : await artifacts.PutTextAsync(Json.Write(candidates), cancellation).ConfigureAwait(false);
        var evidence = new PlanEvidence([own, .. Numbers(measured)], ranked is null ? Segment(measured) : Segment(request.Segment!, ranked), bases, artifact);
        return new GatheredEvidence(evidence, candidates, versions.Current(dataset.Name)?.Manifest.Rows ?? 0);
    }

    /// <summary>Null where the dataset is not versioned: there are no rows to change.</summary>
    private async Task<RankedSuspects?> RankAsync(string dataset, string segment, CancellationToken cancellation)
    {
        using var opened = await access.OpenAsync(new DatasetWish(dataset, clocks.Now), workspace.Folder, cancellation).ConfigureAwait(false);
        return opened.Version is { } version ? await new SuspectRanking(versions).RankAsync(opened, version, (segment, RankingMethod.Default), cancellation).ConfigureAwait(false) : null;
    }

    private static IEnumerable<Evidence> Numbers(MeasuredDataset? measured)
    {
        foreach (var value in measured?.Values.Where(value => value.Labels.IsEmpty && value.Metric.StartsWith("data_label_error", StringComparison.Ordinal)) ?? [])
        {
            yield return new Evidence(value.Metric, value.Value, value.Rows, [.. value.Evidence.Take(NamedRows)]);
        }
    }

    /// <summary>The segment with the strongest effect on the label errors.</summary>
    private static BlamedSegment? Segment(MeasuredDataset? measured) =>
        measured is not null && measured.Segments.TryGetValue(LabelErrorMetrics.Ratio, out var found) && found.FirstOrDefault() is { } worst
            ? new BlamedSegment(worst.Predicate, worst.Rows, worst.Bad, worst.Effect, worst.QValue)
            : null;

    /// <summary>What the labels of the segment look like against those of the rest.</summary>
    private static BlamedSegment Segment(string predicate, RankedSuspects ranked)
    {
        var (rows, all) = (ranked.Inside.Count, ranked.All.Ranked.Length);
        var flagged = ranked.All.Flagged.ToArray();
        var inside = flagged.Count(suspect => ranked.Inside.Contains(suspect.Id));
        var outside = flagged.Length - inside;
        var effect = ((double)inside / rows) - (all == rows ? 0 : (double)outside / (all - rows));
        return new BlamedSegment(predicate, rows, inside, effect, FisherExact.TwoSided(inside, rows - inside, outside, all - rows - outside));
    }
}
