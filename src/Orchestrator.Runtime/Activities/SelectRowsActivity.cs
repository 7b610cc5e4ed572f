using System.Collections.Immutable;
using Orchestrator.Core.Metrics.LabelErrors;
using Orchestrator.Core.Metrics.Selection;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Activities;

/// <summary>Selects rows of another dataset that a training set would gain most from; never one that models are compared on or that is learnt from already.</summary>
public sealed class SelectRowsActivity(LearnableRows learnable, DatasetAccess access, ChampionScores champions, ArtifactStore artifacts) : IActivity
{
    private static readonly ImmutableArray<string> Strategies = ["uncertain", "diverse", "similar", "newest"];

    public string Type => "Orchestrator.SelectRows";

    public async Task<ActivityResult> RunAsync(ActivityCall call, CancellationToken cancellation)
    {
        var wish = Read(call);
        using var pool = await learnable.OpenAsync(wish.From, call.Now, call.Folder, cancellation);
        using var training = await access.OpenAsync(new DatasetWish(wish.Dataset, call.Now), call.Folder, cancellation);
        var known = Examples.LoadAll(training, null, cancellation);
        var compared = await learnable.ComparedContentsAsync(wish.From, call.Now, call.Folder, cancellation);
        var candidates = Candidates(pool, (training, known), compared);
        call.Progress($"choosing {wish.Budget} of {candidates.Rows.Count} rows of {wish.From}");
        var chosen = await ChooseAsync(wish with { Folder = call.Folder }, pool, (candidates, known), cancellation);
        var list = List(wish, pool, candidates, chosen) with { Classes = training.Prepared.Matured.Classes };
        var artifact = await artifacts.PutTextAsync(Json.Write(list), cancellation);
        var toLabel = list.Rows.Count(row => row.Given.Length == 0);
        var outcome = list.Rows.IsEmpty ? "None" : toLabel > 0 ? "Found" : "Labelled";
        return ActivityResult.Done(outcome, ("SelectedRows", artifact), ("Count", list.Rows.Length), ("Unlabelled", toLabel));
    }

    private static Wish Read(ActivityCall call)
    {
        var wish = new Wish(
            call.Text("Dataset"), call.Text("From"), call.OptionalText("Strategy") ?? Strategies[0], call.OptionalNumber("Budget") ?? 0, call.OptionalText("Segment"));
        if (!Strategies.Contains(wish.Strategy, StringComparer.Ordinal))
        {
            throw new ActivityInputException($"the strategy \"{wish.Strategy}\" is not known; allowed: {string.Join(", ", Strategies)}");
        }

        if (wish.Budget < 1 || wish.From == wish.Dataset)
        {
            throw new ActivityInputException(wish.Budget < 1 ? $"a budget of {wish.Budget} selects nothing; allowed: at least 1 row" : $"{wish.Dataset} cannot gain from rows of its own; From is another dataset");
        }

        return wish;
    }

    /// <summary>What is neither learnt from already nor compared on; where labels are observed, only rows whose label is there.</summary>
    private static Examples Candidates(Learnable pool, (OpenedDataset Opened, Examples Rows) training, HashSet<string> compared)
    {
        var sameIds = pool.Opened.Prepared.Spec.Roles.Id == training.Opened.Prepared.Spec.Roles.Id;
        var ids = sameIds ? training.Rows.Rows.Ids.ToHashSet(StringComparer.Ordinal) : [];
        var contents = training.Rows.Contents.ToHashSet(StringComparer.Ordinal);
        var byVectors = pool.Opened.Prepared.Matured.EmbeddingWidth is > 0 and var width && width == training.Opened.Prepared.Matured.EmbeddingWidth;
        var observed = pool.Opened.Model is { Labels.Origin: LabelOrigin.Observed };
        return pool.Rows.Where(row =>
            !ids.Contains(pool.Rows.Rows.Ids[row]) && !contents.Contains(pool.Rows.Contents[row]) && !compared.Contains(pool.Rows.Contents[row])
            && (!observed || pool.Rows.Rows.Labels[row] is not null) && (!byVectors || pool.Rows.Vectors[row] is not null));
    }

