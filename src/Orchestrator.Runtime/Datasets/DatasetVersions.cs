using System.Collections.Immutable;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Where the authored rows of a versioned dataset are.</summary>
/// <param name="LabelSet">Hash of the classes that the model file states; empty where it states none.</param>
public sealed record VersionSource(DatasetSpec Spec, DatasetSources Sources, string LabelSet)
{
    /// <summary>The hash of the classes that a model file states; empty where there is no model or it states none.</summary>
    public static string LabelSetOf(ModelFile? model) => model?.Task switch
    {
        ModelTask.Multiclass { Classes.IsEmpty: false } task => Digest.Of(string.Join('\n', task.Classes)),
        ModelTask.Binary task => Digest.Of(task.Positive),
        _ => "",
    };
}

/// <summary>By whom, why and when another version becomes current.</summary>
/// <param name="Key">Idempotency key of the activity.</param>
public sealed record VersionChange(string Key, string Actor, DateTimeOffset At);

/// <summary>What a patch made: the version, and how many rows it changed.</summary>
public sealed record Rebuilt(DatasetVersion Version, VersionChanges Changes);

/// <summary>Makes dataset versions, from authored files and from patches, and says which one is current.</summary>
public sealed class DatasetVersions(Workspace workspace, Database database, ArtifactStore artifacts, AnalyticsOptions options)
{
    /// <summary>What kept comparisons may take together: some forty of which every row of a million is other.</summary>
    private const long MostComparisons = 1L << 30;

    private readonly VersionFolder _folder = new(Path.Combine(workspace.Folder, "datasets"));
    private readonly KeptFiles _comparisons = new(Path.Combine(workspace.Folder, "comparisons"), TimeProvider.System, MostComparisons);

    /// <summary>The absolute Parquet file of a version.</summary>
    public string FileOf(DatasetVersion version) => _folder.FileOf(version.Dataset, version.Id);

    /// <summary>Rows of versions to be looked at.</summary>
    public VersionPages Pages => new(this, options);

    /// <summary>What is other in one version than in another.</summary>
    public VersionComparison Comparison => new(Pages, options, _comparisons);

    /// <summary>The version that is current; null before the first.</summary>
    public DatasetVersion? Current(string dataset) => database.Read(connection => DatasetVersionStore.Current(connection, dataset));

    /// <summary>A version by its id; null where there is none.</summary>
    public DatasetVersion? Find(string dataset, string version) => database.Read(connection => DatasetVersionStore.Find(connection, dataset, version));

    /// <summary>
    /// Reads the authored rows where they are new or have changed; labels that people confirmed are put back onto rows whose content is as they saw it.
    /// Files that cannot be read are a problem and leave the current version as it is.
    /// </summary>
    public async Task<DatasetVersion?> SyncAsync(VersionSource source, DatasetProblems problems, DateTimeOffset at, CancellationToken cancellation)
    {
        var dataset = source.Spec.Name;
        if (VersionImport.Find(source, problems) is not { } import)
        {
            return Current(dataset);
        }

        var last = database.Read(connection => DatasetVersionStore.LastSource(connection, dataset));
        var files = import.FollowsFiles ? await import.FingerprintAsync(cancellation) : null;
        if (files is not null && last == files)
        {
            return Current(dataset);
        }

        using var table = import.Load(options, at, problems);
        var fingerprint = files ?? table?.Fingerprint;
        return table is null || fingerprint is null || last == fingerprint ? Current(dataset) : await ImportAsync(table, source, fingerprint, (at, cancellation));
    }

