using System.Collections.Immutable;
using System.Globalization;

namespace Orchestrator.Core.Profiles;

/// <summary>A number at which a rule fires, taken from what the metric did on parts of the reference.</summary>
/// <param name="Reason">One sentence for the rule's comment.</param>
public sealed record Threshold(double Value, string Reason)
{
    /// <summary>Spreads away from the mean: far enough that a part of the reference itself hardly ever gets there.</summary>
    private const double Spreads = 4;

    /// <summary>Below the mean of the parts by four of their standard deviations, at least by <paramref name="least"/>; null where nothing was measured.</summary>
    public static Threshold? Below(IReadOnlyCollection<double> parts, double least) =>
        parts.Count == 0 ? null : Of(parts, parts.Average() - Math.Max(Spreads * Deviation(parts), least), $"fires {Step(parts, least)} below");

    /// <summary>Below the mean share of right answers in the same way, and at least by four times what chance alone does to a share of so many rows.</summary>
    /// <remarks>Agresti and Coull, Approximate is better than "exact" for interval estimation of binomial proportions, 1998: with two more right and two more wrong, shares near 1 keep their spread.</remarks>
    public static Threshold? BelowChance(IReadOnlyCollection<double> parts, double rows, double least)
    {
        var share = ((parts.DefaultIfEmpty().Average() * rows) + 2) / (rows + 4);
        return Below(parts, Math.Max(least, Spreads * Math.Sqrt(share * (1 - share) / rows)));
    }

    /// <summary>Above the mean of the parts in the same way.</summary>
    public static Threshold? Above(IReadOnlyCollection<double> parts, double least) =>
        parts.Count == 0 ? null : Of(parts, parts.Average() + Math.Max(Spreads * Deviation(parts), least), $"fires {Step(parts, least)} above");

    /// <summary>Half as high again as the highest part, at least <paramref name="least"/>.</summary>
    public static Threshold? BeyondHighest(IReadOnlyCollection<double> parts, double least)
    {
        const double factor = 1.5;
        return parts.Count == 0 ? null : Of(parts, Math.Max(factor * parts.Max(), least), $"fires half as high again, but not under {Text(least)}");
    }

    /// <summary>The mean of the parts as it stands in a file.</summary>
    public required string Usual { get; init; }

    /// <summary>The number as it stands in a file: three significant digits after the leading zeros.</summary>
    public string Shown => Text(Value);

    private static Threshold Of(IReadOnlyCollection<double> parts, double value, string how) =>
        new(value, $"on {parts.Count} parts of the reference it was {Text(parts.Average())} ({Text(parts.Min())} to {Text(parts.Max())}, spread {Text(Deviation(parts))}); {how}") { Usual = Text(parts.Average()) };

    private static string Step(IReadOnlyCollection<double> parts, double least) =>
        Spreads * Deviation(parts) >= least ? $"{Text(Spreads)} spreads" : Text(least);

    /// <summary>Of a sample (divided by n − 1); 0 of a single part.</summary>
    private static double Deviation(IReadOnlyCollection<double> parts)
    {
        var mean = parts.Average();
        return parts.Count < 2 ? 0 : Math.Sqrt(parts.Sum(part => (part - mean) * (part - mean)) / (parts.Count - 1));
    }

    private static string Text(double value) => double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
        .ToString("0.##########", CultureInfo.InvariantCulture);
}

/// <summary>The thresholds of a first set of rules; one that could not be measured is absent.</summary>
/// <param name="Quality">Of accuracy, or of the mean absolute error of a regression.</param>
/// <param name="Drift">Of the stability index of a feature.</param>
/// <param name="Missing">Of the share of missing values of a feature.</param>
/// <param name="LabelErrors">Of the share of labels that look wrong.</param>
public sealed record Thresholds(Threshold? Quality, Threshold? Drift, Threshold? Missing, Threshold? LabelErrors)
{
    public static readonly Thresholds None = new(null, null, null, null);

    /// <summary>Of the quality of each segment that has rows enough.</summary>
    public ImmutableArray<(string Segment, Threshold Quality)> Segments { get; init; } = [];
}
