using System.Collections.Immutable;

namespace Orchestrator.Core.Revisions.Difference;

/// <summary>What one revision means otherwise than another: what reviewers look for.</summary>
/// <param name="Changes">In the order of the subjects' paths and places.</param>
/// <param name="FormattingOnly">Files whose text differs and whose meaning does not.</param>
public sealed record RevisionDifference(ImmutableArray<Change> Changes, ImmutableArray<string> FormattingOnly)
{
    /// <summary>Compares the files of two revisions by what they author, wherever in the files that stands.</summary>
    public static RevisionDifference Between(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after)
    {
        var changed = before.Keys.Union(after.Keys).Where(path => before.GetValueOrDefault(path) != after.GetValueOrDefault(path)).ToHashSet(StringComparer.Ordinal);
        var (old, now) = (Facets.Of(Among(before, changed)), Facets.Of(Among(after, changed)));
        var changes = old.Subjects.Keys.Union(now.Subjects.Keys)
            .SelectMany(subject => Between(subject, old.Subjects.GetValueOrDefault(subject), now.Subjects.GetValueOrDefault(subject)))
            .OrderBy(change => change.Path, StringComparer.Ordinal).ThenBy(change => change.Line).ThenBy(change => change.Field, StringComparer.Ordinal).ToImmutableArray();
        var touched = changes.Select(change => change.Path).ToHashSet(StringComparer.Ordinal);
        return new(changes, [.. changed.Where(path => before.ContainsKey(path) && after.ContainsKey(path) && !touched.Contains(path)).Order(StringComparer.Ordinal)]);
    }

    private static IEnumerable<KeyValuePair<string, string>> Among(IReadOnlyDictionary<string, string> files, HashSet<string> paths) => files.Where(file => paths.Contains(file.Key));

    private static IEnumerable<Change> Between(string name, Subject? before, Subject? after)
    {
        if (before is null || after is null)
        {
            var whole = (after ?? before)!;
            return [new(before is null ? ChangeKind.Added : ChangeKind.Removed, name, "", null, null, null, whole.Path, whole.Line)];
        }

        return before.Fields.Keys.Union(after.Fields.Keys).SelectMany(field => Field((name, field), before, after));
    }

    private static IEnumerable<Change> Field((string Subject, string Field) at, Subject before, Subject after)
    {
        var (old, now) = (before.Fields.GetValueOrDefault(at.Field), after.Fields.GetValueOrDefault(at.Field));
        var usual = Defaults.Of(at.Subject, at.Field);
        if ((old?.Value ?? usual) == (now?.Value ?? usual))
        {
            return [];
        }

        var line = now?.Line ?? after.Line;
        if (old?.Expression is { } first && now?.Expression is { } second)
        {
            return ExpressionDifference.Between(first, second).Select(part => new Change(ChangeKind.Changed, at.Subject, at.Field, part.Aspect, part.Before, part.After, after.Path, line));
        }

        var kind = old is null && usual is null ? ChangeKind.Added : now is null && usual is null ? ChangeKind.Removed : ChangeKind.Changed;
        return [new(kind, at.Subject, at.Field, null, old?.Value ?? usual, now?.Value ?? usual, after.Path, line)];
    }
}

/// <summary>How something differs.</summary>
public enum ChangeKind
{
    Added,
    Removed,
    Changed,
}

/// <summary>One difference in meaning.</summary>
/// <param name="Subject">What it is of, such as <c>rule LabelErrors (group digits)</c>.</param>
/// <param name="Field">Path of the field; empty for the whole subject.</param>
/// <param name="Aspect">Of an expression: the part that differs, such as <c>threshold of data_rows</c>.</param>
/// <param name="Path">Where it stands now; where it stood, of what was removed.</param>
public sealed record Change(ChangeKind Kind, string Subject, string Field, string? Aspect, string? Before, string? After, string Path, int Line)
{
    public override string ToString()
    {
        var what = Field.Length == 0 ? Subject : $"{Subject}: {Field}{(Aspect is null ? "" : $": {Aspect}")}";
        return Kind switch
        {
            ChangeKind.Added => $"{Path}:{Line}: + {what}{(After is null ? "" : $": {After}")}",
            ChangeKind.Removed => $"{Path}:{Line}: - {what}{(Before is null ? "" : $": {Before}")}",
            _ => $"{Path}:{Line}: ~ {what}: {Before} → {After}",
        };
    }
}
