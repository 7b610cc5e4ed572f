using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Orchestrator.Runtime.Datasets.Queries;

/// <summary>An author's query as it is sent: inside of a select, so that it can be nothing else than one.</summary>
internal sealed partial class QueryText(string sql)
{
    /// <summary>What stands before the author's text, so that places in it can be told.</summary>
    public const string Head = "select * from (\n";

    private readonly string _sql = sql.Trim().TrimEnd(';');

    /// <summary>Whether it asks for the rows of a span of time only.</summary>
    public bool IsBounded => From().IsMatch(_sql) && To().IsMatch(_sql);

    /// <summary>Gives the columns and no rows.</summary>
    public string Description => $"{Head}{_sql}\n) q limit 0";

    public string Rows(ImmutableArray<QueryColumn> columns) => $"select {string.Join(", ", columns.Select(column => column.Select))} from (\n{_sql}\n) q";

    [GeneratedRegex(@"(?<!:):from\b")]
    private static partial Regex From();

    [GeneratedRegex(@"(?<!:):to\b")]
    private static partial Regex To();
}
