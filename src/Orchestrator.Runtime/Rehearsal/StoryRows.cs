using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Rehearsal;
using Orchestrator.Runtime.Models;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>The rows that arrived in the production of a scenario, as the figures are taken of them: before the world changed, and from then on.</summary>
/// <param name="moves">Every change of what serves, oldest first.</param>
/// <param name="found">When the first finding was opened; null where there is none.</param>
internal sealed class StoryRows(Node node, StorySetup setup, ImmutableArray<ChampionMove> moves, DateTimeOffset? found)
{
    private readonly DateTimeOffset _changed = setup.Scenario.Start + (setup.Scenario.ChangesAt ?? TimeSpan.Zero);

    /// <summary>Measures by the model's gate metric what served when the first finding was opened and what serves at the end.</summary>
    public async Task<StoryQuality> QualityAsync(string model, CancellationToken cancellation)
    {
        if (setup.Scenario.Arrivals.FirstOrDefault(arrival => arrival.Labels is not null) is not { } arrival || moves.IsEmpty
            || node.Revisions.Current is not { } revision || revision.Dataset(arrival.Dataset) is not var (_, dataset) || revision.Model(model) is not { } file)
        {
            return StoryQuality.None;
        }

        var truth = Truth.Read(StoryFiles.Find(setup.Folder, arrival.Labels!.File)[0], dataset.Labels!.Join, dataset.Labels.Label);
        var measuring = new VersionMeasuring(new StoryScoring(node), dataset, file.Task, GateMetric.Of(file), truth);
        var (blamed, last) = (ServingUntil(found ?? _changed), moves[^1].To);
        var rows = Arrived(arrival, at => at >= _changed);
        var fresh = await WithoutLearnedAsync(rows, dataset, [blamed, last], cancellation).ConfigureAwait(false);
        return new StoryQuality(
            measuring.Metric,
            await measuring.MeasureAsync(Version(blamed), fresh, cancellation).ConfigureAwait(false),
            await measuring.MeasureAsync(Version(last), fresh, cancellation).ConfigureAwait(false),
            await CeilingAsync((model, arrival), measuring, fresh, cancellation).ConfigureAwait(false),
            fresh.Rows.Length);
    }

    /// <summary>Of the rows as they were served; null where the prediction log holds no latency, or the world stays as it is.</summary>
    public StoryLatency? Latency()
    {
        if (setup.Scenario.ChangesAt is null || moves.IsEmpty || setup.Scenario.Arrivals.FirstOrDefault(arrival => arrival.Serve) is not { } arrival
            || node.Revisions.Current?.Dataset(arrival.Dataset) is not var (_, dataset) || dataset.Roles is not { Latency: { } latency, ModelVersion: { } version })
        {
            return null;
        }

        var blamed = ServingUntil(found ?? _changed);
        var folder = node.Connections.FolderOf(dataset.From.Connection);
        var served = Files(arrival).Where(file => File.Exists(StoryFiles.Target(folder, dataset.From, Path.GetFileName(file.Path))))
            .SelectMany(file =>
            {
                var table = CsvTable.Read(StoryFiles.Target(folder, dataset.From, Path.GetFileName(file.Path)));
                return table.Column(latency.Column).Zip(table.Column(version), (took, by) => (file.At, By: by, Seconds: double.Parse(took, CultureInfo.InvariantCulture) * latency.Seconds));
            }).ToList();
        return new StoryLatency(
            Percentile(served.Where(row => row.At >= _changed && row.By == blamed)),
            Percentile(served.Where(row => row.At > moves[^1].At)),
            Percentile(served.Where(row => row.At < _changed)));

        static double? Percentile(IEnumerable<(DateTimeOffset, string, double Seconds)> rows) =>
            rows.Select(row => row.Seconds).Order().ToArray() is { Length: > 0 } sorted ? Math.Round(sorted[(int)Math.Ceiling(0.95 * sorted.Length) - 1], 6) : null;
    }

    /// <summary>What served until an instant: what came of a finding at that instant came after it.</summary>
    private string? ServingUntil(DateTimeOffset at) => (moves.LastOrDefault(move => move.At < at) ?? moves[0]).To;

    private List<(string Path, DateTimeOffset At)> Files(Arrival arrival) => [.. StoryFiles.Find(setup.Folder, arrival.Files)
        .Select((path, i) => (path, setup.Scenario.Start + arrival.At + (i * (arrival.Every ?? TimeSpan.Zero))))];

    private CsvTable Arrived(Arrival arrival, Func<DateTimeOffset, bool> when)
    {
        var tables = Files(arrival).Where(file => when(file.At)).Select(file => CsvTable.Read(file.Path)).ToList();
        return new CsvTable(tables[0].Columns, [.. tables.SelectMany(table => table.Rows)]);
    }

    private async Task<double?> CeilingAsync((string Model, Arrival Arrival) of, VersionMeasuring measuring, CsvTable fresh, CancellationToken cancellation)
    {
        if (setup.Scenario.Ceiling is { } best)
        {
            var trained = node.Revisions.Current!.Model(of.Model)!.Train!.Dataset;
            var (_, dataset) = node.Revisions.Current.Dataset(trained)!.Value;
            var arrival = setup.Scenario.Arrivals.First(one => one.Dataset == trained);
            var truth = Truth.Read(StoryFiles.Find(setup.Folder, best.Labels)[0], dataset.Roles.Id ?? "id", dataset.Roles.Label!);
            return measuring.Measure(AsideTraining.Train(node, of.Model, CsvTable.Read(StoryFiles.Find(setup.Folder, arrival.Files)[0]), id => truth[id], cancellation), fresh);
        }

        return setup.Scenario.ChangesAt is null
            ? null
            : await measuring.MeasureAsync(Version(ServingUntil(_changed)), Arrived(of.Arrival, at => at < _changed), cancellation).ConfigureAwait(false);
    }

    private ModelVersion? Version(string? id) => id is null ? null : node.Database.Read(connection => ModelStore.Find(connection, id));

    /// <summary>The rows that none of the versions was trained on: a row is known again by its id and its values.</summary>
    private async Task<CsvTable> WithoutLearnedAsync(CsvTable rows, DatasetSpec dataset, IEnumerable<string?> versions, CancellationToken cancellation)
    {
        if (dataset.Roles.Id is not { } id || !rows.Columns.Contains(id))
        {
            return rows;
        }

        var ids = rows.Column(id);
        var learned = new HashSet<int>();
        foreach (var version in versions.OfType<string>().Distinct().Select(name => node.Database.Read(connection => ModelStore.Find(connection, name))).OfType<ModelVersion>())
        {
            if (node.Versions.Find(version.Dataset, version.DatasetVersion) is { Manifest.Id: not null } trainedOn)
            {
                var known = (await node.Versions.RowsAsync(trainedOn, ids, cancellation).ConfigureAwait(false)).ToLookup(row => row.Id, StringComparer.Ordinal);
                learned.UnionWith(Enumerable.Range(0, ids.Length).Where(row => known[ids[row]].Any(stored => IsSame(stored.Cells, rows, row))));
            }
        }

        return rows with { Rows = [.. rows.Rows.Where((_, row) => !learned.Contains(row))] };
    }

    private static bool IsSame(ImmutableSortedDictionary<string, string?> stored, CsvTable rows, int row) => rows.Columns
        .Select((column, i) => (Known: stored.TryGetValue(column, out var text), Text: text ?? "", Cell: rows.Rows[row][i]))
        .All(cell => !cell.Known || cell.Text == cell.Cell || (Number(cell.Text) is { } one && one == Number(cell.Cell)));

    private static double? Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
