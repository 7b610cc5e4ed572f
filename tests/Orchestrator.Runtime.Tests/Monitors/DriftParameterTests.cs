using System.Globalization;
using Orchestrator.Runtime.Monitors;

namespace Orchestrator.Runtime.Tests.Monitors;

/// <summary>What a monitor says about how drift is measured.</summary>
public sealed class DriftParameterTests
{
    [Fact]
    public void The_number_of_bins_is_that_of_the_monitor_and_named_by_the_variant()
    {
        var result = Run([1, 2, 3, 4], [1, 1, 1, 4], "{drift: {variant: psi, bins: 2}}");

        // Halves of the reference at 2.5; three and one of the four rows: (3/4 − 1/2)·ln(3/2) + (1/4 − 1/2)·ln(1/2).
        Assert.Equal((0.25 * Math.Log(1.5)) + (0.25 * Math.Log(2)), result.Value("data_feature_drift", ("variant", "psi_reference_quantiles_2"))!.Value, 12);
    }

    [Fact]
    public void Only_the_named_variants_are_measured()
    {
        string[] Variants(string variant) => [.. Run([1, 2, 3, 4], [1, 1, 1, 4], $"{{data_feature_drift: {{variant: {variant}}}}}").Samples.Select(sample => sample.Labels["variant"])];

        Assert.Equal(["psi_reference_quantiles_10"], Variants("psi"));
        Assert.Equal(["ks", "missing_difference", "wasserstein_normed"], Variants("[wasserstein, ks, missing]"));
    }

    [Fact]
    public void Distances_that_no_compared_column_has_are_told()
    {
        var result = Run([1, 2, 3, 4], [1, 1, 1, 4], "{data_feature_drift: {variant: tvd}}");

        Assert.Empty(result.Samples);
        Assert.Contains(result.Shown(), problem => problem.Contains(
            "DATA032 current: data_feature_drift has no number: variant tvd is not of numbers; those of numbers are psi_reference_quantiles_10, js_reference_quantiles_10, hellinger_reference_quantiles_10, missing_difference, ks, wasserstein_normed",
            StringComparison.Ordinal));
    }

    /// <summary>Shifted by 15 of 100: ks is 0.15, its p by scipy's ks_2samp(method="asymp") is 0.2105.</summary>
    [Theory]
    [InlineData("data_drifted_feature_ratio", 0)]
    [InlineData("{data_drifted_feature_ratio: {p: 0.3}}", 1)]
    [InlineData("{data_drifted_feature_ratio: {p: 0.3, effect: 0.2, stability_index: 100}}", 0)]
    [InlineData("{drift: {p: 0.3, effect: 0.14, stability_index: 100}}", 1)]
    public void The_monitor_says_from_where_on_a_feature_counts_as_drifted(string metric, double expected)
    {
        var result = Run(Enumerable.Range(1, 100), Enumerable.Range(16, 100), metric);

        Assert.Equal(expected, result.Value("data_drifted_feature_ratio"));
    }

    private static MeasurementResult Run(IEnumerable<int> reference, IEnumerable<int> current, string metric)
    {
        using var folder = new TempFolder();
        Write(folder["reference.csv"], reference);
        Write(folder["current.csv"], current);
        return Measured.Run(folder.Path, $$$"""
            monitor: m
            every: 6h
            datasets:
              reference: {connection: data, path: reference.csv, split: test, roles: {id: id}}
              current: {connection: data, path: current.csv, split: production, reference: reference, roles: {id: id}}
            metrics: [{{{metric}}}]
            min_rows: 1
            """);
    }

    private static void Write(string file, IEnumerable<int> values) =>
        File.WriteAllLines(file, values.Select((value, i) => string.Create(CultureInfo.InvariantCulture, $"{i},{value}")).Prepend("id,x"));
}
