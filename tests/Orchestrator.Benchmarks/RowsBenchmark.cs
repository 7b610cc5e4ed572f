using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Datasets.Maps;
using Orchestrator.Runtime.Datasets.Pushes;
using Orchestrator.Runtime.Datasets.Queries;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Benchmarks;

/// <summary>How long a page of rows takes anywhere in a large version, and a page of what is other in the next one, beside reading the whole file.</summary>
internal static class RowsBenchmark
{
    private const int Features = 50;
    private const int Rounds = 9;
    private const int PageRows = 100;

    public static async Task<int> RunAsync(string folder, long rows)
    {
        using var workspace = Workspace.Open(Path.Combine(folder, "workspace"));
        using var database = Database.Open(workspace.DatabaseFile, TimeProvider.System);
        var options = new AnalyticsOptions(TempFolder: workspace.Attempts);
        var versions = new DatasetVersions(workspace, database, ArtifactStore.Open(workspace), options);
        var (before, after) = (Made(versions, "before", rows, changed: 0), Made(versions, "after", rows, changed: 1000));
        var whole = Median(() => ReadWhole(versions.FileOf(before), options), rounds: 3);
        Say($"{rows:N0} rows of an id, a label and {Features} numbers, {new FileInfo(versions.FileOf(before)).Length / 1e6:F0} MB; reading all of them: {whole:F0} ms");
        var slowest = 0.0;
        foreach (var offset in new[] { 0, rows / 2, rows - PageRows })
        {
            var took = Median(() => Shown(versions, before, offset), Rounds);
            slowest = Math.Max(slowest, took);
            Say($"a page of {PageRows} rows from row {offset:N0}: {took:F1} ms, {took / whole:P1} of reading all");
        }

        var mapped = await MappedAsync((workspace, database, versions), before, options);
        Say($"the first map of {RowMaps.MostRows:N0} of the rows: {mapped:F0} ms, {mapped / whole:F1} times reading all");
        var compared = Median(() => Compared(versions, before, after, Path.Combine(workspace.Folder, "comparisons")), rounds: 3);
        var kept = Median(() => Compared(versions, before, after, null), Rounds);
        using var process = Process.GetCurrentProcess();
        Say($"the first page of what is other in a version with 1,000 rows relabelled: {compared:F0} ms, {compared / whole:F1} times reading one of them; each further page {kept:F1} ms, {kept / whole:P1}; peak {process.PeakWorkingSet64 / 1e6:F0} MB");
        return slowest < whole ? 0 : 1;
    }

    private static DatasetVersion Made(DatasetVersions versions, string id, long rows, int changed)
    {
        var columns = Enumerable.Range(0, Features).Select(i => new ManifestColumn(string.Create(CultureInfo.InvariantCulture, $"x{i}"), "DOUBLE")).Prepend(new("label", "VARCHAR")).Prepend(new("id", "VARCHAR"));
        var version = new DatasetVersion("bench", id, 1, new DatasetManifest("bench", id, [], [.. columns], "id", "label", rows, ""), DateTimeOffset.UnixEpoch);
        var file = versions.FileOf(version);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var connection = Analytics.Open(new AnalyticsOptions());
        var numbers = string.Join(", ", Enumerable.Range(0, Features).Select(i => string.Create(CultureInfo.InvariantCulture, $"(hash(i * {Features} + {i}) % 1000003) / 1000003.0 as x{i}")));
        connection.Run(string.Create(
            CultureInfo.InvariantCulture,
            $"copy (select printf('r%09d', i) as id, case when i < {changed} then 'relabelled' else 'class ' || i % 10 end as label, {numbers} from range({rows}) t(i) order by i) to '{file}' ({VersionPages.Layout})"));
        return version;
    }

    private static void ReadWhole(string file, AnalyticsOptions options)
    {
        using var connection = Analytics.Open(options);
        var sums = string.Join(" + ", Enumerable.Range(0, Features).Select(i => string.Create(CultureInfo.InvariantCulture, $"sum(x{i})")));
        connection.Query($"select {sums}, count(id), count(label) from read_parquet('{file}')", reader => reader.GetDouble(0));
    }

    private static void Shown(DatasetVersions versions, DatasetVersion version, long offset)
    {
        var page = versions.Pages.Read(version, new RowSpan(offset, PageRows), CancellationToken.None);
        Check(page.Rows.Length == PageRows && page.Rows[0][0] == string.Create(CultureInfo.InvariantCulture, $"r{offset:D9}"));
    }

    /// <param name="kept">What is kept of comparisons, which is deleted first.</param>
    private static void Compared(DatasetVersions versions, DatasetVersion before, DatasetVersion after, string? kept)
    {
        if (kept is not null && Directory.Exists(kept))
        {
            Directory.Delete(kept, recursive: true);
        }

        var changes = versions.Comparison.Read(before, after, new RowSpan(500, PageRows), CancellationToken.None);
        Check(changes.Total == 1000 && changes.Counts["relabelled"] == 1000 && changes.Rows is [{ Id: "r000000500" }, ..]);
    }

    /// <summary>The first map of a version, with nothing kept from another one.</summary>
    private static async Task<double> MappedAsync((Workspace Folder, Database Database, DatasetVersions Versions) of, DatasetVersion version, AnalyticsOptions options)
    {
        await of.Database.WriteAsync(
            transaction =>
            {
                DatasetVersionStore.Add(transaction, version.Manifest, version.CreatedAt);
                DatasetVersionStore.Add(transaction, "bench", new DatasetMove(version.Dataset, 1, null, version.Id, "bench", "", version.CreatedAt));
            },
            CancellationToken.None);
        var clocks = new Clocks(TimeProvider.System, TimeProvider.System);
        var gathering = new DatasetGathering(new Connections(ImmutableDictionary<string, string>.Empty), new QuerySnapshots(of.Folder, of.Database, clocks, options), new PushIntake(of.Folder, of.Database, clocks, options));
        var monitor = MonitorFile.Read("bench.monitor.yaml", "monitor: bench\nevery: 1d\ndatasets:\n  bench: {connection: data, path: rows.csv, split: train, roles: {id: id, label: label}}\nmetrics: [data]\n").Value!;
        var authored = new Authored(_ => null, _ => (monitor, monitor.Datasets[0]), gathering);
        var access = new DatasetAccess(authored, of.Versions, of.Database, options);
        var took = new List<double>();
        for (var round = 0; round < 4; round++)
        {
            using var maps = new RowMaps(authored, access, of.Versions, new VersionSegments(authored, of.Versions, of.Database, options), (of.Folder.Attempts, options));
            var clock = Stopwatch.StartNew();
            var map = await maps.ReadAsync(new MapWish(version.Dataset, version, version.CreatedAt), new MapAxes(null, null), CancellationToken.None);
            took.Add(clock.Elapsed.TotalMilliseconds);
            Check(map!.Points.Length == RowMaps.MostRows && map.Total == version.Manifest.Rows);
        }

        return took.Skip(1).Order().ElementAt(1);
    }

    private static void Check(bool isRight)
    {
        if (!isRight)
        {
            throw new InvalidOperationException("a page does not hold what it should");
        }
    }

    private static double Median(Action act, int rounds)
    {
        var took = Enumerable.Range(0, rounds + 1).Select(_ =>
        {
            var clock = Stopwatch.StartNew();
            act();
            return clock.Elapsed.TotalMilliseconds;
        }).Skip(1).Order().ToImmutableArray();
        return took[took.Length / 2];
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