    /// <summary>Applies a patch to the current version and makes the result current; under one key this happens once.</summary>
    public async Task<Rebuilt> RebuildAsync(VersionChange change, DataPatch patch, string patchArtifact, CancellationToken cancellation)
    {
        if (database.Read(connection => DatasetVersionStore.MoveByKey(connection, change.Key)) is { } done)
        {
            var version = Find(patch.Dataset, done.To)!;
            return new(version, version.Manifest.Changes);
        }

        var current = Current(patch.Dataset) ?? throw new StorageException($"the dataset {patch.Dataset} has no version yet");
        using var table = VersionTable.OfFile(await _folder.CheckedFileAsync(current.Manifest, cancellation), current.Manifest, options);
        var applied = PatchApplication.Apply(table, patch, cancellation);
        var draft = current.Manifest with
        {
            Parents = [current.Id],
            Source = null,
            Patch = patchArtifact,
            Reapplied = 0,
            Columns = table.Columns,
            Changes = applied.Changes,
            Quarantine = KeptAside(current.Manifest, applied, patchArtifact),
        };
        var manifest = await _folder.SaveAsync(table, draft, cancellation);
        return new(await MakeCurrentAsync(manifest with { Quarantine = draft.Quarantine }, current.Id, change, "a patch was applied"), draft.Changes);
    }

    /// <summary>What a patch would make of the current version, in a folder of the caller's.</summary>
    public async Task<DraftVersion> DraftAsync(DataPatch patch, string folder, CancellationToken cancellation)
    {
        var current = Current(patch.Dataset) ?? throw new DatasetException($"the dataset {patch.Dataset} has no version yet");
        using var table = VersionTable.OfFile(await _folder.CheckedFileAsync(current.Manifest, cancellation), current.Manifest, options);
        var applied = PatchApplication.Apply(table, patch, cancellation);
        var file = Path.Combine(folder, "draft.parquet");
        table.Write(file, cancellation);
        var manifest = current.Manifest with
        {
            Version = table.Identity(cancellation),
            Parents = [current.Id],
            Columns = table.Columns,
            Rows = table.Count,
            Changes = applied.Changes,
        };
        return new(current with { Id = manifest.Version, Manifest = manifest }, file);
    }

    private static ImmutableArray<QuarantinedRow>? KeptAside(DatasetManifest before, AppliedPatch applied, string patch)
    {
        var kept = (before.Quarantine ?? []).Where(row => !applied.Released.Contains(row.Id)).Concat(applied.Quarantined.Select(id => new QuarantinedRow(id, patch))).ToImmutableArray();
        return kept.IsEmpty ? null : kept;
    }

    /// <summary>Undoes what was done under a key, as long as nothing came after it: the version before is current again.</summary>
    public async Task UndoAsync(VersionChange change, string undoneKey, CancellationToken cancellation)
    {
        var undone = database.Read(connection => DatasetVersionStore.MoveByKey(connection, undoneKey));
        if (undone?.From is { } before)
        {
            await database.WriteAsync(transaction => Undo(transaction, change, undone, before), cancellation);
        }
    }

    /// <summary>Rows of a version by id, or all, to be shown or hashed.</summary>
    public async Task<IReadOnlyList<StoredRow>> RowsAsync(DatasetVersion version, IEnumerable<string>? ids, CancellationToken cancellation)
    {
        using var table = VersionTable.OfFile(await _folder.CheckedFileAsync(version.Manifest, cancellation), version.Manifest, options);
        return [.. table.Rows(ids, cancellation)];
    }

    /// <summary>The version's rows whose label a person confirmed, given that row and label are still what they confirmed.</summary>
    public async Task<ConfirmedRows> ConfirmedAsync(DatasetVersion version, string labelSet, CancellationToken cancellation)
    {
        var confirmed = database.Read(connection => ConfirmedLabelStore.List(connection, version.Dataset, labelSet));
        if (confirmed.Count == 0)
        {
            return ConfirmedRows.None;
        }

        return Valid(version, confirmed, await RowsAsync(version, confirmed.Keys, cancellation));
    }

    /// <summary>The same among the rows of a draft.</summary>
    public ConfirmedRows Confirmed(DraftVersion draft, string labelSet, CancellationToken cancellation)
    {
        var (version, confirmed) = (draft.Version, database.Read(connection => ConfirmedLabelStore.List(connection, draft.Version.Dataset, labelSet)));
        if (confirmed.Count == 0)
        {
            return ConfirmedRows.None;
        }

        using var table = VersionTable.OfFile(draft.File, version.Manifest, options);
        return Valid(version, confirmed, table.Rows(confirmed.Keys, cancellation));
    }

