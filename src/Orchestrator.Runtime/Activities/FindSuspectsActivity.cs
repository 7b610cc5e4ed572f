using System.Collections.Immutable;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Activities;

/// <summary>Ranks the rows of a dataset's current version by how likely their label is wrong, as the monitor's metric does.</summary>
public sealed class FindSuspectsActivity(DatasetAccess access, DatasetVersions versions, ArtifactStore artifacts) : IActivity
{
    private readonly SuspectRanking _ranking = new(versions);

    public string Type => "Orchestrator.FindSuspects";

    public async Task<ActivityResult> RunAsync(ActivityCall call, CancellationToken cancellation)
    {
        var method = Method(call.OptionalText("Method") ?? RankingMethod.Default.Name);
        var rounds = new LabelRounds(
            call.OptionalNumber("Budget") ?? throw new ActivityInputException("the input Budget is missing"), call.OptionalNumber("Rounds") ?? 1, call.OptionalShare("MinYield") ?? 0);
        if (rounds.Budget < 1 || rounds.Rounds < 1)
        {
            throw new ActivityInputException($"a budget of {rounds.Budget} rows in {rounds.Rounds} rounds cannot be asked for; allowed: at least 1 row and 1 round");
        }

        var asked = call.OptionalNumber("Asked") ?? 0;
        var budget = rounds.Next(asked, call.OptionalNumber("Answered") ?? 0, call.OptionalNumber("Changed") ?? 0);
        try
        {
            return budget == 0
                ? ActivityResult.Done("None", ("Count", 0), ("HasAsked", true))
                : await FindAsync(call, (method, budget, asked > 0), cancellation);
        }
        catch (DatasetException error)
        {
            return new ActivityResult.Failed(error.Message, Retryable: false);
        }
    }

    private async Task<ActivityResult> FindAsync(ActivityCall call, (RankingMethod Method, int Budget, bool HasAsked) round, CancellationToken cancellation)
    {
        using var opened = await access.OpenAsync(new DatasetWish(call.Text("Dataset"), call.Now), call.Folder, cancellation);
        var version = opened.Version ?? throw new ActivityInputException($"the dataset {call.Text("Dataset")} has no versions: only what models learn from has");
        call.Progress($"ranking {version.Manifest.Rows} rows");
        var suspects = (await _ranking.RankAsync(opened, version, (call.OptionalText("Segment"), round.Method), cancellation)).Candidates.ToList();
        cancellation.ThrowIfCancellationRequested();
        var none = !suspects.Exists(suspect => suspect.Flagged);
        var list = await ListAsync(opened, version, (call.OptionalText("Segment"), none ? [] : [.. suspects.Take(round.Budget)]), cancellation);
        var artifact = await artifacts.PutTextAsync(Json.Write(list), cancellation);
        return ActivityResult.Done(none ? "None" : "Found", ("Suspects", artifact), ("Count", list.Rows.Length), ("DatasetVersion", version.Id), ("HasAsked", round.HasAsked));
    }

    private static RankingMethod Method(string name)
    {
        var names = RankingMethod.All.Select(method => method.Name).ToList();
        var nearest = Nearest.To(name, names) is { } near ? $"; did you mean {near}?" : "";
        return RankingMethod.All.FirstOrDefault(method => method.Name == name)
            ?? throw new ActivityInputException($"the method \"{name}\" is not known; allowed: {string.Join(", ", names)}{nearest}");
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
