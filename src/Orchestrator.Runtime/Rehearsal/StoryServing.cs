using System.Globalization;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Models;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>The deployment of a story: scores arriving rows with the champion of the time and logs what it predicted.</summary>
/// <param name="latencyOf">How long a version takes for a prediction; null where it takes as long as any.</param>
internal sealed class StoryServing(Node node, Func<string, TimeSpan?> latencyOf)
{
    /// <summary>The rows with prediction, scores, time, version and latency, in the columns that the dataset's roles name.</summary>
    public async Task<CsvTable> ServeAsync(CsvTable rows, (DatasetSpec Dataset, string Model) served, DateTimeOffset at, CancellationToken cancellation)
    {
        var (dataset, model) = served;
        var version = ChampionAt(model, at) ?? throw new StoryException([$"the model {model} has no champion at {at:u}: the scenario has to train one before rows are served"]);
        var scorer = Scorer.Load(await node.Artifacts.ReadAsync(version.Digest, cancellation).ConfigureAwait(false));
        var scores = scorer.Score(Features(rows, dataset, scorer.Card.Encoding.Columns));
        var columns = LogColumns(dataset.Roles, scores, latencyOf(version.Id) ?? Usual);
        return rows.With([.. columns.Select(column => column.Name)], row => columns.Select(column => column.Value(new Scored(version.Id, at, row))));
    }

    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(3);

    private ModelVersion? ChampionAt(string model, DateTimeOffset at) => node.Database.Read(connection =>
        ChampionStore.History(connection, model).LastOrDefault(move => move.At <= at)?.To is { } id ? ModelStore.Find(connection, id) : null);

    /// <summary>The rows as a model with these columns sees them.</summary>
    public static FeatureRows Features(CsvTable rows, DatasetSpec dataset, IEnumerable<ColumnEncoding> columns)
    {
        return new FeatureRows(rows.Column(dataset.Roles.Id ?? "id"), [.. columns.Select(column => Feature(rows, column))], [.. rows.Rows.Select(_ => (string?)null)]);
    }

    private static FeatureColumn Feature(CsvTable rows, ColumnEncoding column)
    {
        var texts = rows.Column(column.Name);
        if (column.Terms is not null)
        {
            return new FeatureColumn.Text(column.Name, [.. texts]);
        }

        return column.Categories is null
            ? new FeatureColumn.Numeric(column.Name, [.. texts.Select(text => text.Length == 0 ? double.NaN : double.Parse(text, CultureInfo.InvariantCulture))])
            : new FeatureColumn.Category(column.Name, [.. texts.Select(text => text.Length == 0 ? null : text)]);
    }

    private static List<(string Name, Func<Scored, string> Value)> LogColumns(ColumnRoles roles, ModelScores scores, TimeSpan latency)
    {
        var columns = new List<(string, Func<Scored, string>)>();
        Add(roles.Time, scored => scored.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        Add(roles.Prediction, scored => scores.Prediction(scored.Row));
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

    /// <summary>A deployment of a story has a latency of its own making: that of its version and up to a third more, the same for the same row in every run.</summary>
    private static string Latency(Scored scored, TimeSpan latency, LatencyColumn column) =>
        (latency.TotalSeconds * (1 + (scored.Row * 7919 % 1000 / 3000.0)) / column.Seconds).ToString("0.####", CultureInfo.InvariantCulture);

    private sealed record Scored(string Version, DateTimeOffset At, int Row);
}
