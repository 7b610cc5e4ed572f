using System.Globalization;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>Rows of a story with what a version says of them.</summary>
internal sealed record StoryScores(FeatureRows Rows, ModelScores Scores);

/// <summary>Scores rows of a story as a deployment of the version would: in the box, or by the model file's command.</summary>
internal sealed class StoryScoring(Node node)
{
    private readonly Dictionary<string, FeatureRows> _learned = new(StringComparer.Ordinal);

    public async Task<StoryScores> ScoreAsync(ModelVersion version, CsvTable rows, DatasetSpec dataset, CancellationToken cancellation)
    {
        var model = node.Authored.Model(version.Model) ?? throw new StoryException([$"no model file says how {version.Model} scores"]);
        var isByCommand = !version.IsOfTheBox && model.Score is { } score && score.Runner != Training.InTheBox;
        return isByCommand
            ? await ByCommandAsync((model, version), rows, dataset, cancellation).ConfigureAwait(false)
            : InTheBox(await node.Artifacts.ReadAsync(version.Digest, cancellation).ConfigureAwait(false), rows, dataset);
    }

    public static StoryScores InTheBox(byte[] artifact, CsvTable rows, DatasetSpec dataset)
    {
        var scorer = Scorer.Load(artifact);
        var features = Features(rows, dataset, scorer.Card.Encoding.Columns);
        return new(features, scorer.Score(features));
    }

    /// <summary>The rows as a model with these columns sees them.</summary>
    public static FeatureRows Features(CsvTable rows, DatasetSpec dataset, IEnumerable<ColumnEncoding> columns) =>
        Features(rows, dataset, columns.Select(column => Column(rows, column)));

    private static FeatureRows Features(CsvTable rows, DatasetSpec dataset, IEnumerable<FeatureColumn> columns) =>
        new(rows.Column(dataset.Roles.Id ?? "id"), [.. columns], [.. rows.Rows.Select(_ => (string?)null)]);

    private static FeatureColumn Column(CsvTable rows, ColumnEncoding encoding) => encoding switch
    {
        { Terms: not null } => Text(rows, encoding.Name),
        { Categories: not null } => Category(rows, encoding.Name),
        _ => Numeric(rows, encoding.Name),
    };

    private static FeatureColumn Column(CsvTable rows, FeatureColumn learned) => learned switch
    {
        FeatureColumn.Text => Text(rows, learned.Name),
        FeatureColumn.Category => Category(rows, learned.Name),
        _ => Numeric(rows, learned.Name),
    };

    private static FeatureColumn.Text Text(CsvTable rows, string name) => new(name, [.. rows.Column(name)]);

    private static FeatureColumn.Numeric Numeric(CsvTable rows, string name) => new(
        name, [.. rows.Column(name).Select(text => text.Length == 0 ? double.NaN : double.Parse(text, CultureInfo.InvariantCulture))]);

    private static FeatureColumn.Category Category(CsvTable rows, string name) =>
        new(name, [.. rows.Column(name).Select(text => text.Length == 0 ? null : text)]);

    private async Task<StoryScores> ByCommandAsync((ModelFile Model, ModelVersion Version) by, CsvTable rows, DatasetSpec dataset, CancellationToken cancellation)
    {
        var learned = await LearnedAsync(by.Version, cancellation).ConfigureAwait(false);
        var other = Other(by.Model.Task, learned);
        var features = Features(rows, dataset, learned.Features.Select(column => Column(rows, column))).WithLabels(rows.Rows.Select(_ => other));
        var folder = Directory.CreateDirectory(Path.Combine(node.Workspace.Attempts, $"story-{by.Version.Id}")).FullName;
        try
        {
            return new(features, await node.Scoring.ScoreAsync(new ScoringRequest(by.Model, by.Version, features, folder), cancellation).ConfigureAwait(false));
        }
        catch (Exception error) when (error is DatasetException or TrainingException)
        {
            throw new StoryException([$"{by.Version.Id} cannot serve: {error.Message}"]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What a command that gives the score of the positive class alone calls the other one; it never sees it.</summary>
    private static string? Other(ModelTask task, FeatureRows learned) =>
        task is ModelTask.Binary binary ? learned.Labels.FirstOrDefault(label => label is not null && label != binary.Positive) : null;

    /// <summary>What the version was trained on: its columns and their types are those that a command expects.</summary>
    private async Task<FeatureRows> LearnedAsync(ModelVersion version, CancellationToken cancellation)
    {
        if (!_learned.TryGetValue(version.Id, out var learned))
        {
            var wish = new DatasetWish(version.Dataset, node.Clocks.Now, version.DatasetVersion);
            using var opened = await node.Access.OpenAsync(wish, node.Workspace.Folder, cancellation).ConfigureAwait(false);
            _learned[version.Id] = learned = Examples.Load(opened, holdout: null, cancellation).Rows;
        }

        return learned;
    }
}
