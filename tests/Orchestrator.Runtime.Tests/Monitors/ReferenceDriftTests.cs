using System.Text.Json;
using Orchestrator.Core.Tests.Metrics;
using Orchestrator.Runtime.Monitors;

namespace Orchestrator.Runtime.Tests.Monitors;

/// <summary>Drift of every feature of the shared data sets, SQL included, against numpy and scipy.</summary>
public sealed class ReferenceDriftTests
{
    private static readonly (string Reference, string Variant)[] Numeric =
        [("psi", "psi_reference_quantiles_10"), ("js_distance", "js_reference_quantiles_10"), ("hellinger", "hellinger_reference_quantiles_10"), ("ks", "ks"), ("wasserstein_normed", "wasserstein_normed")];

    private static readonly (string Reference, string Variant)[] Categories =
        [("psi", "psi_categories"), ("js_distance", "js_categories"), ("tvd", "tvd"), ("linf", "linf"), ("cramers_v", "cramers_v")];

    [Fact]
    public void Adult_train_and_test_show_no_drift()
    {
        using var folder = new TempFolder();
        File.Copy(SharedData.File("adult", "train.csv"), folder["reference.csv"]);
        File.Copy(SharedData.File("adult", "test.csv"), folder["current.csv"]);

        var result = Run(folder, []);

        Check(SharedData.Json("adult", "reference_drift.json").GetProperty("train_vs_test (no drift)"), result);
        Assert.Equal(0, result.Value("data_drifted_feature_ratio", ("reference", "reference")));
    }

    [Fact]
    public void Adult_men_and_women_differ()
    {
        using var folder = new TempFolder();
        var lines = File.ReadAllLines(SharedData.File("adult", "train.csv"));
        File.WriteAllLines(folder["reference.csv"], lines.Where(line => !line.Contains(",Female,", StringComparison.Ordinal)));
        File.WriteAllLines(folder["current.csv"], lines.Where(line => !line.Contains(",Male,", StringComparison.Ordinal)));

        var result = Run(folder, []);

        Check(SharedData.Json("adult", "reference_drift.json").GetProperty("male_vs_female (strong difference)"), result);
        Assert.True(result.Value("data_drifted_feature_ratio") > 0.3);
    }

    [Fact]
    public void Electricity_drifts_in_every_pair_of_spans()
    {
        foreach (var pair in SharedData.Json("elec2-drift", "reference_drift.json").GetProperty("pairs").EnumerateObject())
        {
            var result = Rows("elec2-drift", "electricity.csv", pair.Name, "date, period, day");

            Check(pair.Value.GetProperty("features"), result);
            Assert.True(result.Value("data_drifted_feature_ratio") >= 0.2, pair.Name);
        }
    }

    [Fact]
    public void Sea_changes_its_concept_and_not_its_features()
    {
        foreach (var pair in SharedData.Json("sea-drift", "reference_drift.json").GetProperty("pairs").EnumerateObject())
        {
            var result = Rows("sea-drift", "sea.csv", pair.Name, "class");

            Check(pair.Value.GetProperty("features"), result);
            Assert.Equal(0, result.Value("data_drifted_feature_ratio"));
        }
    }

    [Fact]
    public void Keystrokes_of_later_sessions()
    {
        var lines = File.ReadAllLines(SharedData.File("keystroke-drift", "keystroke.csv"));
        foreach (var pair in SharedData.Json("keystroke-drift", "reference_drift.json").GetProperty("pairs").EnumerateObject())
        {
            using var folder = new TempFolder();
            var session = pair.Name.Split('_')[1];
            File.WriteAllLines(folder["reference.csv"], lines.Where((line, i) => i == 0 || line.StartsWith("1,", StringComparison.Ordinal)));
            File.WriteAllLines(folder["current.csv"], lines.Where((line, i) => i == 0 || line.StartsWith($"{session},", StringComparison.Ordinal)));

            var result = Run(folder, ["session", "user"]);

            Check(pair.Value.GetProperty("features"), result);
            Assert.True(result.Value("data_drifted_feature_ratio") >= 0.2, pair.Name);
        }
    }

    [Fact]
    public void California_moves_north()
    {
        using var folder = new TempFolder();
        File.Copy(SharedData.File("nannyml-california", "california_housing_reference.csv"), folder["reference.csv"]);
        File.Copy(SharedData.File("nannyml-california", "california_housing_analysis.csv"), folder["current.csv"]);

        var result = Run(folder, ["id", "timestamp", "clf_target", "y_pred"]);

        Check(SharedData.Json("nannyml-california", "reference_drift.json").GetProperty("reference_vs_analysis").GetProperty("features"), result);
        Assert.Equal(3 / 9.0, result.Value("data_drifted_feature_ratio")!.Value, 1e-12);
    }

