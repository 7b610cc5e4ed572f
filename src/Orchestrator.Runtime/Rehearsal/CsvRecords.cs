using System.Collections.Immutable;
using System.Text;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>The records of a CSV text (RFC 4180): values between commas, in quotes where they hold commas, quotes or line breaks.</summary>
internal static class CsvRecords
{
    public static IEnumerable<ImmutableArray<string>> Read(TextReader text)
    {
        var values = ImmutableArray.CreateBuilder<string>();
        var value = new StringBuilder();
        var isQuoted = false;
        for (var next = text.Read(); next >= 0; next = text.Read())
        {
            var letter = (char)next;
            switch (letter)
            {
                case '"' when isQuoted && text.Peek() == '"':
                    value.Append((char)text.Read());
                    break;
                case '"' when isQuoted || value.Length == 0:
                    isQuoted = !isQuoted;
                    break;
                case ',' when !isQuoted:
                    values.Add(Taken(value));
                    break;
                case '\n' when !isQuoted:
                    values.Add(Taken(value));
                    yield return values.DrainToImmutable();
                    break;
                case '\r' when !isQuoted:
                    break;
                default:
                    value.Append(letter);
                    break;
            }
        }

        if (value.Length > 0 || values.Count > 0)
        {
            values.Add(Taken(value));
            yield return values.DrainToImmutable();
        }
    }

    private static string Taken(StringBuilder value)
    {
        var text = value.ToString();
        value.Clear();
        return text;
    }
}
