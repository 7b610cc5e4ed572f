using System.Collections.Immutable;
using System.Text.Json;

namespace Orchestrator.Core.Metrics.Drift;

/// <summary>How drift is measured, and from where on a feature counts as drifted.</summary>
/// <remarks>A fifth is where the stability index is commonly acted on, a tenth is small to medium by Cohen's measure.</remarks>
/// <param name="Bins">Bins between quantiles of the reference.</param>
/// <param name="Variants">The distances that are measured; empty for all.</param>
/// <param name="Effect">The least ks, cramers_v or missing_difference.</param>
/// <param name="StabilityIndex">The least stability index.</param>
/// <param name="P">Shared among all compared features.</param>
public sealed record DriftOptions(int Bins, ImmutableArray<string> Variants, double Effect, double StabilityIndex, double P)
{
    private const string BinsName = "bins";
    private const string VariantName = "variant";
    private const string EffectName = "effect";
    private const string IndexName = "stability_index";
    private const string PName = "p";

    public static readonly DriftOptions Default = new(10, [], 0.1, 0.2, 0.01);

    /// <summary>What distances take.</summary>
    public static readonly ImmutableArray<MetricParameter> OfDistance =
        [new MetricParameter.Whole(BinsName, 2, 100), new MetricParameter.Names(VariantName, ["psi", "js", "hellinger", "ks", "wasserstein", "tvd", "linf", "cramers_v", "missing"])];

    /// <summary>What the count of drifted features takes.</summary>
    public static readonly ImmutableArray<MetricParameter> OfRatio =
        [new MetricParameter.Number(EffectName, 0, 1), new MetricParameter.Number(IndexName, 0, 100), new MetricParameter.Number(PName, 0, 1)];

    public static DriftOptions Of(ImmutableSortedDictionary<string, JsonElement> parameters)
    {
        double Number(string name, double absent) => parameters.TryGetValue(name, out var value) ? value.GetDouble() : absent;
        return new(
            parameters.TryGetValue(BinsName, out var bins) ? bins.GetInt32() : Default.Bins,
            parameters.TryGetValue(VariantName, out var variants) ? MetricParameter.Names.Of(variants) : Default.Variants,
            Number(EffectName, Default.Effect),
            Number(IndexName, Default.StabilityIndex),
            Number(PName, Default.P));
    }

    /// <summary>Whether the metric is a distance in several variants.</summary>
    public static bool AreOf(Metric metric) => metric.Parameters.Any(parameter => parameter.Name == VariantName);

    /// <summary>Whether a distance is wanted, by its whole name.</summary>
    public bool Measures(string variant) =>
        Variants.IsEmpty || Variants.Any(wanted => variant == wanted || variant.StartsWith($"{wanted}_", StringComparison.Ordinal));

    /// <summary>Whole names of the distances that are measured on numbers, or on categories.</summary>
    public ImmutableArray<string> DistancesOf(bool isNumeric)
    {
        var over = isNumeric ? $"reference_quantiles_{Bins}" : "categories";
        string[] alone = isNumeric ? ["ks", "wasserstein_normed"] : ["cramers_v", "tvd", "linf"];
        return [.. new[] { $"psi_{over}", $"js_{over}", $"hellinger_{over}", "missing_difference" }.Concat(alone).Where(Measures)];
    }
}
