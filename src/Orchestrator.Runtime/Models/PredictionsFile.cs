using System.Collections.Immutable;
using System.Globalization;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Datasets;

namespace Orchestrator.Runtime.Models;

/// <summary>
/// Predictions by row id that somebody else made, as CSV or Parquet: the column <c>id</c>, and <c>prediction</c>, or <c>p_CLASS</c> for each class, or both;
/// of a binary model <c>score</c>, or <c>p_CLASS</c> of its positive class, is enough.
/// </summary>
internal sealed class PredictionsFile
{
    private const string Allowed = "allowed: CSV or Parquet with id, and prediction or p_CLASS for each class, or both";

    private const string Prefix = "p_";

    private readonly ImmutableArray<string> _columns;
    private readonly Dictionary<string, string?[]> _rows = new(StringComparer.Ordinal);

    private PredictionsFile(string path)
    {
        using var connection = Analytics.Open(new AnalyticsOptions());
        var source = Source(path);
        _columns = [.. connection.Query($"describe select * from {source}", reader => reader.GetString(0))];
        var id = Place("id");
        var cells = string.Join(", ", _columns.Select(column => $"cast({Sql.Name(column)} as varchar)"));
        foreach (var row in connection.Query($"select {cells} from {source}", Cells))
        {
            if (row[id] is not { } name || !_rows.TryAdd(name, row))
            {
                throw Wrong(row[id] is null ? "a row has no id" : $"the id \"{row[id]}\" occurs more than once");
            }
        }
    }

    /// <summary>What the file says of the rows of a request; throws <see cref="TrainingException"/> where it does not say it of all.</summary>
    public static ModelScores Read(string path, ScoringRequest request) => Open(path).For(request.Rows, request.Model.Task);

    /// <summary>Throws <see cref="TrainingException"/> where the file cannot be read or has no predictions.</summary>
    public static void Check(string path) => Open(path).RefuseOtherColumns();

    private static PredictionsFile Open(string path)
    {
        try
        {
            return new PredictionsFile(path);
        }
        catch (DuckDBException error)
        {
            throw Wrong($"the file cannot be read: {error.Message.Split('\n')[0]}");
        }
    }

    private static string Source(string path)
    {
        Span<byte> start = stackalloc byte[4];
        using var file = File.OpenRead(path);
        var isParquet = file.ReadAtLeast(start, 4, throwOnEndOfStream: false) == 4 && start.SequenceEqual("PAR1"u8);
        return isParquet ? $"read_parquet({Sql.Text(path)})" : $"read_csv({Sql.Text(path)}, header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"')";
    }

    private static string?[] Cells(DuckDBDataReader reader) => [.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetString(i))];

    private ModelScores For(FeatureRows rows, ModelTask task)
    {
        RefuseMissing(rows);
        var scored = Scored(rows, task);
        ImmutableArray<string>? predictions = _columns.Contains("prediction") ? [.. rows.Ids.Select(id => Cell(id, "prediction") ?? throw Wrong($"row \"{id}\" has no prediction"))] : null;
        RefuseOtherColumns();
        return new([.. scored.Select(column => column.Class)], Probabilities(rows, scored), null) { Predictions = predictions };
    }

    private void RefuseOtherColumns()
    {
        if (!_columns.Any(column => column is "prediction" or "score" || column.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            throw Wrong($"there are the columns {string.Join(", ", _columns)}");
        }
    }

    private void RefuseMissing(FeatureRows rows)
    {
        var missing = rows.Ids.Where(id => !_rows.ContainsKey(id)).ToList();
        if (missing.Count > 0)
        {
            throw Wrong($"{missing.Count} of {rows.Count} rows have no prediction, such as {string.Join(", ", missing.Take(3))}");
        }
    }

    /// <summary>The classes with the score of each; of a binary model the other class has what the positive one leaves.</summary>
    private (string Class, Func<string, double> Score)[] Scored(FeatureRows rows, ModelTask task)
    {
        var named = _columns.Where(column => column.StartsWith(Prefix, StringComparison.Ordinal)).ToArray();
        var positive = (task as ModelTask.Binary)?.Positive;
        var only = positive is not null && _columns.Contains("score") ? "score" : positive is not null && named is [var one] && one == Prefix + positive ? one : null;
        if (only is null)
        {
            return [.. named.Select(column => (column[Prefix.Length..], (Func<string, double>)(id => Probability(id, column))))];
        }

        var other = rows.Labels.FirstOrDefault(label => label is not null && label != positive) ?? $"not {positive}";
        return [(other, id => 1 - Probability(id, only)), (positive!, id => Probability(id, only))];
    }

    private static double[][] Probabilities(FeatureRows rows, (string Class, Func<string, double> Score)[] scored) =>
        scored.Length == 0 ? [] : [.. rows.Ids.Select(id => scored.Select(column => column.Score(id)).ToArray())];

    private double Probability(string id, string column) =>
        double.TryParse(Cell(id, column), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 1
            ? value
            : throw Wrong($"{column} of row \"{id}\" is \"{Cell(id, column)}\", no number from 0 to 1");

    private string? Cell(string id, string column) => _rows[id][Place(column)];

    private int Place(string column) => _columns.IndexOf(column) is var place and >= 0 ? place : throw Wrong($"there is no column \"{column}\"");

    private static TrainingException Wrong(string text) => new("TRAIN032", $"the predictions cannot be used: {text}", Allowed);
}
