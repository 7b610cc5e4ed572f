using System.Text;

namespace Orchestrator.Runtime.Tests.Monitors;

/// <summary>Reads RFC 4180 files, line breaks inside of quotes included.</summary>
internal static class QuotedCsv
{
    public static IEnumerable<string[]> Rows(string path)
    {
        var text = File.ReadAllText(path);
        var (row, cell, isQuoted) = (new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                var isEscaped = isQuoted && i + 1 < text.Length && text[i + 1] == '"';
                _ = isEscaped ? cell.Append(text[++i]) : cell;
                isQuoted = isEscaped || !isQuoted;
            }
            else if (!isQuoted && (text[i] is ',' or '\n'))
            {
                row.Add(cell.ToString().TrimEnd('\r'));
                cell.Clear();
                if (text[i] == '\n')
                {
                    yield return [.. row];
                    row.Clear();
                }
            }
            else
            {
                cell.Append(text[i]);
            }
        }
    }
}
