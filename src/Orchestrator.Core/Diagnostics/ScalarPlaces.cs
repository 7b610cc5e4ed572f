namespace Orchestrator.Core.Diagnostics;

/// <summary>Finds a character of a scalar's value in the text of the file, whatever the scalar's style.</summary>
internal static class ScalarPlaces
{
    /// <summary>Walks value and source side by side: a run of white space in one is a run of white space in the other, a backslash starts an escape.</summary>
    public static Place Of(string source, YamlNode.Scalar scalar, int offset)
    {
        var position = Start(source, scalar);
        var index = 0;
        while (index < Math.Min(offset, scalar.Text.Length) && position < source.Length)
        {
            if (char.IsWhiteSpace(scalar.Text[index]))
            {
                index = SkipSpace(scalar.Text, index);
                position = SkipSpace(source, position);
            }
            else
            {
                position = Next(source, position, scalar.Text[index]);
                index++;
            }
        }

        return SourceText.PlaceOf(source[..Math.Min(position - Math.Max(0, index - offset), source.Length)]);
    }

    private static int Start(string source, YamlNode.Scalar scalar)
    {
        var start = IndexOf(source, scalar.Place);
        if (scalar.IsPlain || start >= source.Length)
        {
            return start;
        }

        return source[start] is '|' or '>' ? SkipSpace(source, source.IndexOf('\n', start) is var end and >= 0 ? end : source.Length) : start + 1;
    }

    private static int IndexOf(string source, Place place)
    {
        var position = 0;
        for (var line = 1; line < place.Line; line++)
        {
            position = source.IndexOf('\n', position) + 1;
        }

        return position + place.Column - 1;
    }

    private static int SkipSpace(string text, int from)
    {
        while (from < text.Length && char.IsWhiteSpace(text[from]))
        {
            from++;
        }

        return from;
    }

    private static int Next(string source, int position, char character)
    {
        var escaped = source[position] != character && source[position] == '\\';
        var doubled = character == '\'' && source.AsSpan(position).StartsWith("''");
        return position + (escaped || doubled ? 2 : 1);
    }
}
