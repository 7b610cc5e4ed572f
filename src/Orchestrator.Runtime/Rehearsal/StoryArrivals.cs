using System.Globalization;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Rehearsal;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>Brings the files of a scenario to where the datasets look for them; a file that is there already has arrived.</summary>
internal sealed class StoryArrivals(Node node, ScenarioFile scenario, string folder)
{
    private readonly StoryServing _serving = new(node, new StoryReleases(node, scenario, folder).LatencyOf);

    /// <summary>When the next file or labels arrive after an instant; null where nothing more does.</summary>
    public DateTimeOffset? Next(DateTimeOffset after) => All().Where(one => one.At > after).Min(one => (DateTimeOffset?)one.At);

    /// <summary>Brings what is due and not there yet, in the order of time; what it brought.</summary>
    /// <param name="served">Whether rows that a model has to score first are brought too.</param>
    public async Task<IReadOnlyList<string>> BringAsync(DateTimeOffset now, bool served, CancellationToken cancellation)
    {
        var brought = new List<string>();
        foreach (var one in All().Where(one => one.At <= now && (served || !one.IsServed) && !File.Exists(one.Target)).OrderBy(one => one.At).ThenBy(one => one.Target, StringComparer.Ordinal))
        {
            await one.Bring(cancellation).ConfigureAwait(false);
            brought.Add(one.What);
        }

        return brought;
    }

    private IEnumerable<Delivery> All()
    {
        foreach (var arrival in scenario.Arrivals)
        {
            var (monitor, dataset) = node.Revisions.Current?.Dataset(arrival.Dataset)
                ?? throw new StoryException([$"the scenario names the dataset {arrival.Dataset}, which no monitor of the rules has"]);
            var files = StoryFiles.Find(folder, arrival.Files);
            for (var i = 0; i < (arrival.Every is null ? 1 : files.Count); i++)
            {
                var at = scenario.Start + arrival.At + (i * (arrival.Every ?? TimeSpan.Zero));
                yield return Rows(arrival, (monitor, dataset), files[i], at);
                if (arrival.Labels is { } late && dataset.Labels is { } join)
                {
                    yield return Labels((late, join), dataset, (files[i], i + 1), at + late.After);
                }
            }
        }
    }

    private Delivery Rows(Arrival arrival, (MonitorFile Monitor, DatasetSpec Dataset) place, string file, DateTimeOffset at)
    {
        var (monitor, dataset) = place;
        var target = StoryFiles.Target(node.Connections.FolderOf(dataset.From.Connection), dataset.From, Path.GetFileName(file));
        return new Delivery(at, target, $"{Path.GetFileName(file)} arrives in {dataset.Name}", arrival.Serve, async cancellation =>
        {
            var rows = CsvTable.Read(file);
            var model = monitor.Model ?? throw new StoryException([$"the monitor {monitor.Name} has no model that could serve"]);
            (arrival.Serve ? await _serving.ServeAsync(rows, (dataset, model), at, cancellation).ConfigureAwait(false) : rows).Write(target);
        });
    }

    private Delivery Labels((LateLabels Late, LabelJoin Join) labels, DatasetSpec dataset, (string File, int Number) rows, DateTimeOffset at)
    {
        var (late, join) = labels;
        var path = join.From is DataLocation.Files files ? files.Path : throw new StoryException(["only labels in files can be played"]);
        var name = path.Replace("*", rows.Number.ToString("0000", CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var target = Path.Combine(node.Connections.FolderOf(join.From.Connection), name);
        return new Delivery(at, target, $"labels of {Path.GetFileName(rows.File)} become known in {dataset.Name}", IsServed: false, _ =>
        {
            var truth = Truth.Read(StoryFiles.Find(folder, late.File)[0], join.Join, join.Label);
            var ids = CsvTable.Read(rows.File).Column(dataset.Roles.Id ?? join.Join);
            var time = at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
            new CsvTable([join.Join, join.Label, join.Time ?? "labelled_at"], [.. ids.Select(id => (System.Collections.Immutable.ImmutableArray<string>)[id, truth[id], time])]).Write(target);
            return Task.CompletedTask;
        });
    }

    private sealed record Delivery(DateTimeOffset At, string Target, string What, bool IsServed, Func<CancellationToken, Task> Bring);
}
