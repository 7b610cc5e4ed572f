namespace Orchestrator.Core.Tests.Metrics;

/// <summary>Rows of a CSV file.</summary>
internal static class Csv
{
    /// <summary>Of a file whose fields hold no commas or line breaks; quotes around a field are dropped.</summary>
    public static string[][] Rows(string path, bool header) =>
        [.. File.ReadLines(path).Skip(header ? 1 : 0).Select(line => line.Split(',').Select(field => field.Trim('"', '\'')).ToArray())];

    /// <summary>Of a file with a header whose fields are quoted where they hold commas, quotes or line breaks (RFC 4180).</summary>
    public static string[][] QuotedRows(string path)
    {
        var (rows, cells, cell, isQuoted) = (new List<string[]>(), new List<string>(), new System.Text.StringBuilder(), false);
        foreach (var character in File.ReadAllText(path).Replace("\r\n", "\n", StringComparison.Ordinal))
        {
            // A doubled quote leaves the quotes and enters them again.
            isQuoted ^= character == '"';
            if (character == '"' && isQuoted && cell.Length > 0)
            {
                cell.Append('"');
            }
            else if (!isQuoted && (character is ',' or '\n'))
            {
                cells.Add(cell.ToString());
                cell.Clear();
                if (character == '\n')
                {
                    rows.Add([.. cells]);
                    cells.Clear();
                }
            }
            else if (character != '"')
            {
                cell.Append(character);
            }
        }

        return [.. rows.Skip(1)];
    }
}
