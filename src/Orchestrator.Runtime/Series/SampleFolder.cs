using System.Globalization;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Series;

/// <summary>Where samples are outside of the database: of old batches <c>samples/FIRST-LAST/part-N.parquet</c> under the workspace, beside the names of their series, and all of them as they were in memory in one <c>.chunks</c> file.</summary>
public sealed class SampleFolder
{
    private readonly string _root;

    public SampleFolder(string workspace)
    {
        _root = Path.Combine(workspace, "samples");
    }

    internal string Staging => Path.Combine(_root, ".staging");

    /// <summary>Where a chunk snapshot is written before it has a name.</summary>
    internal string StagedSnapshot => Path.Combine(_root, ".staging.chunks");

    internal string PathOf(ChunkSnapshot snapshot) => Path.Combine(_root, snapshot.FileName);

    /// <summary>Removes what no row names: folders and snapshots whose row was never written, or was deleted.</summary>
    internal void Clear(IEnumerable<SampleFile> kept, ChunkSnapshot? snapshot)
    {
        Directory.CreateDirectory(_root);
        foreach (var file in Directory.EnumerateFiles(_root, "*.chunks").Where(file => Path.GetFileName(file) != snapshot?.FileName))
        {
            File.Delete(file);
        }

        var names = kept.Select(file => file.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var folder in Directory.EnumerateDirectories(_root).Where(folder => !names.Contains(Path.GetFileName(folder))))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Gives a staged folder its lasting place; what stands there was never named by a row.</summary>
    internal void Place(string name)
    {
        var folder = Path.Combine(_root, name);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        DurableFile.PlaceFolder(Staging, folder);
    }

    /// <summary>Gives a staged snapshot its lasting place.</summary>
    internal void Place(ChunkSnapshot snapshot) => DurableFile.Place(StagedSnapshot, PathOf(snapshot));

    internal static string NameOf(long firstBatch, long lastBatch) => string.Create(CultureInfo.InvariantCulture, $"{firstBatch:d12}-{lastBatch:d12}");

    internal static IReadOnlyList<string> Parts(string folder) =>
        [.. Directory.EnumerateFiles(folder, "part-*.parquet").Order(StringComparer.Ordinal)];

    /// <summary>The series of all files, each whole, in the order of their numbers.</summary>
    internal IEnumerable<SeriesPoints> Load(IReadOnlyList<SampleFile> files, IReadOnlyDictionary<long, Labels> labels)
    {
        if (files.Count == 0)
        {
            return [];
        }

        var last = labels.Keys.DefaultIfEmpty().Max();
        var series = new SeriesPoints?[last + 1];
        var parts = files.SelectMany(file => Parts(Path.Combine(_root, file.Name))).ToList();
        var workers = Environment.ProcessorCount;
        Parallel.For(0, workers, worker =>
        {
            using var parquet = new SampleParquet();
            var range = (last * worker / workers + 1, (last * (worker + 1) / workers) + 1);
            foreach (var part in parts)
            {
                parquet.Read(part, range, (number, samples) =>
                    series[number] = (series[number] ?? (labels.TryGetValue(number, out var known) ? SeriesPoints.Empty(known) : null))?.With(samples));
            }
        });
        return series.OfType<SeriesPoints>();
    }
}