    private async Task<ImmutableArray<RankedRow>> ChooseAsync(Wish wish, Learnable pool, (Examples Candidates, Examples Known) rows, CancellationToken cancellation)
    {
        var segment = wish.Segment is null ? null : SegmentMembers.Of(pool.Opened, wish.Segment);
        if (wish.Strategy == "similar")
        {
            var failing = await FailingAsync(pool, (segment, wish.Folder), cancellation);
            return failing.Rows.Count > 0 ? Similar(rows.Candidates, failing, wish.Budget) : Diverse(rows.Candidates, rows.Known, wish.Budget);
        }

        var inside = Enumerable.Range(0, rows.Candidates.Rows.Count).Where(row => segment is null || segment.Contains(rows.Candidates.Rows.Ids[row])).ToList();
        var candidates = rows.Candidates.At(inside);
        var chosen = wish.Strategy switch
        {
            "newest" => Newest(pool.Opened, candidates.Rows.Ids, wish.Budget),
            "uncertain" when await champions.OfAsync(pool.Opened.Model, candidates.Rows, wish.Folder, cancellation) is { Probabilities.Count: > 0 } scored => RowSelection.Uncertain(candidates.Rows.Ids, scored.Probabilities, wish.Budget),
            _ => Diverse(candidates, rows.Known, wish.Budget),
        };
        return [.. chosen.Select(ranked => ranked with { Row = inside[ranked.Row] })];
    }

    /// <summary>Labelled rows of the segment that the champion gets wrong; all of them where no champion serves.</summary>
    private async Task<Examples> FailingAsync(Learnable pool, (HashSet<string>? Segment, string Folder) wish, CancellationToken cancellation)
    {
        var inside = pool.Rows.Where(row => wish.Segment is null || wish.Segment.Contains(pool.Rows.Rows.Ids[row]));
        return await champions.OfAsync(pool.Opened.Model, inside.Rows, wish.Folder, cancellation) is { } scored
            ? inside.Where(row => inside.Rows.Labels[row] is { } label && label != scored.Predictions[row])
            : inside;
    }

    private static ImmutableArray<RankedRow> Similar(Examples candidates, Examples failing, int budget)
    {
        var space = Space(candidates, failing);
        return RowSelection.Similar(candidates.Rows.Ids, space[0], space[1], budget);
    }

    private static ImmutableArray<RankedRow> Diverse(Examples candidates, Examples known, int budget)
    {
        var space = Space(candidates, known);
        return RowSelection.Diverse(candidates.Rows.Ids, space[0], space[1].Rows > 0 ? space[1] : null, budget);
    }

    /// <summary>Embeddings, where both have some; else the features.</summary>
    private static FeatureMatrix[] Space(Examples candidates, Examples others) =>
        FeatureSpace.OfVectors(candidates, others.Where(row => others.Vectors.IsEmpty || others.Vectors[row] is not null)) ?? FeatureSpace.Of(candidates.Rows, others.Rows);

    private static ImmutableArray<RankedRow> Newest(OpenedDataset opened, ImmutableArray<string> ids, int budget)
    {
        var times = SourceRows.Times(opened);
        return [.. Enumerable.Range(0, ids.Length).OrderByDescending(row => times.GetValueOrDefault(ids[row])).ThenBy(row => ids[row], StringComparer.Ordinal)
            .Take(budget).Select((row, place) => new RankedRow(row, 1 - ((double)place / budget)))];
    }

    private static SuspectList List(Wish wish, Learnable pool, Examples candidates, ImmutableArray<RankedRow> chosen)
    {
        var spec = pool.Opened.Prepared.Spec;
        var cells = SourceRows.Cells(pool.Opened, [.. chosen.Select(ranked => candidates.Rows.Ids[ranked.Row])]);
        var rows = chosen.Select(ranked => (Id: candidates.Rows.Ids[ranked.Row], Label: candidates.Rows.Labels[ranked.Row], ranked.Score)).Select(row => new SuspectRow(
            row.Id, Core.Metrics.RowContent.Hash(cells[row.Id].Where(cell => cell.Key != spec.Roles.Label)), row.Label ?? "", "", row.Score, false, cells[row.Id]));
        return new SuspectList(wish.From, pool.Opened.Version?.Id ?? "", wish.Segment, VersionSource.LabelSetOf(pool.Opened.Model), [], [.. rows]) { Into = wish.Dataset };
    }

    private sealed record Wish(string Dataset, string From, string Strategy, int Budget, string? Segment)
    {
        public string Folder { get; init; } = "";
    }
}
