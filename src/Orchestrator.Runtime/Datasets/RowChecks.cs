using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Finds values that do not fit their role; each kind is told once, with its first row.</summary>
/// <param name="origin">The author's file of rows that are read from a version, and their id column: such a row is named by its id. Null where the files themselves are read.</param>
internal sealed class RowChecks(DuckDBConnection connection, SourceTable rows, DatasetProblems problems, (string File, string Id)? origin)
{
    public bool HasRepeatedIds { get; private set; }

    /// <summary>One scan says which kinds there are; only those are looked for row by row.</summary>
    public void Check(PreparedColumns columns, string join)
    {
        Unscored(columns);
        Expected[] all = [.. Values(columns), .. Ids(columns.Roles.Id), .. Scores(columns), .. Labels(columns)];
        var id = columns.Roles.Id is { } column ? PreparedColumns.Stored(column) : "null";
        string[] counts = [.. all.Select(expected => $"count(*) filter (where {expected.Bad})"), $"count({id}) - count(distinct {id})"];
        var found = connection.Query($"select {string.Join(", ", counts)} from {Sql.Name(rows.Name)} r {join}", reader => counts.Select((_, i) => reader.GetInt64(i)).ToArray())[0];
        HasRepeatedIds = found[^1] > 0;
        foreach (var (expected, _) in all.Zip(found).Where(pair => pair.Second > 0))
        {
            Report(expected, join);
        }

        if (HasRepeatedIds)
        {
            var twice = $"{id} in (select {Sql.Name(columns.Roles.Id!)} from {Sql.Name(rows.Name)} where {Sql.Name(columns.Roles.Id!)} is not null group by 1 having count(*) > 1)";
            Report(new("DATA008", "id", id, twice, "is the id of more than one row", "one row of each such id is kept"), "");
        }
    }

    private static IEnumerable<Expected> Values(PreparedColumns columns)
    {
        if (columns.Roles.Time is { } time)
        {
            yield return Value("time", PreparedColumns.Stored(time), $"{PreparedColumns.Stored(time)} is not null and {columns.Time} is null", "no instant");
        }

        if (columns.Roles.Latency is { } latency)
        {
            yield return Number("latency", PreparedColumns.Stored(latency.Column));
        }

        if (columns.IsRegression && columns.Label is { } label)
        {
            yield return Number("label", label);
        }

        if (columns.IsRegression && columns.Roles.Prediction is { } prediction)
        {
            yield return Number("prediction", PreparedColumns.Stored(prediction));
        }
    }

    private static Expected Number(string role, string column) => Value(role, column, NoNumber(column), "no number");

    private static Expected Value(string role, string column, string bad, string what) =>
        new("DATA007", role, column, bad, $"is {what}", "these rows are read as if the value were missing");

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

        var stored = PreparedColumns.Stored(column);
        Report(new("DATA007", "features", stored, NoNumber(stored), "is no number", "such cells are read as missing"), "");
        return true;
    }

    private static IEnumerable<Expected> Ids(string? id) => id is null
        ? []
        : [new("DATA009", "id", PreparedColumns.Stored(id), $"{PreparedColumns.Stored(id)} is null", "has no id", "rows without an id are left out")];

    private void Unscored(PreparedColumns columns)
    {
        var unscored = columns.ScoredClasses.Except(columns.Roles.Scores.Keys).ToArray();
        if (unscored.Length > 0 && !columns.Roles.Scores.IsEmpty)
        {
            problems.Error("DATA021", $"no column scores the class \"{string.Join("\", \"", unscored)}\"", $"there are scores in {string.Join(", ", columns.Roles.Scores.Values)}", "roles", "scores");
        }
    }

    private static IEnumerable<Expected> Scores(PreparedColumns columns) =>
        from name in columns.HasScores ? columns.ScoredClasses : []
        let column = PreparedColumns.Stored(columns.Roles.Scores[name])
        let bad = $"not coalesce(try_cast({column} as double) between 0 and 1, false)"
        select new Expected("DATA011", "scores", column, bad, "is no probability", "a score is a number from 0 to 1; such rows are left out of metrics on scores");

    private static IEnumerable<Expected> Labels(PreparedColumns columns) => columns.Labels.IsStated && columns.Label is { } label
        ? [new("DATA010", "label", label, $"{label} not in ({PreparedColumns.Listed(columns.Labels.Classes)})", "is outside of the label set", $"allowed: {string.Join(", ", columns.Labels.Classes)}")]
        : [];

    private void Report(Expected expected, string join)
    {
        var offence = connection.Query(
            $"""
            select count(*), first("@file" order by "@file", "@row"), first("@row" order by "@file", "@row"), first(coalesce(cast({expected.Column} as varchar), 'nothing') order by "@file", "@row"),
              first({(origin is { } version ? $"coalesce(cast(r.{Sql.Name(version.Id)} as varchar), 'nothing')" : "''")} order by "@file", "@row")
            from {Sql.Name(rows.Name)} r {join} where {expected.Bad}
            """,
            reader => new Offence(reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetString(3), reader.GetString(4)))[0];
        var name = expected.Column[(expected.Column.IndexOf('"', StringComparison.Ordinal) + 1)..^1];
        var more = offence.Rows == 1 ? "" : $" (and {offence.Rows - 1} more)";
        var column = name.StartsWith('@') ? "label" : $"column \"{name}\"";
        var place = origin is { } source ? $"{source.File} row with id \"{offence.Id}\"" : $"{Path.GetFileName(offence.File)} row {offence.Row}";
        problems.Error(expected.Code, $"{place}: {column}: \"{offence.Value}\" {expected.Wrong}{more}", expected.Allowed, "roles", expected.Role);
    }

    /// <summary>What values of a column must not be.</summary>
    /// <param name="Column">SQL of the column.</param>
    /// <param name="Bad">SQL that holds for a row that is told of.</param>
    private sealed record Expected(string Code, string Role, string Column, string Bad, string Wrong, string Allowed);

    private sealed record Offence(long Rows, string File, long Row, string Value, string Id);
}
