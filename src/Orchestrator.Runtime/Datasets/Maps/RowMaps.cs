using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Datasets.Maps;

/// <summary>Which rows are to be laid out.</summary>
/// <param name="Version">Null where the dataset is measured where it is.</param>
/// <param name="At">The measurement whose rows are meant, or up to when labels are known.</param>
public sealed record MapWish(string Dataset, DatasetVersion? Version, DateTimeOffset At);

/// <summary>Lays rows of datasets out in a plane, to be looked at and picked from; the last ones stay in memory.</summary>
/// <param name="analytics">Where what is read for one map lies meanwhile, and how much of the machine reading may use.</param>
public sealed class RowMaps(Authored authored, DatasetAccess access, DatasetVersions versions, VersionSegments segments, (string Folder, AnalyticsOptions Options) analytics) : IDisposable
{
    /// <summary>Rows that can be picked at once: all of a map.</summary>
    public const int MostRows = MapReading.MostRows;

    /// <summary>Maps that stay: the one that somebody looks at, and the one before it.</summary>
    private const int MostKept = 2;

    /// <summary>What is looked at must not take the memory of what is measured.</summary>
    private readonly SemaphoreSlim _one = new(1);
    private readonly List<(MapWish Wish, ModelFile? Model, LoadedMap Map)> _kept = [];

    /// <summary>Null where an axis is no column of numbers; throws <see cref="DatasetException"/> where the rows cannot be read.</summary>
    public async Task<RowMap?> ReadAsync(MapWish wish, MapAxes axes, CancellationToken cancellation) => MapPicture.Of(await LoadAsync(wish, cancellation).ConfigureAwait(false), axes);

    /// <summary>A row of a map; null where the map has none of that key.</summary>
    public async Task<MapRow?> RowAsync(MapWish wish, string key, CancellationToken cancellation)
    {
        var map = await LoadAsync(wish, cancellation).ConfigureAwait(false);
        return map.Keys.IndexOf(key) is >= 0 and var row ? MapPicture.Row(map, row) : null;
    }

    /// <summary>What the rows of these keys have in common; null where the map lacks one of them.</summary>
    public async Task<PickedRows?> PickAsync(MapWish wish, IReadOnlyCollection<string> keys, CancellationToken cancellation)
    {
        var map = await LoadAsync(wish, cancellation).ConfigureAwait(false);
        var wanted = keys.ToHashSet(StringComparer.Ordinal);
        var picked = Enumerable.Range(0, map.Rows).Where(row => wanted.Contains(map.Keys[row])).ToHashSet();
        return picked.Count == wanted.Count ? new MapSelection(map, segments).Of(picked) : null;
    }

    public void Dispose() => _one.Dispose();

    private async Task<LoadedMap> LoadAsync(MapWish wish, CancellationToken cancellation)
    {
        if (authored.Dataset(wish.Dataset) is not var (monitor, _))
        {
            throw new DatasetException($"no monitor knows a dataset \"{wish.Dataset}\"");
        }

        var model = monitor.Model is { } name ? authored.Model(name) : null;
        await _one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var kept = _kept.Find(one => IsSame(one.Wish, wish) && ReferenceEquals(one.Map.Monitor, monitor) && ReferenceEquals(one.Model, model));
            var map = kept.Map ?? await LoadAsync(wish, monitor, cancellation).ConfigureAwait(false);
            _kept.Remove(kept);
            _kept.Insert(0, (wish, model, map));
            _kept.RemoveRange(Math.Min(MostKept, _kept.Count), Math.Max(0, _kept.Count - MostKept));
            return map;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>A version never changes, whenever it is looked at.</summary>
    private static bool IsSame(MapWish left, MapWish right) =>
        left.Dataset == right.Dataset && left.Version?.Id == right.Version?.Id && (left.Version is not null || left.At == right.At);

    private async Task<LoadedMap> LoadAsync(MapWish wish, MonitorFile monitor, CancellationToken cancellation)
    {
        var folder = Directory.CreateDirectory(Path.Combine(analytics.Folder, "map")).FullName;
        try
        {
            var draft = wish.Version is { } version ? VersionSample.Take(versions, version, (Path.Combine(folder, "rows.parquet"), MostRows, analytics.Options), cancellation) : null;
            var rows = draft is null ? access : access.With(draft);
            using var opened = await rows.OpenAsync(new DatasetWish(wish.Dataset, wish.At, wish.Version?.Id), folder, cancellation).ConfigureAwait(false);
            var confirmed = draft is null ? ConfirmedRows.None : versions.Confirmed(draft, VersionSource.LabelSetOf(opened.Model), cancellation);
            return new MapReading(opened, confirmed).Read(monitor, wish.At);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
