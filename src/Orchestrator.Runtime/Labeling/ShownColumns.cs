using System.Collections.Immutable;
using System.IO.Enumeration;

namespace Orchestrator.Runtime.Labeling;

/// <summary>The values of a row that a person sees who labels it: the columns that the model file lists under <c>show</c>, by name or with <c>*</c>.</summary>
public static class ShownColumns
{
    /// <summary>All filled columns where none are listed, or none of the listed ones is there: nobody can label a row that he does not see.</summary>
    public static ImmutableSortedDictionary<string, string> Of(ImmutableSortedDictionary<string, string?> cells, ImmutableArray<string> show)
    {
        var filled = cells.Where(cell => cell.Value is not null).ToImmutableSortedDictionary(cell => cell.Key, cell => cell.Value!, StringComparer.Ordinal);
        var listed = filled.Where(cell => show.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, cell.Key, ignoreCase: false)))
            .ToImmutableSortedDictionary(StringComparer.Ordinal);
        return listed.IsEmpty ? filled : listed;
    }
}
