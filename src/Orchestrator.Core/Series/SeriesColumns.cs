namespace Orchestrator.Core.Series;

/// <summary>The newest sample of each series, as columns by metric; one owner feeds it the batches that the store takes in, in their order.</summary>
/// <remarks>What lies before the newest sample is in a <see cref="SeriesSnapshot"/> of the same batches.</remarks>
public sealed class SeriesColumns
{
    private readonly Dictionary<string, MetricColumn> _metrics = new(StringComparer.Ordinal);
    private readonly Dictionary<Labels, Place> _places = [];

    /// <summary>The highest batch taken in.</summary>
    public long Watermark { get; private set; } = -1;

    public int SeriesCount => _places.Count;

    /// <summary>Takes in the samples of a batch; batches come in order, and one may come in several parts.</summary>
    public void Append(long batch, IEnumerable<LabelledSample> samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, Watermark);
        Watermark = batch;
        foreach (var (labels, sample) in samples)
        {
            Put(labels, sample);
        }
    }

    /// <summary>Catches up with a later snapshot of the store that is followed.</summary>
    public void Follow(SeriesSnapshot snapshot)
    {
        foreach (var points in snapshot.All)
        {
            if ((points.LastBatch > Watermark || !_places.ContainsKey(points.Labels)) && points.Newest is { } newest)
            {
                Put(points.Labels, newest);
            }
        }

        Watermark = snapshot.Watermark;
    }

    /// <summary>Forgets series whose newest sample is older than a time, as the store does.</summary>
    public void DropBefore(long time)
    {
        foreach (var column in _metrics.Values)
        {
            column.HideBefore(time);
        }
    }

    /// <summary>The column of a metric, its lanes in the order of their labels; none before its first sample.</summary>
    internal MetricColumn? Find(string metric) => _metrics.GetValueOrDefault(metric);

    internal void Put(Labels labels, in Sample sample)
    {
        if (!_places.TryGetValue(labels, out var place))
        {
            place = Join(labels);
        }

        place.Column.Put(place.Series, sample);
    }

    private Place Join(Labels labels)
    {
        var name = labels.Name;
        if (!_metrics.TryGetValue(name, out var column))
        {
            _metrics.Add(name, column = new MetricColumn());
        }

        var place = new Place(column, column.Join(labels));
        _places.Add(labels, place);
        return place;
    }

    private readonly record struct Place(MetricColumn Column, int Series);
}
