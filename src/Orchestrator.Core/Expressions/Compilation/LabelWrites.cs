using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>Labels that are written over those of samples, and one that is added where a sample has none of it.</summary>
internal sealed class LabelWrites(string[] written, string? added)
{
    /// <summary>Equal where the same is written.</summary>
    public string Key { get; } = $"{added}\n{string.Join('\n', written.Order(StringComparer.Ordinal))}";

    /// <summary>Whether label sets are sure to differ still when their names are gone and this is done to them.</summary>
    public bool KeepApart(IReadOnlyCollection<Labels> sets)
    {
        var known = new HashSet<Labels>(sets.Count);
        var with = 0;
        foreach (var labels in sets)
        {
            with += HasAdded(labels) ? 1 : 0;
            if (!known.Add(labels.Without(Labels.NameLabel).Without(written)))
            {
                return false;
            }
        }

        return with == 0 || with == sets.Count;
    }

    /// <summary>Whether none of a set's labels is written over.</summary>
    public bool LeavesAlone(Labels labels) => Array.TrueForAll(written, name => labels[name].Length == 0);

    /// <summary>Whether a set has the label that is added.</summary>
    public bool HasAdded(Labels labels) => added is not null && labels[added].Length > 0;
}

/// <summary>Whether label sets that differ still do so when labels are written over, asked again as there are more of them.</summary>
internal sealed class Apartness(LabelWrites writes)
{
    private int _count; // of the sets that were looked at while nothing was written over
    private int _asked = -1; // of how many sets the answer is known
    private int _with;
    private bool _isPlain = true; // nothing is written over
    private bool _isApart = true;

    public bool Of(List<Labels> sets)
    {
        for (; _isPlain && _count < sets.Count; _count++)
        {
            _isPlain = writes.LeavesAlone(sets[_count]);
            _with += writes.HasAdded(sets[_count]) ? 1 : 0;
        }

        if (_isPlain)
        {
            return _with == 0 || _with == sets.Count;
        }

        if (_asked != sets.Count)
        {
            (_asked, _isApart) = (sets.Count, _isApart && writes.KeepApart(sets));
        }

        return _isApart;
    }
}
