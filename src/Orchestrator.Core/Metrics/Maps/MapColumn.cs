namespace Orchestrator.Core.Metrics.Maps;

/// <summary>A feature of the rows of a map.</summary>
/// <param name="Numbers">Of a column of numbers: NaN stands for a missing one; empty for others.</param>
/// <param name="Texts">Of a column of categories or of text, and of one of few numbers: null stands for a missing one; empty for others.</param>
public sealed record MapColumn(string Name, FeatureType Type, double[] Numbers, string?[] Texts)
{
    public bool IsNumeric => Type is FeatureType.WholeNumber or FeatureType.FloatingPoint;
}
