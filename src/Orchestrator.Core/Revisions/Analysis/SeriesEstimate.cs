using System.Collections.Immutable;

namespace Orchestrator.Core.Revisions.Analysis;

/// <summary>How many results an expression may have, as far as it is known before there is any data.</summary>
/// <param name="Known">Product of the numbers of values of labels whose values are known.</param>
/// <param name="Unknown">Labels whose values are not known; each multiplies.</param>
/// <param name="IsOpen">There may be labels that are not known.</param>
public sealed record SeriesEstimate(long Known, ImmutableArray<string> Unknown, bool IsOpen)
{
    internal static SeriesEstimate Of(LabelFacts labels)
    {
        var possible = labels.Known.Where(label => !label.Value.IsAbsent).ToList();
        var known = possible.Where(label => label.Value.Values is not null).Aggregate(1L, (product, label) => product * (label.Value.Values!.Count + (label.Value.MayBeAbsent ? 1 : 0)));
        return new(known, [.. possible.Where(label => label.Value.Values is null).Select(label => label.Key)], labels.IsOpen);
    }

    /// <summary><c>2 × class</c>: two for each class.</summary>
    public override string ToString() =>
        IsOpen ? "as many as the series it reads" : string.Join(" × ", Unknown.Prepend(Known.ToString(System.Globalization.CultureInfo.InvariantCulture)));
}
