using System.Collections.Immutable;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Tests.Datasets;

/// <summary>A workspace with three labelled rows in a file of a connection: a is a cat, b a dog without y, c a cat.</summary>
public sealed class PetsDataset : IDisposable
{
    public const string Rows = "id,x,y,kind\na,1,0.5,cat\nb,2,,dog\nc,3,2,cat\n";

    /// <summary>The identity of these rows, made from its definition by Python's hashlib.</summary>
    public const string Identity = "fb96187f43c332a3c04a824442749469529d371dc5d569bb37b9f746ba667e80";

    /// <summary>The content of row a without its label, made likewise.</summary>
    public const string ContentOfA = "c15ae07252bf4763dc1e888edfd992a7ce5281a86752eab3f02ae459bcdd2acf";

    public static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();
    private readonly Workspace _workspace;
    private readonly ImmutableArray<MeasurementProblem>.Builder _problems = ImmutableArray.CreateBuilder<MeasurementProblem>();

    public PetsDataset(int threads = 2, string? workspace = null)
    {
        _workspace = Workspace.Open(workspace ?? _folder["workspace"]);
        Database = Database.Open(_folder["test.db"], TimeProvider.System);
        Artifacts = ArtifactStore.Open(_workspace);
        Versions = new DatasetVersions(_workspace, Database, Artifacts, new AnalyticsOptions(threads));
        Author(Rows);
    }

    public Database Database { get; }

    public DatasetVersions Versions { get; }

    public ArtifactStore Artifacts { get; }

    public IEnumerable<string> Problems => _problems.Select(problem => problem.Diagnostic.ToString());

    public string Comparisons => Path.Combine(_workspace.Folder, "comparisons");

    private string SourceFolder => _folder["source"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Author(string text, string file = "pets.csv")
    {
        Directory.CreateDirectory(SourceFolder);
        File.WriteAllText(Path.Combine(SourceFolder, file), text);
    }

    public Task<DatasetVersion?> SyncAsync(string path = "pets.csv")
    {
        var monitor = MonitorFile.Read("pets.monitor.yaml", $"""
            monitor: pets
            every: 1d
            datasets:
              pets:
                connection: data
                path: {path}
                split: train
                roles:
                  id: id
                  label: kind
            metrics: [data]
            """).Value!;
        var problems = new DatasetProblems(monitor.Source, "pets", _problems);
        return Versions.SyncAsync(new VersionSource(monitor.Datasets[0], new(ImmutableDictionary<string, string>.Empty.Add("data", SourceFolder)), ""), problems, Start, Cancel);
    }

    public Task<Rebuilt> RebuildAsync(string key, params RowChange[] changes) =>
        Versions.RebuildAsync(new VersionChange(key, "fix-1", Start), DataPatch.Of("pets", Versions.Current("pets")!.Id, changes), "patch", Cancel);

    /// <summary>Puts rows aside by a patch that is kept, as an activity does.</summary>
    public async Task<Rebuilt> QuarantineAsync(string key, params string[] ids)
    {
        var current = Versions.Current("pets")!;
        var rows = await Versions.RowsAsync(current, ids, Cancel);
        var patch = DataPatch.Of("pets", current.Id, rows.Select(row => new RowChange.Quarantine(row.Id, row.Cells)));
        return await Versions.RebuildAsync(new VersionChange(key, "fix-1", Start), patch, await Artifacts.PutTextAsync(patch.Write(), Cancel), Cancel);
    }

    public Task ConfirmAsync(string id, string content, string label) => Database.WriteAsync(
        transaction => ConfirmedLabelStore.Save(transaction, [new ConfirmedLabel("pets", id, content, label, "", "ann", Start)]), Cancel);

    /// <summary>Label by row id, as the version's file has them.</summary>
    public async Task<string> LabelsAsync(DatasetVersion version)
    {
        var rows = await Versions.RowsAsync(version, ["a", "b", "c", "d", "e"], Cancel);
        return string.Join(" ", rows.OrderBy(row => row.Id, StringComparer.Ordinal).Select(row => $"{row.Id}={row.Label}"));
    }

    public void Dispose()
    {
        Database.Dispose();
        _workspace.Dispose();
        _folder.Dispose();
    }
}
