using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Fixes;

/// <summary>What a person needs to repair by himself what a fix is about.</summary>
/// <param name="Dataset">The version that the plan was made from; absent where it is about no rows.</param>
/// <param name="Rows">The rows that the plan names, the most suspect first; empty where it names none.</param>
/// <param name="Patch">The changes of the rows; absent where they are not known before the fix runs.</param>
public sealed record FixExport(string Fix, FixPlan Plan, ExportedVersion? Dataset, ImmutableArray<ExportedRow> Rows, JsonElement? Patch);

/// <summary>A version that rows are exported from.</summary>
public sealed record ExportedVersion(string Dataset, string Version, string? Id, ImmutableArray<ManifestColumn> Columns);

/// <summary>A row that a plan names.</summary>
/// <param name="Score">Suspicion from 0 to 1: higher is more suspicious.</param>
/// <param name="Flagged">Whether the search calls the label wrong, and not only less sure than others.</param>
/// <param name="Cells">The whole row, by column, as text in canonical form.</param>
public sealed record ExportedRow(string Id, string Given, string Suggested, double Score, bool Flagged, ImmutableSortedDictionary<string, string?> Cells);

/// <summary>Collects what is exported of a plan.</summary>
public sealed class FixExporting(DatasetVersions versions, ArtifactStore artifacts)
{
    public async Task<FixExport> ReadAsync(Fix fix, FixPlan plan, CancellationToken cancellation)
    {
        var version = VersionOf(plan);
        var exported = version is null ? null : new ExportedVersion(version.Dataset, version.Id, version.Manifest.Id, version.Manifest.Columns);
        var patch = plan.Inputs.TryGetValue("patch", out var artifact) && artifact.GetString() is { } digest
            ? JsonDocument.Parse(await artifacts.ReadTextAsync(digest, cancellation).ConfigureAwait(false)).RootElement
            : (JsonElement?)null;
        return new(fix.Id, plan, exported, version is null ? [] : await RowsAsync(plan, version, cancellation).ConfigureAwait(false), patch);
    }

    /// <summary>The version that a plan was made from; null where it is about no rows.</summary>
    public DatasetVersion? VersionOf(FixPlan plan) =>
        plan.Evidence.BaseVersions.IsEmpty ? null : plan.Evidence.BaseVersions.First() is var (dataset, version) ? versions.Find(dataset, version) : null;

    private async Task<ImmutableArray<ExportedRow>> RowsAsync(FixPlan plan, DatasetVersion version, CancellationToken cancellation)
    {
        if (plan.Evidence.Candidates is not { } artifact)
        {
            return [];
        }

        var suspects = Json.Read<ImmutableArray<Suspect>>(await artifacts.ReadTextAsync(artifact, cancellation).ConfigureAwait(false));
        var rows = (await versions.RowsAsync(version, suspects.Select(suspect => suspect.Id), cancellation).ConfigureAwait(false))
            .DistinctBy(row => row.Id).ToDictionary(row => row.Id, StringComparer.Ordinal);
        return
        [
            .. suspects.Where(suspect => rows.ContainsKey(suspect.Id))
                .Select(suspect => new ExportedRow(suspect.Id, suspect.Given, suspect.Suggested, 1 - suspect.NormalizedMargin, suspect.Flagged, rows[suspect.Id].Cells)),
        ];
    }
}
