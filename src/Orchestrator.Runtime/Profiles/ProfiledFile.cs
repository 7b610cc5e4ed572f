using System.Collections.Immutable;
using System.Globalization;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Profiles;
using Orchestrator.Runtime.Datasets;

namespace Orchestrator.Runtime.Profiles;

/// <summary>A file of rows, loaded to be looked at and parted.</summary>
public sealed class ProfiledFile : IDisposable
{
    private const string Table = "\"rows\"";
    private const string Row = "\"@row\"";

    private readonly DuckDBConnection _connection;

    private ProfiledFile(DuckDBConnection connection, string path, bool hasHeader)
    {
        _connection = connection;
        Path = path;
        HasHeader = hasHeader;
        Profile = Look();
    }

    public string Path { get; }

    /// <summary>Whether the file names its columns; if not, they are called column_0, column_1, …</summary>
    public bool HasHeader { get; }

    public FileProfile Profile { get; private set; }

    /// <summary>Loads a file; throws <see cref="ProfileException"/> where it cannot be read.</summary>
    public static ProfiledFile Open(string path)
    {
        var source = TableFile.Of(path);
        var connection = Analytics.Open(new AnalyticsOptions());
        try
        {
            var hasHeader = source.HasHeader(connection);
            connection.Run($"create table {Table} as select row_number() over () as {Row}, * from {source.Read(hasHeader)}");
            return new ProfiledFile(connection, path, hasHeader);
        }
        catch (DuckDBException error)
        {
            connection.Dispose();
            throw new ProfileException($"\"{path}\" cannot be read: {error.Message.Split('\n')[0]}");
        }
    }

    /// <summary>What its columns are taken for; throws <see cref="ProfileException"/> where that cannot be said.</summary>
    public GuessedRoles Guess(RoleWish wish) => RoleGuess.Of(Profile, wish, Leaks) switch
    {
        GuessOutcome.Guessed guessed => guessed.Roles,
        GuessOutcome.Refused refused => throw new ProfileException(refused.Reason),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The same roles, their columns called by them where the file has no names of its own.</summary>
    public GuessedRoles Named(GuessedRoles roles)
    {
        if (HasHeader)
        {
            return roles;
        }

        foreach (var (role, column, _) in roles.Reasons.Where(one => Profile.Find(one.Column) is not null))
        {
            _connection.Run($"alter table {Table} rename column {Sql.Name(column)} to {Sql.Name(role)}");
        }

        Profile = Look();
        return roles with
        {
            Id = roles.Id is null ? null : "id",
            Label = "label",
            Time = roles.Time is null ? null : "time",
            Text = roles.Text is null ? null : "text",
        };
    }

    /// <summary>Columns from which the label can be read off: they are known no earlier than the label, or are the label.</summary>
    private ImmutableArray<(string Column, string Reason)> Leaks(string label)
    {
        var others = Profile.Columns.Where(column => column.Name != label && !column.IsConstant).ToArray();
        return Profile.Find(label) is { IsNumber: true, Values.IsEmpty: true }
            ? [.. OfNumber(label, [.. others.Where(column => column.IsNumber).Select(column => column.Name)])]
            : [.. OfClass(label, [.. others.Where(column => !column.Values.IsEmpty).Select(column => column.Name)])];
    }

    /// <summary>Writes rows as CSV with an id, in the order of time where there is one; how many there are in all.</summary>
    /// <param name="most">Where the file has more rows, evenly spaced ones stand for it.</param>
    public long Arrange(GuessedRoles roles, long most)
    {
        var id = roles.Id is null ? $", cast(row_number() over (order by {Order(roles)}) as varchar) as \"row_id\"" : "";
        _connection.Run($"""
            create or replace table arranged as
            select row_number() over (order by {Order(roles)}) as "@at", * exclude ({Row}) {id}
            from {Table} where {Sql.Name(roles.Label)} is not null
            """);
        var all = _connection.Count("select count(*) from arranged");
        if (all > most)
        {
            var (kept, of) = (most.ToString(CultureInfo.InvariantCulture), all.ToString(CultureInfo.InvariantCulture));
            _connection.Run($"create or replace table arranged as select * replace (row_number() over (order by \"@at\") as \"@at\") from arranged where \"@at\" * {kept} // {of} > (\"@at\" - 1) * {kept} // {of}");
        }

        return Math.Min(all, most);
    }

    /// <summary>Writes the arranged rows after <paramref name="from"/> up to <paramref name="to"/>.</summary>
    public void Write(string path, IEnumerable<string> columns, long from, long to)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        var inside = FormattableString.Invariant($"\"@at\" > {from} and \"@at\" <= {to}");
        _connection.Run($"copy (select {string.Join(", ", columns.Select(Sql.Name))} from arranged where {inside} order by \"@at\") to {Sql.Text(path)} (format csv, header)");
    }

