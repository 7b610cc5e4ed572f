using System.Collections.Immutable;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Datasets;

namespace Orchestrator.Runtime.Models;

/// <summary>Rows of a dataset, with and without a label, that a model may learn from.</summary>
/// <param name="At">The instant up to which they were served: before the rows that versions are compared on begin.</param>
public sealed record Learnable(OpenedDataset Opened, Examples Rows, DateTimeOffset At) : IDisposable
{
    public void Dispose() => Opened.Dispose();

    /// <summary>The newest labelled rows, the newest first: so many at most, or those of a span of time before the newest.</summary>
    public ImmutableArray<(string Id, string Label)> Newest(int? limit, TimeSpan? span)
    {
        var times = SourceRows.Times(Opened);
        var labelled = Rows.Rows.Ids.Zip(Rows.Rows.Labels, (id, label) => (Id: id, Label: label, Time: times.GetValueOrDefault(id))).Where(row => row.Label is not null).ToList();
        var from = span is { } time ? labelled.Select(row => row.Time).DefaultIfEmpty(0).Max() - time.ToMicros() : long.MinValue;
        return [.. labelled.Where(row => row.Time > from).OrderByDescending(row => row.Time).ThenByDescending(row => row.Id, StringComparer.Ordinal)
            .Take(limit ?? int.MaxValue).Select(row => (row.Id, row.Label!))];
    }
}

/// <summary>Opens what models may learn from beside their training set: never a test split, and never rows that versions of the model are compared on.</summary>
public sealed class LearnableRows(DatasetAccess access, Authored authored)
{
    /// <summary>
    /// The matured rows. Where versions are compared on the same dataset, those of the model file's holdout are left out, or without a holdout those of its window and
    /// everything after it. Throws <see cref="DatasetException"/> where nothing of the dataset may be learnt from.
    /// </summary>
    /// <param name="folder">For what does not fit into memory.</param>
    public async Task<Learnable> OpenAsync(string dataset, DateTimeOffset now, string folder, CancellationToken cancellation)
    {
        var spec = authored.Dataset(dataset)?.Dataset ?? throw new DatasetException($"no monitor knows a dataset \"{dataset}\"");
        if (spec.Split == DatasetSplit.Test)
        {
            throw new DatasetException($"\"{dataset}\" is a test split: nothing is learnt from it");
        }

        var model = authored.Dataset(dataset)?.Monitor.Model is { } name ? authored.Model(name) : null;
        var at = now - Kept(model, dataset);
        var opened = await access.OpenAsync(new DatasetWish(dataset, at, Window: DatasetWish.Ever), folder, cancellation);
        try
        {
            var rows = Examples.LoadAll(opened, model?.Evaluate?.Holdout, cancellation);
            return new(opened, rows.Where(row => !rows.HeldOut[row]), at);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>When the dataset is measured next, and hence its labels are looked for.</summary>
    public DateTimeOffset NextLook(string dataset, DateTimeOffset now) =>
        authored.Dataset(dataset)?.Monitor.Schedule.Next(now) ?? throw new DatasetException($"no monitor knows a dataset \"{dataset}\"");

    /// <summary>Content hashes of rows that are only ever compared on: of test splits, and of what versions are compared on where that is another dataset.</summary>
    public async Task<HashSet<string>> ComparedContentsAsync(string dataset, DateTimeOffset now, string folder, CancellationToken cancellation)
    {
        var contents = new HashSet<string>(StringComparer.Ordinal);
        if (authored.Dataset(dataset) is not var (monitor, _))
        {
            return contents;
        }

        var evaluate = monitor.Model is { } name ? authored.Model(name)?.Evaluate : null;
        var compared = monitor.Datasets.Where(spec => spec.Split == DatasetSplit.Test).Select(spec => spec.Name);
        foreach (var other in compared.Concat(evaluate is null ? [] : [evaluate.Dataset]).Distinct(StringComparer.Ordinal).Where(other => other != dataset))
        {
            var window = other == evaluate?.Dataset ? evaluate.Window : null;
            using var opened = await access.OpenAsync(new DatasetWish(other, now, Window: window ?? DatasetWish.Ever), folder, cancellation);
            var rows = Examples.LoadAll(opened, other == evaluate?.Dataset ? evaluate.Holdout : null, cancellation);
            contents.UnionWith(rows.Where(row => evaluate?.Holdout is null || other != evaluate.Dataset || rows.HeldOut[row]).Contents);
        }

        return contents;
    }

    /// <summary>The time before now of which no row may be learnt from; a row once learnt from is never in a later window.</summary>
    private static TimeSpan Kept(ModelFile? model, string dataset)
    {
        if (model?.Evaluate is not { } evaluate || evaluate.Dataset != dataset || evaluate.Holdout is not null)
        {
            return TimeSpan.Zero;
        }

        var place = model.Source.At("evaluate", "dataset");
        return evaluate.Window ?? throw new DatasetException(
            $"{model.Source.Path}:{place.Line}:{place.Column}: TRAIN040 versions of {model.Name} are compared on all rows of {dataset}: none is left to learn from; "
            + "allowed: evaluate with a holdout, such as {by: id, share: 20%}, or with a window");
    }
}
