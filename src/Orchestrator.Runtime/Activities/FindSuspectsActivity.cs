using System.Collections.Immutable;
using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Activities;

/// <summary>Ranks the rows of a dataset's current version by how likely their label is wrong, as the monitor's metric does.</summary>
public sealed class FindSuspectsActivity(DatasetAccess access, DatasetVersions versions, ArtifactStore artifacts) : IActivity
{
    private const string LabelErrors = "label_errors";

    public string Type => "Orchestrator.FindSuspects";

    public async Task<ActivityResult> RunAsync(ActivityCall call, CancellationToken cancellation)
    {
        var method = call.OptionalText("Method") ?? LabelErrors;
        var rounds = new LabelRounds(
            call.OptionalNumber("Budget") ?? throw new ActivityInputException("the input Budget is missing"), call.OptionalNumber("Rounds") ?? 1, call.OptionalShare("MinYield") ?? 0);
        if (method != LabelErrors || rounds.Budget < 1 || rounds.Rounds < 1)
        {
            throw new ActivityInputException(
                $"the method \"{method}\" with a budget of {rounds.Budget} in {rounds.Rounds} rounds cannot be run; allowed: {LabelErrors}, at least 1 row and 1 round");
        }

        var asked = call.OptionalNumber("Asked") ?? 0;
        var budget = rounds.Next(asked, call.OptionalNumber("Answered") ?? 0, call.OptionalNumber("Changed") ?? 0);
        try
        {
            return budget == 0
                ? ActivityResult.Done("None", ("Count", 0), ("HasAsked", true))
                : await FindAsync(call, (budget, asked > 0), cancellation);
        }
        catch (DatasetException error)
        {
            return new ActivityResult.Failed(error.Message, Retryable: false);
        }
    }

    private async Task<ActivityResult> FindAsync(ActivityCall call, (int Budget, bool HasAsked) round, CancellationToken cancellation)
    {
        using var opened = await access.OpenAsync(new DatasetWish(call.Text("Dataset"), call.Now), call.Folder, cancellation);
        var version = opened.Version ?? throw new ActivityInputException($"the dataset {call.Text("Dataset")} has no versions: only what models learn from has");
        call.Progress($"ranking {version.Manifest.Rows} rows");
        var suspects = await RankAsync(opened, version, call.OptionalText("Segment"), cancellation);
        cancellation.ThrowIfCancellationRequested();
        var none = !suspects.Exists(suspect => suspect.Flagged);
        var list = await ListAsync(opened, version, (call.OptionalText("Segment"), none ? [] : [.. suspects.Take(round.Budget)]), cancellation);
        var artifact = await artifacts.PutTextAsync(Json.Write(list), cancellation);
        return ActivityResult.Done(none ? "None" : "Found", ("Suspects", artifact), ("Count", list.Rows.Length), ("DatasetVersion", version.Id), ("HasAsked", round.HasAsked));
    }

    private async Task<List<Suspect>> RankAsync(OpenedDataset opened, DatasetVersion version, string? segment, CancellationToken cancellation)
    {
        var loaded = LoadedRows.Load(opened.Connection, opened.Prepared.Matured);
        if (loaded.Rows.Labels.Distinct().Count() < 2)
        {
            throw new DatasetException($"the labelled rows of {version.Dataset} are of fewer than two classes: no label can be told from another");
        }

        var confirmed = (await versions.ConfirmedAsync(version, VersionSource.LabelSetOf(opened.Model), cancellation))
            .Among(opened.Connection, opened.Prepared, loaded.Rows.Ids);
        var report = LabelErrorReport.Of(loaded.Rows, opened.Prepared.Matured.Classes, confirmed, new NeighbourOptions());
        var inside = Inside(loaded, segment);
        return [.. report.Within(int.MaxValue).Where(suspect => inside.Contains(suspect.Id))];
    }

    private static HashSet<string> Inside(LoadedRows loaded, string? segment)
    {
        var wanted = segment is null ? null : Normal(segment);
        var known = loaded.Segments.SelectMany(names => names).ToHashSet(StringComparer.Ordinal);
        if (wanted is not null && !known.Contains(wanted))
        {
            throw new ActivityInputException($"no row lies in the segment {segment}; there are {string.Join(", ", known.Order(StringComparer.Ordinal).Take(20))}");
        }

        return loaded.Rows.Ids.Where((_, row) => wanted is null || loaded.Segments[row].Contains(wanted)).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary><c>ink='q4'</c> is <c>ink = 'q4'</c>.</summary>
    internal static string Normal(string segment)
    {
        var equals = segment.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? segment : $"{segment[..equals].Trim()} = {segment[(equals + 1)..].Trim()}";
    }

    private async Task<SuspectList> ListAsync(
        OpenedDataset opened, DatasetVersion version, (string? Segment, ImmutableArray<Suspect> Suspects) found, CancellationToken cancellation)
    {
        var ids = found.Suspects.Select(suspect => suspect.Id);
        var rows = (await versions.RowsAsync(version, ids, cancellation)).DistinctBy(row => row.Id).ToDictionary(row => row.Id, StringComparer.Ordinal);
        var listed = found.Suspects.Select(suspect => new SuspectRow(
            suspect.Id,
            rows[suspect.Id].ContentWithout(version.Manifest.Label),
            suspect.Given,
            suspect.Suggested,
            1 - suspect.NormalizedMargin,
            suspect.Flagged,
            rows[suspect.Id].Cells));
        return new(
            version.Dataset, version.Id, found.Segment, VersionSource.LabelSetOf(opened.Model), opened.Prepared.Matured.Classes, [.. listed]);
    }
}