    [Fact]
    public void Neither_the_order_of_the_rows_nor_the_number_of_threads_changes_a_bit()
    {
        using var folder = new TempFolder();
        var lines = File.ReadAllLines(SharedData.File("elec2-drift", "electricity.csv"));
        File.WriteAllLines(folder["reference.csv"], lines[..17425]);
        File.WriteAllLines(folder["current.csv"], lines[17425..].Prepend(lines[0]));
        var expected = Run(folder, [], threads: 1).Samples;

        foreach (var threads in new[] { 2, 4 })
        {
            foreach (var file in new[] { "reference.csv", "current.csv" })
            {
                var rows = File.ReadAllLines(folder[file]);
                new Random(threads).Shuffle(rows.AsSpan(1));
                File.WriteAllLines(folder[file], rows);
            }

            Assert.Equal(expected, Run(folder, [], threads).Samples);
        }
    }

    [Fact]
    public void Missing_values_endless_numbers_and_columns_of_one_side_are_told_apart()
    {
        using var folder = new TempFolder();
        File.WriteAllLines(folder["reference.csv"], [.. Enumerable.Range(0, 100).Select(i => $"{i},a,{i}").Prepend("x,kind,only")]);
        File.WriteAllLines(folder["current.csv"], [.. Enumerable.Range(0, 100).Select(i => $"{(i < 40 ? "" : i % 2 == 0 ? "50.5" : "inf")},{i},yes").Prepend("x,kind,other")]);

        var result = Run(folder, []);

        Assert.Equal(0.7, result.Value("data_feature_drift", ("feature", "x"), ("variant", "missing_difference"))!.Value, 1e-12);
        Assert.Contains(result.Shown(), text => text.Contains("feature \"kind\" holds numbers, in the reference reference text", StringComparison.Ordinal));
        Assert.Contains(result.Shown(), text => text.Contains("the reference reference has no feature \"other\"", StringComparison.Ordinal));
        Assert.Equal(1, result.Value("data_drifted_feature_ratio"));
    }

    private static MeasurementResult Rows(string set, string file, string spans, string ignored)
    {
        using var folder = new TempFolder();
        var lines = File.ReadAllLines(SharedData.File(set, file));
        var ends = spans.Split('_').Where(part => part.All(char.IsAsciiDigit)).Select(int.Parse).ToArray();
        File.WriteAllLines(folder["reference.csv"], lines[(ends[0] + 1)..(ends[1] + 2)].Prepend(lines[0]));
        File.WriteAllLines(folder["current.csv"], lines[(ends[2] + 1)..(ends[3] + 2)].Prepend(lines[0]));
        return Run(folder, ignored.Split(", "));
    }

    private static MeasurementResult Run(TempFolder folder, string[] ignored, int threads = 2)
    {
        var roles = $"roles: {{ignore: [{string.Join(", ", ignored)}]}}";
        return Measured.Run(folder.Path, $$"""
            monitor: drift
            every: 1d
            datasets:
              reference: {connection: data, path: reference.csv, split: train, {{roles}}}
              current: {connection: data, path: current.csv, split: production, reference: reference, {{roles}}}
            metrics: [drift]
            """, threads: threads);
    }

    private static void Check(JsonElement features, MeasurementResult result)
    {
        foreach (var feature in features.EnumerateObject().Where(feature => result.Value("data_feature_drift", ("feature", feature.Name), ("variant", "missing_difference")) is not null))
        {
            var isNumeric = feature.Value.TryGetProperty("ks", out _);
            foreach (var (name, variant) in isNumeric ? Numeric : Categories)
            {
                var actual = result.Value("data_feature_drift", ("feature", feature.Name), ("variant", variant));
                Check(actual, feature.Value.GetProperty(name).GetDouble(), $"{feature.Name} {variant}");
            }

            var (p, test) = isNumeric ? ("ks_p", "ks") : ("chi2_p", "chi2");
            Check(result.Value("data_feature_drift_pvalue", ("feature", feature.Name), ("variant", test)), feature.Value.GetProperty(p).GetDouble(), $"{feature.Name} {test}");
        }
    }

    private static void Check(double? actual, double expected, string what)
    {
        // numpy's rounding gives a constant reference a deviation of 1e-17, and distances beyond all measure in units of it; ours has none, and no number.
        var isBeyondMeasure = expected > 1e12;
        Assert.True(isBeyondMeasure ? actual is null : Math.Abs(actual!.Value - expected) <= 1e-9 * Math.Max(1e-3, Math.Abs(expected)), $"{what}: {actual} is not {expected}");
    }
}
