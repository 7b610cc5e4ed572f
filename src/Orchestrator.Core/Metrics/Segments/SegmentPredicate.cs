using System.Collections.Immutable;

namespace Orchestrator.Core.Metrics.Segments;

/// <summary>What selects the rows of a segment: conditions such as <c>ink = 'q4'</c>, joined by <c>and</c>.</summary>
public static class SegmentPredicate
{
    public const string And = " and ";

    /// <summary>The condition that a column or dimension has a value.</summary>
    public static string Condition(string name, string value) => $"{name} = '{value.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>Names and values of the conditions; null where one is none.</summary>
    public static ImmutableArray<(string Name, string Value)>? Conditions(string predicate)
    {
        var conditions = Parts(predicate).Select(Read).ToArray();
        return Array.Exists(conditions, condition => condition is null) ? null : [.. conditions.Select(condition => condition!.Value)];
    }

    /// <summary>The conditions in the spelling of segment labels: <c>ink='q4'</c> is <c>ink = 'q4'</c>.</summary>
    public static ImmutableArray<string> Parts(string predicate)
    {
        var parts = ImmutableArray.CreateBuilder<string>();
        var (start, quoted) = (0, false);
        for (var at = 0; at < predicate.Length; at++)
        {
            quoted ^= predicate[at] == '\'';
            if (!quoted && string.CompareOrdinal(predicate, at, And, 0, And.Length) == 0)
            {
                parts.Add(Normal(predicate[start..at]));
                start = at + And.Length;
            }
        }

        parts.Add(Normal(predicate[start..]));
        return parts.ToImmutable();
    }

    /// <summary>SQL that holds for the rows of the segment; null where the relation does not have one of its dimensions.</summary>
    public static string? Sql(RelationShape shape, string predicate)
    {
        var columns = Parts(predicate).Select(part => (Part: part, Column: Column(shape, part))).ToArray();
        return columns.All(one => one.Column is not null)
            ? string.Join(And, columns.Select(one => $"coalesce({Metrics.Sql.Name(one.Column!)} = {Metrics.Sql.Text(one.Part)}, false)"))
            : null;
    }

    private static string? Column(RelationShape shape, string part)
    {
        bool Names(string dimension) => part.StartsWith($"{dimension} = '", StringComparison.Ordinal);
        var segment = shape.Segments.TakeWhile(name => !Names(name)).Count();
        var slice = shape.Slices.TakeWhile(name => !Names(name)).Count();
        return segment < shape.Segments.Length ? RelationShape.Segment(segment) : slice < shape.Slices.Length ? RelationShape.Slice(slice) : null;
    }

    private static (string Name, string Value)? Read(string part)
    {
        const string equals = " = '";
        var at = part.IndexOf(equals, StringComparison.Ordinal);
        var value = at > 0 && part.EndsWith('\'') && part.Length > at + equals.Length ? part[(at + equals.Length)..^1] : null;
        return value is null || value.Replace("''", "", StringComparison.Ordinal).Contains('\'', StringComparison.Ordinal)
            ? null
            : (part[..at], value.Replace("''", "'", StringComparison.Ordinal));
    }

    private static string Normal(string part)
    {
        var equals = part.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? part.Trim() : $"{part[..equals].Trim()} = {part[(equals + 1)..].Trim()}";
    }
}
