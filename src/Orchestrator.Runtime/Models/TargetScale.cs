namespace Orchestrator.Runtime.Models;

/// <summary>The labels of a regression are learned with mean 0 and standard deviation 1, so that what a trainer calls small does not depend on their unit.</summary>
public sealed record TargetScale(double Mean, double Deviation)
{
    /// <summary>Sums run in ascending order, so the order of the rows changes no bit; equal labels have the deviation 1.</summary>
    public static TargetScale Fit(IEnumerable<double> labels)
    {
        var ascending = labels.Order().ToArray();
        var mean = ascending.Average();
        var deviation = Math.Sqrt(ascending.Average(label => (label - mean) * (label - mean)));
        return new(mean, deviation > 0 ? deviation : 1);
    }

    public float Learned(double label) => (float)((label - Mean) / Deviation);

    public double Label(float learned) => Mean + (learned * Deviation);
}
