using System.Collections.Immutable;

namespace Orchestrator.Runtime.Datasets.Queries;

/// <summary>Instants after <paramref name="After"/> until <paramref name="Until"/>, the latter included, in microseconds.</summary>
public readonly record struct TimeRange(long After, long Until)
{
    public bool IsEmpty => Until <= After;

    public bool Meets(TimeRange other) => After < other.Until && other.After < Until;

    /// <summary>What of the wanted ranges is in none of the others, in order and without overlaps.</summary>
    public static ImmutableArray<TimeRange> Uncovered(IEnumerable<TimeRange> wanted, IEnumerable<TimeRange> covered)
    {
        var holes = Merged(wanted);
        foreach (var cover in covered)
        {
            holes = [.. holes.SelectMany(hole => hole.Without(cover))];
        }

        return [.. holes];
    }

    /// <summary>The part until an instant and the part after it; empty parts are left out.</summary>
    public IEnumerable<TimeRange> SplitAt(long instant) =>
        new[] { this with { Until = Math.Min(Until, instant) }, this with { After = Math.Max(After, instant) } }.Where(part => !part.IsEmpty);

    private IEnumerable<TimeRange> Without(TimeRange cover) => !Meets(cover)
        ? [this]
        : new[] { this with { Until = Math.Min(Until, cover.After) }, this with { After = Math.Max(After, cover.Until) } }.Where(part => !part.IsEmpty);

    private static List<TimeRange> Merged(IEnumerable<TimeRange> ranges)
    {
        var merged = new List<TimeRange>();
        foreach (var range in ranges.Where(range => !range.IsEmpty).OrderBy(range => range.After).ThenBy(range => range.Until))
        {
            if (merged.Count > 0 && range.After <= merged[^1].Until)
            {
                merged[^1] = merged[^1] with { Until = Math.Max(merged[^1].Until, range.Until) };
            }
            else
            {
                merged.Add(range);
            }
        }

        return merged;
    }
}
