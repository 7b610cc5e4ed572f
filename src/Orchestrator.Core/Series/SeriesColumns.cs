using System.Runtime.InteropServices;

namespace Orchestrator.Core.Series;

/// <summary>The newest sample of each series, as columns by metric; one owner feeds it the batches that the store takes in, in their order.</summary>
/// <remarks>What lies before the newest sample is in a <see cref="SeriesSnapshot"/> of the same batches.</remarks>
public sealed class SeriesColumns
{
    private readonly Dictionary<string, MetricColumn> _metrics = new(StringComparer.Ordinal);
    private MetricColumn _last = new(); // that a sample was put into
    private string? _lastName;

    /// <summary>The highest batch taken in.</summary>
    public long Watermark { get; private set; } = -1;

    public int SeriesCount => _metrics.Values.Sum(column => column.Count);

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
            if ((points.LastBatch > Watermark || Of(points.Labels.Name).SeriesOf(points.Labels) < 0) && points.Newest is { } newest)
            {
                Put(points.Labels, newest);
            }
        }

        Watermark = snapshot.Watermark;
    }

    /// <summary>The column of a metric, its lanes in the order of their labels; none before its first sample.</summary>
    internal MetricColumn? Find(string metric) => _metrics.GetValueOrDefault(metric);

    internal void Put(Labels labels, in Sample sample)
    {
        var column = Of(labels.Name);
        var series = column.SeriesOf(labels);
        column.Put(series < 0 ? column.Join(labels) : series, sample);
    }

    private MetricColumn Of(string name)
    {
        if (!string.Equals(name, _lastName, StringComparison.Ordinal))
        {
            ref var column = ref CollectionsMarshal.GetValueRefOrAddDefault(_metrics, name, out _);
            (_last, _lastName) = (column ??= new MetricColumn(), name);
        }

        return _last;
    }
}
