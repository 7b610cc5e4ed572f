using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Evaluation;

/// <summary>The labels that say what a metric is, and that what is computed from it no longer has.</summary>
internal static class Metadata
{
    private static readonly string[] Reserved = [Labels.NameLabel, "__type__", "__unit__"];

    /// <summary>The labels without the name, the type and the unit.</summary>
    public static Labels WithoutMetadata(this Labels labels)
    {
        foreach (var (name, _) in labels.Pairs)
        {
            if (Reserved.Contains(name, StringComparer.Ordinal))
            {
                return labels.Without(Reserved);
            }
        }

        return labels;
    }
}
