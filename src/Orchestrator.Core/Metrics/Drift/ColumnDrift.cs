using System.Collections.Immutable;
using Orchestrator.Core.Metrics.Statistics;

namespace Orchestrator.Core.Metrics.Drift;

/// <summary>How far one column has moved from the reference, in every measure, and how sure that is.</summary>
/// <param name="Tests">p by the name of its test.</param>
internal sealed record ColumnDrift(
    ComparedColumn Column, CountPair Values, ImmutableArray<(string Variant, double Value)> Distances, ImmutableArray<(string Test, double P)> Tests)
{
    public static ColumnDrift Of(ComparedColumn column, DriftNumbers numbers, CountPair all, int bins)
    {
        var missing = new CountPair[] { numbers.Values, new(all.Reference - numbers.Values.Reference, all.Current - numbers.Values.Current) };
        (string, double) gap = ("missing_difference", Divergence.LargestDifference(missing));
        if (!numbers.IsComparable)
        {
            return new(column, all, [gap], [("missing_chi2", ChiSquare.Of(missing).PValue)]);
        }

        var counts = numbers.Counts();
        (string, double)[] shared = [gap, .. Shared(counts, column.IsNumeric ? $"reference_quantiles_{bins}" : "categories")];
        var test = ("missing_chi2", ChiSquare.Of(missing).PValue);
        return column.IsNumeric
            ? new(column, numbers.Values, [.. shared, .. Numeric(numbers)], [("ks", KolmogorovSmirnov.TwoSample(numbers.KolmogorovSmirnov, numbers.Values.Reference, numbers.Values.Current)), test])
            : new(column, numbers.Values, [.. shared, .. Categorical(counts)], [("chi2", ChiSquare.Of(counts).PValue), test]);
    }

    /// <summary>Surely and noticeably moved: a test stays below its limit, shared among all columns, and its effect or the stability index is large enough.</summary>
    public bool IsDrifted(int columns, DriftOptions options)
    {
        var limit = options.P / columns;
        return Is("missing_chi2", limit) && At("missing_difference") >= options.Effect
            || (Is("ks", limit) && (At("ks") >= options.Effect || Index >= options.StabilityIndex))
            || (Is("chi2", limit) && (At("cramers_v") >= options.Effect || Index >= options.StabilityIndex));
    }

    private double Index => Distances.FirstOrDefault(distance => distance.Variant.StartsWith("psi_", StringComparison.Ordinal)).Value;

    private bool Is(string test, double limit) => Tests.Any(pair => pair.Test == test && pair.P < limit);

    private double At(string variant) => Distances.FirstOrDefault(distance => distance.Variant == variant).Value;

    private static (string, double)[] Shared(CountPair[] counts, string over) =>
        [($"psi_{over}", Divergence.StabilityIndex(counts)), ($"js_{over}", Divergence.JensenShannon(counts)), ($"hellinger_{over}", Divergence.Hellinger(counts))];

    private static (string, double)[] Numeric(DriftNumbers numbers) =>
        [("ks", numbers.KolmogorovSmirnov), .. numbers.Wasserstein is { } distance ? [("wasserstein_normed", distance)] : Array.Empty<(string, double)>()];

    private static (string, double)[] Categorical(CountPair[] counts) =>
        [("cramers_v", ChiSquare.Of(counts).CramersV), ("tvd", Divergence.TotalVariation(counts)), ("linf", Divergence.LargestDifference(counts))];
}
