using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Finds values that do not fit their role; each kind is told once, with its first row.</summary>
/// <param name="origin">The author's file of rows that are read from a version, and their id column: such a row is named by its id. Null where the files themselves are read.</param>
internal sealed class RowChecks(DuckDBConnection connection, SourceTable rows, DatasetProblems problems, (string File, string Id)? origin)
{
    public bool HasRepeatedIds { get; private set; }

    public void Check(PreparedColumns columns, string join)
    {
        foreach (var (role, column, bad, expected) in Expectations(columns))
        {
            Report("DATA007", bad, (column, $"is {expected}", "these rows are read as if the value were missing"), join, "roles", role);
        }

        Ids(columns.Roles.Id);
        Scores(columns, join);
        if (columns.Labels.IsStated && columns.Label is { } label)
        {
            var outside = $"{label} not in ({PreparedColumns.Listed(columns.Labels.Classes)})";
            Report("DATA010", outside, (label, "is outside of the label set", $"allowed: {string.Join(", ", columns.Labels.Classes)}"), join, "roles", "label");
        }
    }

    private static IEnumerable<(string Role, string Column, string Bad, string Expected)> Expectations(PreparedColumns columns)
    {
        if (columns.Roles.Time is { } time)
        {
            yield return ("time", PreparedColumns.Stored(time), $"{PreparedColumns.Stored(time)} is not null and {columns.Time} is null", "no instant");
        }

        if (columns.Roles.Latency is { } latency)
        {
            yield return ("latency", PreparedColumns.Stored(latency.Column), NoNumber(PreparedColumns.Stored(latency.Column)), "no number");
        }

        if (columns.IsRegression && columns.Label is { } label)
        {
            yield return ("label", label, NoNumber(label), "no number");
        }

        if (columns.IsRegression && columns.Roles.Prediction is { } prediction)
        {
            yield return ("prediction", PreparedColumns.Stored(prediction), NoNumber(PreparedColumns.Stored(prediction)), "no number");
        }
    }

    private static string NoNumber(string stored) => $"{stored} is not null and try_cast({stored} as double) is null";

    /// <summary>A column that is nearly all numbers holds wrong values rather than categories.</summary>
    public bool IsSpoiltNumber(string column)
    {
        const double share = 0.9;
        var counts = connection.Query(
            $"select count({Sql.Name(column)}), count(try_cast({Sql.Name(column)} as double)) from {Sql.Name(rows.Name)}", reader => (All: reader.GetInt64(0), Numbers: reader.GetInt64(1)))[0];
        if (counts.All == counts.Numbers || counts.Numbers < share * counts.All)
        {
            return false;
        }

        Report("DATA007", NoNumber(PreparedColumns.Stored(column)), (PreparedColumns.Stored(column), "is no number", "such cells are read as missing"), "", "roles", "features");
        return true;
    }

    private void Ids(string? id)
    {
        if (id is null)
        {
            return;
        }

        var column = PreparedColumns.Stored(id);
        Report("DATA009", $"{column} is null", (column, "has no id", "rows without an id are left out"), "", "roles", "id");
        var twice = $"{column} in (select {Sql.Name(id)} from {Sql.Name(rows.Name)} where {Sql.Name(id)} is not null group by 1 having count(*) > 1)";
        HasRepeatedIds = Report("DATA008", twice, (column, "is the id of more than one row", "one row of each such id is kept"), "", "roles", "id");
    }

    private void Scores(PreparedColumns columns, string join)
    {
        var unscored = columns.ScoredClasses.Except(columns.Roles.Scores.Keys).ToArray();
        if (unscored.Length > 0 && !columns.Roles.Scores.IsEmpty)
        {
            problems.Error("DATA021", $"no column scores the class \"{string.Join("\", \"", unscored)}\"", $"there are scores in {string.Join(", ", columns.Roles.Scores.Values)}", "roles", "scores");
        }

        foreach (var name in columns.HasScores ? columns.ScoredClasses : [])
        {
            var column = PreparedColumns.Stored(columns.Roles.Scores[name]);
            var bad = $"not coalesce(try_cast({column} as double) between 0 and 1, false)";
            Report("DATA011", bad, (column, "is no probability", "a score is a number from 0 to 1; such rows are left out of metrics on scores"), join, "roles", "scores");
        }
    }

    /// <summary>Whether there was anything to report.</summary>
    private bool Report(string code, string condition, (string Column, string Wrong, string Allowed) text, string join, params ReadOnlySpan<string> path)
    {
        var found = connection.Query(
            $"""
            select count(*), first("@file" order by "@file", "@row"), first("@row" order by "@file", "@row"), first(coalesce(cast({text.Column} as varchar), 'nothing') order by "@file", "@row"),
              first({(origin is { } version ? $"coalesce(cast(r.{Sql.Name(version.Id)} as varchar), 'nothing')" : "''")} order by "@file", "@row")
            from {Sql.Name(rows.Name)} r {join} where {condition}
            """,
            reader => reader.GetInt64(0) == 0 ? null : new Offence(reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetString(3), reader.GetString(4)))[0];
        if (found is not { } offence)
        {
            return false;
        }

        var name = text.Column[(text.Column.IndexOf('"', StringComparison.Ordinal) + 1)..^1];
        var more = offence.Rows == 1 ? "" : $" (and {offence.Rows - 1} more)";
        var column = name.StartsWith('@') ? "label" : $"column \"{name}\"";
        var place = origin is { } source ? $"{source.File} row with id \"{offence.Id}\"" : $"{Path.GetFileName(offence.File)} row {offence.Row}";
        problems.Error(code, $"{place}: {column}: \"{offence.Value}\" {text.Wrong}{more}", text.Allowed, path);
        return true;
    }

    private sealed record Offence(long Rows, string File, long Row, string Value, string Id);
}
