using Orchestrator.Core.Metrics;
using Orchestrator.Core.Metrics.Maps;

namespace Orchestrator.Core.Tests.Metrics;

/// <summary>Features of all kinds on one scale.</summary>
public sealed class MapFeaturesTests
{
    /// <summary>Of 1, 3 and 5 the mean is 3 and the variance 8/3; the missing one lies in the middle.</summary>
    [Fact]
    public void Numbers_are_standardised_and_a_missing_one_lies_in_the_middle()
    {
        var features = MapFeatures.Of([new MapColumn("x", FeatureType.FloatingPoint, [1, 3, double.NaN, 5], [])], 4);

        Assert.Equal([-2 / Math.Sqrt(8 / 3.0), 0, 0, 2 / Math.Sqrt(8 / 3.0)], Column(features, 0), new Near());
    }

    /// <summary>Two values in halves: each column is ±1 before it weighs 1/√2.</summary>
    [Fact]
    public void Values_of_a_category_weigh_together_as_a_number()
    {
        var features = MapFeatures.Of([new MapColumn("town", FeatureType.Category, [], ["rome", "oslo", "rome", "oslo"])], 4);

        Assert.Equal(["town = oslo", "town = rome"], features.Names);
        var half = 1 / Math.Sqrt(2);
        Assert.Equal([-half, half, -half, half], Column(features, 0), new Near());
        Assert.Equal([half, -half, half, -half], Column(features, 1), new Near());
    }

    [Fact]
    public void Of_many_values_the_commonest_are_told_apart()
    {
        // Value 0 occurs 26 times, value 1 25 times, …, value 25 once.
        string[] texts = [.. Enumerable.Range(0, 26).SelectMany(value => Enumerable.Repeat(FormattableString.Invariant($"v{value:00}"), 26 - value))];

        var features = MapFeatures.Of([new MapColumn("c", FeatureType.Category, [], texts)], texts.Length);

        Assert.Equal(Enumerable.Range(0, 20).Select(value => FormattableString.Invariant($"c = v{value:00}")), features.Names);
    }

    /// <summary>The only term of two of three texts; the third has none.</summary>
    [Fact]
    public void A_text_is_its_terms_at_length_one()
    {
        var features = MapFeatures.Of([new MapColumn("t", FeatureType.Text, [], ["free free", "free", null])], 3);

        Assert.Equal("t", Assert.Single(features.Names));
        Assert.Equal([1, 1, 0], Column(features, 0), new Near());
    }

    [Fact]
    public void Rows_without_features_have_a_place_too()
    {
        var features = MapFeatures.Of([], 3);

        Assert.Equal((3, 1, 0), (features.Matrix.Rows, features.Matrix.Columns, features.Names.Length));
        Assert.Equal([0, 0, 0], PrincipalComponents.Of(features.Matrix, 2).Places[0]);
    }

    private static double[] Column(MapFeatures features, int column) => [.. Enumerable.Range(0, features.Matrix.Rows).Select(row => features.Matrix.Row(row)[column])];

    private sealed class Near : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) < 1e-12;

        public int GetHashCode(double obj) => 0;
    }
}