    private static ConfirmedRows Valid(DatasetVersion version, IReadOnlyDictionary<string, ConfirmedLabel> confirmed, IEnumerable<StoredRow> rows)
    {
        var valid = rows.Where(row => confirmed[row.Id].Label == row.Label && confirmed[row.Id].Content == row.ContentWithout(version.Manifest.Label));
        return new(valid.DistinctBy(row => row.Id).ToImmutableDictionary(row => row.Id, row => row.Hash));
    }

    private async Task<DatasetVersion> ImportAsync(
        VersionTable table, VersionSource source, string fingerprint, (DateTimeOffset At, CancellationToken Cancellation) run)
    {
        var current = Current(source.Spec.Name);
        ImmutableArray<string> parents = current is null ? [] : [current.Id];
        var draft = new DatasetManifest(source.Spec.Name, "", parents, table.Columns, table.Id, table.Label, 0, "")
        {
            Source = fingerprint,
            Reapplied = Reapply(table, source, run.Cancellation),
            Quarantine = await new KeptAside(artifacts).TakeOutAsync(table, current?.Manifest, run.Cancellation),
        };
        var manifest = await _folder.SaveAsync(table, draft, run.Cancellation) with { Source = fingerprint, Quarantine = draft.Quarantine };
        return await database.WriteAsync(
            transaction =>
            {
                DatasetVersionStore.SetSource(transaction, manifest, run.At);
                return Move(transaction, manifest, (current?.Id, null), new VersionChange("", "import", run.At), "the authored files are new or have changed");
            },
            run.Cancellation);
    }

    private int Reapply(VersionTable table, VersionSource source, CancellationToken cancellation)
    {
        var confirmed = database.Read(connection => ConfirmedLabelStore.List(connection, source.Spec.Name, source.LabelSet));
        if (confirmed.Count == 0 || table.Id is null || table.Label is null)
        {
            return 0;
        }

        var changed = table.Rows(confirmed.Keys, cancellation)
            .Where(row => confirmed[row.Id].Content == row.ContentWithout(table.Label) && confirmed[row.Id].Label != row.Label)
            .Select(row => (row.Position, (string?)confirmed[row.Id].Label)).ToList();
        table.Relabel(changed);
        return changed.Count;
    }

    private Task<DatasetVersion> MakeCurrentAsync(DatasetManifest manifest, string? from, VersionChange change, string reason) =>
        database.WriteAsync(transaction => Move(transaction, manifest, (from, change.Key), change, reason), CancellationToken.None);

    /// <summary>Throws <see cref="StorageException"/>, for another attempt, where something else became current meanwhile.</summary>
    private static DatasetVersion Move(
        Transaction transaction, DatasetManifest manifest, (string? From, string? Key) origin, VersionChange change, string reason)
    {
        var current = DatasetVersionStore.Current(transaction.Connection, manifest.Dataset)?.Id;
        if (current != origin.From)
        {
            throw new StorageException($"another version of {manifest.Dataset} became current meanwhile");
        }

        DatasetVersionStore.Add(transaction, manifest, change.At);
        if (current != manifest.Version)
        {
            DatasetVersionStore.Add(
                transaction,
                origin.Key,
                new DatasetMove(manifest.Dataset, 0, current, manifest.Version, change.Actor, reason, change.At) { Quarantine = manifest.Quarantine });
            AuditStore.Append(transaction, change.At, change.Actor, "dataset.version", manifest.Dataset, new { from = current, to = manifest.Version, reason });
        }

        return DatasetVersionStore.Current(transaction.Connection, manifest.Dataset)!;
    }

    private static void Undo(Transaction transaction, VersionChange change, DatasetMove undone, string before)
    {
        var current = DatasetVersionStore.Current(transaction.Connection, undone.Dataset);
        if (current?.Id == undone.To && DatasetVersionStore.MoveByKey(transaction.Connection, change.Key) is null)
        {
            var manifest = DatasetVersionStore.Before(transaction.Connection, undone, before)!.Manifest;
            Move(transaction, manifest, (undone.To, change.Key), change, "what a fix changed was undone");
        }
    }
}
