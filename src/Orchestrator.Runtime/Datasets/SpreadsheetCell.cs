using System.Text.RegularExpressions;
using Orchestrator.Core.Metrics;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Texts in CSV files that people open in spreadsheet programs: what would be taken for a formula there begins with an apostrophe, which makes it a text.</summary>
/// <remarks>OWASP, CSV Injection: cells that begin with =, +, -, @, a tab or a line break, also as full-width letters. Numbers stay numbers.</remarks>
public static partial class SpreadsheetCell
{
    // Apostrophes that stand there already are counted in, so that what was put before can be told from what was there.
    private const string Formula = "^'*[=+\\-@\\t\\r\\n\\x{FF1D}\\x{FF0B}\\x{FF0D}\\x{FF20}]";

    private const string Number = "^[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?$";

    public static string Neutral(string text) => IsFormula(text) ? $"'{text}" : text;

    /// <summary>The text that <see cref="Neutral"/> was given.</summary>
    public static string Restored(string text) => text.StartsWith('\'') && IsFormula(text[1..]) ? text[1..] : text;

    /// <summary>The same as <see cref="Neutral"/>, of a column of texts, in SQL.</summary>
    public static string NeutralColumn(string column)
    {
        var name = Sql.Name(column);
        return $"case when regexp_matches({name}, {Sql.Text(Formula)}) and not regexp_full_match({name}, {Sql.Text(Number)}) then '''' || {name} else {name} end";
    }

    private static bool IsFormula(string text) => Beginning().IsMatch(text) && !WholeNumber().IsMatch(text);

    [GeneratedRegex("^'*[=+\\-@\\t\\r\\n\uFF1D\uFF0B\uFF0D\uFF20]")]
    private static partial Regex Beginning();

    [GeneratedRegex("^[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?\\z")]
    private static partial Regex WholeNumber();
}
