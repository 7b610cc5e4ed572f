using System.Collections.Immutable;
using DuckDB.NET.Data;
using Npgsql;
using Orchestrator.Core.Metrics;

namespace Orchestrator.Runtime.Datasets.Queries;

/// <summary>A column of a query's result: how it is selected, staged and stored.</summary>
/// <param name="Kind">What its values are here.</param>
internal sealed record QueryColumn(string Name, QueryColumn.Kinds Kind)
{
    internal enum Kinds
    {
        Whole,
        Number,
        Flag,
        Text,
        Day,
        Instant,
        LocalInstant,
    }

    /// <summary>Microseconds from the year 1 to 1970.</summary>
    private const long Epoch = 62_135_596_800_000_000;

    private string Quoted => $"q.{Sql.Name(Name)}";

    /// <summary>The conversion is the server's: each kind arrives as one type.</summary>
    public string Select => Kind switch
    {
        Kinds.Whole => $"{Quoted}::bigint",
        Kinds.Number => $"{Quoted}::float8",
        Kinds.Text => $"{Quoted}::text",
        Kinds.LocalInstant => $"{Quoted} at time zone 'UTC'",
        _ => Quoted,
    };

    /// <summary>The staging table's column; instants are microseconds there.</summary>
    public string Definition => $"{Sql.Name(Name)} {Kind switch
    {
        Kinds.Whole or Kinds.Instant or Kinds.LocalInstant => "bigint",
        Kinds.Number => "double",
        Kinds.Flag => "boolean",
        Kinds.Day => "date",
        _ => "varchar",
    }}";

    /// <summary>From the staging table into the file.</summary>
    public string Stored => Kind is Kinds.Instant or Kinds.LocalInstant ? $"cast(make_timestamp({Sql.Name(Name)}) as timestamptz) as {Sql.Name(Name)}" : Sql.Name(Name);

    /// <summary>The columns of a described query; throws <see cref="SourceFaultException"/> where one cannot be kept.</summary>
    /// <param name="texts">Columns kept as text.</param>
    public static ImmutableArray<QueryColumn> Of(NpgsqlDataReader reader, IReadOnlyCollection<string> texts)
    {
        var columns = ImmutableArray.CreateBuilder<QueryColumn>();
        for (var i = 0; i < reader.FieldCount; i++)
        {
            var (name, type) = (reader.GetName(i), reader.GetDataTypeName(i));
            var kind = KindOf(type) ?? throw Refused(name, type);
            if (columns.Any(other => other.Name == name))
            {
                throw new SourceFaultException(new("DATA044", $"the query gives two columns \"{name}\"", "name each column once, such as select a.id, b.id as other_id"));
            }

            columns.Add(new(name, texts.Contains(name) ? Kinds.Text : kind));
        }

        return columns.ToImmutable();
    }

    /// <summary>Appends the value that the reader stands on; how many characters it has.</summary>
    public int Append(IDuckDBAppenderRow row, NpgsqlDataReader reader, int i)
    {
        if (reader.IsDBNull(i))
        {
            row.AppendNullValue();
            return 0;
        }

        switch (Kind)
        {
            case Kinds.Whole:
                row.AppendValue(reader.GetInt64(i));
                break;
            case Kinds.Number:
                row.AppendValue(reader.GetDouble(i));
                break;
            case Kinds.Flag:
                row.AppendValue(reader.GetBoolean(i));
                break;
            case Kinds.Day:
                row.AppendValue(reader.GetFieldValue<DateOnly>(i));
                break;
            case Kinds.Text:
                var text = reader.GetString(i);
                row.AppendValue(text);
                return text.Length;
            default:
                row.AppendValue((reader.GetDateTime(i).Ticks / TimeSpan.TicksPerMicrosecond) - Epoch);
                break;
        }

        return sizeof(long);
    }

    /// <summary>Null where values of the type are refused.</summary>
    private static Kinds? KindOf(string type)
    {
        var bare = type.Split('(')[0];
        return bare switch
        {
            "smallint" or "integer" or "bigint" => Kinds.Whole,
            "real" or "double precision" or "numeric" => Kinds.Number,
            "boolean" => Kinds.Flag,
            "text" or "character varying" or "character" or "name" or "uuid" or "json" or "jsonb" or "citext" or "xml" or "unknown" or "\"char\"" => Kinds.Text,
            "timestamp with time zone" => Kinds.Instant,
            "timestamp without time zone" => Kinds.LocalInstant,
            "date" => Kinds.Day,
            _ => null,
        };
    }

    private static SourceFaultException Refused(string column, string type) => new(new(
        "DATA044",
        type == "bytea" ? $"column \"{column}\" holds bytes (bytea), which no metric can read" : $"column \"{column}\" is of the type {type}, which is not read",
        "leave it out, or cast it in the query, such as column::text"));
}
