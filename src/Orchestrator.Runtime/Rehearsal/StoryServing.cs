using System.Globalization;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Models;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>The deployment of a story: scores arriving rows with the champion of the time and logs what it predicted.</summary>
/// <param name="latencyOf">How long a version takes for a prediction; null where it takes as long as any.</param>
internal sealed class StoryServing(Node node, Func<string, TimeSpan?> latencyOf)
{
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(3);

    private readonly StoryScoring _scoring = new(node);

    /// <summary>The rows with prediction, scores, time, version and latency, in the columns that the dataset's roles name.</summary>
    public async Task<CsvTable> ServeAsync(CsvTable rows, (DatasetSpec Dataset, string Model) served, DateTimeOffset at, CancellationToken cancellation)
    {
        var (dataset, model) = served;
        var version = ChampionAt(model, at) ?? throw new StoryException([$"the model {model} has no champion at {at:u}: the scenario has to train one before rows are served"]);
        var (_, scores) = await _scoring.ScoreAsync(version, rows, dataset, cancellation).ConfigureAwait(false);
        var columns = LogColumns(dataset.Roles, (scores, node.Authored.Model(model)!.Task), latencyOf(version.Id) ?? Usual);
        return rows.With([.. columns.Select(column => column.Name)], row => columns.Select(column => column.Value(new Scored(version.Id, at, row))));
    }

    private ModelVersion? ChampionAt(string model, DateTimeOffset at) => node.Database.Read(connection =>
        ChampionStore.History(connection, model).LastOrDefault(move => move.At <= at)?.To is { } id ? ModelStore.Find(connection, id) : null);

    private static List<(string Name, Func<Scored, string> Value)> LogColumns(ColumnRoles roles, (ModelScores Scores, ModelTask Task) said, TimeSpan latency)
    {
        var (scores, task) = said;
        var columns = new List<(string, Func<Scored, string>)>();
        Add(roles.Time, scored => scored.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        Add(roles.Prediction, scored => Prediction(scores, task, scored.Row));
        Add(roles.ModelVersion, scored => scored.Version);
        Add(roles.Latency?.Column, scored => Latency(scored, latency, roles.Latency!));
        for (var i = 0; roles.Scores is ScoreColumns.Pattern pattern && i < scores.Classes.Length; i++)
        {
            var at = i;
            Add(pattern.Columns.Replace("*", scores.Classes[i], StringComparison.Ordinal), scored => ((float)scores.Probabilities[scored.Row][at]).ToString("R", CultureInfo.InvariantCulture));
        }

        return columns;

        void Add(string? name, Func<Scored, string> value)
        {
            if (name is not null)
            {
                columns.Add((name, value));
            }
        }
    }

    /// <summary>Of two classes the positive one from the model file's threshold on; else the model's own word.</summary>
    private static string Prediction(ModelScores scores, ModelTask task, int row)
    {
        if (scores.Predictions is not null || task is not ModelTask.Binary binary || scores.Classes is not [var first, var second] || !scores.Classes.Contains(binary.Positive))
        {
            return scores.Prediction(row);
        }

        var other = first == binary.Positive ? second : first;
        return scores.Probabilities[row][scores.Classes.IndexOf(binary.Positive)] >= binary.Threshold ? binary.Positive : other;
    }

    /// <summary>A deployment of a story has a latency of its own making: that of its version and up to a third more, the same for the same row in every run.</summary>
    private static string Latency(Scored scored, TimeSpan latency, LatencyColumn column) =>
        (latency.TotalSeconds * (1 + (scored.Row * 7919 % 1000 / 3000.0)) / column.Seconds).ToString("0.####", CultureInfo.InvariantCulture);

    private sealed record Scored(string Version, DateTimeOffset At, int Row);
}
