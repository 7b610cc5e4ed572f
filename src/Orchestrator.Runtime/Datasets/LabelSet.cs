using System.Collections.Immutable;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Datasets;

/// <summary>The classes that labels may name.</summary>
/// <param name="Classes">Ordinal order, or the author's where the model file lists them.</param>
/// <param name="Positive">The positive class of a binary model.</param>
/// <param name="IsStated">Someone stated the classes; labels outside of them are wrong.</param>
public sealed record LabelSet(ImmutableArray<string> Classes, string? Positive, bool IsStated)
{
    /// <summary>From the model file, else from the score columns, else from what occurs.</summary>
    public static LabelSet Of(ModelTask? task, IEnumerable<string> scored, IReadOnlyCollection<string> occurring)
    {
        if (task is ModelTask.Regression)
        {
            return new([], null, false);
        }

        if (task is ModelTask.Binary binary)
        {
            // The other class has no name in the model file: it is the one that occurs.
            var others = scored.Concat(occurring).Where(name => name != binary.Positive).Distinct().Order(StringComparer.Ordinal).Take(1).DefaultIfEmpty($"not {binary.Positive}");
            return new([.. others, binary.Positive], binary.Positive, true);
        }

        ImmutableArray<string> stated = task is ModelTask.Multiclass { Classes.IsEmpty: false } multiclass ? multiclass.Classes : [.. scored.Order(StringComparer.Ordinal)];
        return stated.IsEmpty ? new([.. occurring.Distinct().Order(StringComparer.Ordinal)], null, false) : new(stated, null, true);
    }
}
