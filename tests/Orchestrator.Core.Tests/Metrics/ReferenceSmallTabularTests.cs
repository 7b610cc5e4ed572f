using System.Globalization;

namespace Orchestrator.Core.Tests.Metrics;

public sealed class ReferenceSmallTabularTests
{
    [Theory]
    [InlineData("gnb", 1e-9)]
    [InlineData("lr", 1e-6)]
    [InlineData("lr_balanced", 1e-6)]
    public void Measures_of_the_imbalanced_set_equal_the_reference(string model, double tolerance)
    {
        var rows = Csv.Rows(SharedData.File("small-tabular", "mammography.csv"), header: false);
        var features = rows.Select(row => row[..^1].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray()).ToArray();
        var positives = rows.Select(row => row[^1] == "1").ToArray();
        var predicted = model switch
        {
            "gnb" => GaussianNaiveBayes.OutOfFold(features, positives),
            "lr" => LogisticRegression.OutOfFold(features, positives),
            _ => LogisticRegression.OutOfFold(features, positives, balanced: true),
        };
        var expected = SharedData.Json("small-tabular", "reference.json").GetProperty("mammography").GetProperty(model);

        BinaryReference.Check(expected, predicted, positives, tolerance, model);
    }
}