    public void Dispose() => _connection.Dispose();

    private static string Order(GuessedRoles roles) => roles.Time is { } time ? $"{Sql.Name(time)}, {Row}" : Row;

    private FileProfile Look()
    {
        var columns = _connection.Query($"describe {Table}", reader => new SourceColumn(reader.GetString(0), reader.GetString(1))).Where(column => column.Name != "@row");
        return new(_connection.Count($"select count(*) from {Table}"), [.. columns.Select(Look)]);
    }

    private ColumnProfile Look(SourceColumn column)
    {
        var name = Sql.Name(column.Name);
        var kind = column.IsWhole ? ColumnKind.Whole : column.IsNumber ? ColumnKind.Floating : column.IsInstant ? ColumnKind.Instant : ColumnKind.Category;
        var words = kind == ColumnKind.Category && !column.IsListOfNumbers ? $"coalesce(avg(len(string_split_regex(trim(cast({name} as varchar)), '\\s+'))), 0.0)" : "0.0";
        var (filled, distinct, mean) = _connection.Query(
            $"select count({name}), count(distinct {name}), cast({words} as double) from {Table}", reader => (reader.GetInt64(0), reader.GetInt64(1), reader.GetDouble(2)))[0];
        return new(column.Name, kind, filled, distinct, mean, kind == ColumnKind.Whole && IsSequence(name), distinct <= ColumnProfile.MostValues ? Values(name) : []);
    }

    private bool IsSequence(string column) => _connection.Count(
        $"select count(*) from (select {column} - lag({column}) over (order by {Row}) as step, {Row} as place from {Table}) where place > 1 and step is distinct from 1") == 0;

    private ImmutableArray<ValueCount> Values(string column) => [.. _connection.Query(
        $"select cast({column} as varchar), count(*) from {Table} where {column} is not null group by 1 order by 2 desc, 1",
        reader => new ValueCount(reader.GetString(0), reader.GetInt64(1)))];

    private IEnumerable<(string, string)> OfClass(string label, string[] columns) =>
        columns.Where(column => _connection.Count(
                $"select count(*) from (select {Sql.Name(column)} from {Table} where {Sql.Name(column)} is not null group by 1 having count(distinct {Sql.Name(label)}) > 1)") == 0)
            .Select(column => (column, "each of its values goes with one label only: it is known with the label"));

    private List<(string, string)> OfNumber(string label, string[] columns)
    {
        var found = columns.Where(column => Holds($"abs(corr({Sql.Name(column)}, {Sql.Name(label)})) > 0.9999")).Select(column => (column, "it is the label in other units")).ToList();
        for (var i = 0; i < columns.Length; i++)
        {
            foreach (var other in columns.Skip(i + 1).Where(other => Holds($"max(abs({Sql.Name(columns[i])} + {Sql.Name(other)} - {Sql.Name(label)})) < 1e-9")))
            {
                found.Add((columns[i], $"together with {other} it adds up to the label"));
                found.Add((other, $"together with {columns[i]} it adds up to the label"));
            }
        }

        return [.. found.DistinctBy(pair => pair.Item1)];
    }

    private bool Holds(string aggregate) => _connection.Query($"select coalesce({aggregate}, false) from {Table}", reader => reader.GetBoolean(0))[0];
}

/// <summary>A file cannot be watched; the message says why and what to do.</summary>
public sealed class ProfileException(string message) : Exception(message);
