using System.Globalization;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Series;

/// <summary>Where the samples of old batches are: <c>samples/FIRST-LAST/part-N.parquet</c> under the workspace, beside the names of their series.</summary>
public sealed class SampleFolder
{
    private readonly string _root;

    public SampleFolder(string workspace)
    {
        _root = Path.Combine(workspace, "samples");
    }

    internal string Staging => Path.Combine(_root, ".staging");

    /// <summary>Removes what no row names: folders whose row was never written, or was deleted.</summary>
    internal void Clear(IEnumerable<SampleFile> kept)
    {
        Directory.CreateDirectory(_root);
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
