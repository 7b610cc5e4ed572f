using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Metrics;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Activities;

/// <summary>Makes the patch of each operation by which a dataset can be rebuilt.</summary>
public sealed class RebuildOperations(DatasetVersions versions, DatasetAccess access, LearnableRows learnable, ArtifactStore artifacts)
{
    public static readonly ImmutableArray<string> Names = ["relabel", "add", "window", "drop", "quarantine", "dedupe", "rebalance", "drop_feature"];

    /// <summary>Throws <see cref="ActivityInputException"/> where the inputs do not say what is to be done, <see cref="DatasetException"/> where it cannot be done.</summary>
    public Task<DataPatch> MakeAsync(ActivityCall call, DatasetVersion current, CancellationToken cancellation) => call.OptionalText("Operation") switch
    {
        null or "relabel" => ReadAsync(call.Text("Patch"), DataPatch.Read, cancellation),
        "add" => AddAsync(call, current, cancellation),
        "window" => WindowAsync(call, current, cancellation),
        "drop" or "quarantine" => TakeOutAsync(call, current, cancellation),
        "dedupe" or "rebalance" or "drop_feature" => EditAsync(call, current, cancellation),
        { } other => throw new ActivityInputException($"the operation \"{other}\" is not known; allowed: {string.Join(", ", Names)}"),
    };

    private async Task<DataPatch> AddAsync(ActivityCall call, DatasetVersion current, CancellationToken cancellation)
    {
        var selected = await ReadAsync(call.Text("SelectedRows"), Json.Read<SuspectList>, cancellation);
        if (selected.Into != current.Dataset)
        {
            throw new ActivityInputException($"the rows were selected for {selected.Into ?? "no dataset"}, not for {current.Dataset}");
        }

        var answers = call.OptionalText("Patch") is { } artifact ? await ReadAsync(artifact, DataPatch.Read, cancellation) : null;
        return AddedRows.Patch(selected, answers, current);
    }

    /// <summary>The newest labelled rows, so many of them or those of a span of time, in place of the rows that the dataset has.</summary>
    private async Task<DataPatch> WindowAsync(ActivityCall call, DatasetVersion current, CancellationToken cancellation)
    {
        var (limit, span) = (call.OptionalNumber("Limit"), call.OptionalSpan("Window"));
        if (limit is null == span is null || limit < 1 || span <= TimeSpan.Zero)
        {
            throw new ActivityInputException("a window is so many rows or a span of time; allowed: one of Limit (at least 1) and Window (more than no time)");
        }

        using var served = await learnable.OpenAsync(call.Text("From"), call.Now, call.Folder, cancellation);
        var newest = served.Newest(limit, span);
        if (newest.IsEmpty)
        {
            throw new DatasetException($"no row of {call.Text("From")} has a label that may be learnt from");
        }

        var cells = SourceRows.Cells(served.Opened, [.. newest.Select(row => row.Id)]);
        var rows = newest.Select(row => new SuspectRow(row.Id, RowContent.Hash(cells[row.Id]), row.Label, "", 0, false, cells[row.Id]));
        var window = new SuspectList(call.Text("From"), "", null, "", [], [.. rows]) { Into = current.Dataset };
        return TrainingWindow.Patch(window, current, await versions.RowsAsync(current, null, cancellation));
    }

    /// <summary>The rows of a list, or of a segment, leave the dataset.</summary>
    private async Task<DataPatch> TakeOutAsync(ActivityCall call, DatasetVersion current, CancellationToken cancellation)
    {
        var ids = await NamedAsync(call, current, cancellation);
        var rows = await versions.RowsAsync(current, ids, cancellation);
        if (rows.Count == 0 || rows.Count >= current.Manifest.Rows)
        {
            throw new DatasetException($"{rows.Count} of {current.Manifest.Rows} rows of {current.Dataset} would leave it; allowed: at least one, and never all");
        }

        return DataPatch.Of(current.Dataset, current.Id, call.OptionalText("Operation") == "drop" ? RowEdits.Drop(rows, ids) : RowEdits.Quarantine(rows, ids));
    }

    private async Task<HashSet<string>> NamedAsync(ActivityCall call, DatasetVersion current, CancellationToken cancellation)
    {
        if (call.OptionalText("SelectedRows") is { } artifact)
        {
            return (await ReadAsync(artifact, Json.Read<SuspectList>, cancellation)).Rows.Select(row => row.Id).ToHashSet(StringComparer.Ordinal);
        }

        var segment = call.OptionalText("Segment") ?? throw new ActivityInputException("nothing says which rows leave the dataset; allowed: one of SelectedRows and Segment");
        using var opened = await access.OpenAsync(new DatasetWish(current.Dataset, call.Now, current.Id), call.Folder, cancellation);
        return SegmentMembers.Of(opened, segment);
    }

    private async Task<DataPatch> EditAsync(ActivityCall call, DatasetVersion current, CancellationToken cancellation)
    {
        var id = current.Manifest.Id ?? throw new DatasetException($"the dataset {current.Dataset} has no column with the role \"id\": its rows cannot be told apart");
        var rows = await versions.RowsAsync(current, null, cancellation);
        return call.OptionalText("Operation") switch
        {
            "dedupe" => DataPatch.Of(current.Dataset, current.Id, RowEdits.Dedupe(rows, id)),
            "rebalance" => DataPatch.Of(current.Dataset, current.Id, RowEdits.Rebalance(rows, id, Upwards(call))),
            _ => DataPatch.Of(current.Dataset, current.Id, []) with { Column = RowEdits.DropFeature(rows, current, call.Text("Feature")) },
        };
    }

    private static bool Upwards(ActivityCall call) => (call.OptionalText("Method") ?? "down") switch
    {
        "down" => false,
        "up" => true,
        { } other => throw new ActivityInputException($"the method \"{other}\" is not known; allowed: down, up"),
    };

    private async Task<T> ReadAsync<T>(string artifact, Func<string, T> read, CancellationToken cancellation)
    {
        try
        {
            return read(await artifacts.ReadTextAsync(artifact, cancellation));
        }
        catch (JsonException error)
        {
            throw new ActivityInputException($"the artifact {artifact} is no {typeof(T).Name}: {error.Message}");
        }
    }
}
