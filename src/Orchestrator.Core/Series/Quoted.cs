using System.Globalization;
using System.Text;

namespace Orchestrator.Core.Series;

/// <summary>Text as a double-quoted string literal of PromQL.</summary>
public static class Quoted
{
    public static string Text(string text)
    {
        var quoted = new StringBuilder("\"", text.Length + 2);
        foreach (var c in text)
        {
            quoted.Append(Escape(c));
        }

        return quoted.Append('"').ToString();
    }

    private static string Escape(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        < ' ' or '\u007f' => "\\x" + ((int)c).ToString("x2", CultureInfo.InvariantCulture),
        _ => c.ToString(),
    };
}
