using System.Collections.Immutable;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Metrics.Drift;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Both sides of a comparison as its reader sees them.</summary>
/// <param name="At">The measurement whose rows they are.</param>
/// <param name="Features">Names of all features that both sides have.</param>
/// <param name="Histograms">Those of the features that were asked for.</param>
public sealed record DriftShown(
    string Dataset, string Reference, DateTimeOffset At, long Rows, long ReferenceRows, ImmutableArray<string> Features, ImmutableArray<FeatureHistogram> Histograms);

/// <summary>Counts how features are spread in a dataset and in its reference, for people to look at.</summary>
public sealed class DriftReading(DatasetAccess access, string spill) : IDisposable
{
    /// <summary>What is looked at must not take the memory of what is measured.</summary>
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Null where the dataset names no reference.</summary>
    /// <param name="features">Those whose histograms are wanted; the first ones where there are none.</param>
    public async Task<DriftShown?> ReadAsync(string dataset, IReadOnlyCollection<string> features, DateTimeOffset at, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            using var opened = await access.OpenAsync(new DatasetWish(dataset, at) { Compares = true }, spill, cancellation).ConfigureAwait(false);
            return opened.Prepared.Current is { Reference: { } reference } shape ? Read(opened, shape, reference, features) with { At = at } : null;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private static DriftShown Read(OpenedDataset opened, RelationShape shape, ReferenceShape reference, IReadOnlyCollection<string> asked)
    {
        var features = asked.Count > 0 ? asked : FeatureHistogram.Compared(shape);
        var rows = FeatureHistogram.Plan(shape, features).SelectMany(query => opened.Connection.Query(
            query, reader => new ReducedRow(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3), reader.GetDouble(4), reader.GetDouble(5))));
        return new(opened.Prepared.Spec.Name, reference.Name, default, shape.Rows, reference.Shape.Rows, FeatureHistogram.Compared(shape), [.. FeatureHistogram.Close(shape, features, rows)]);
    }
}
