using System.Globalization;

namespace Orchestrator.Core.Tests.Metrics;

public sealed class ReferenceAdultTests
{
    private static readonly string[] Columns = ["age", "fnlwgt", "education_num", "capital_gain", "capital_loss", "hours_per_week"];
    private static readonly string[] Header =
    [
        "age", "workclass", "fnlwgt", "education", "education_num", "marital_status", "occupation", "relationship", "race", "sex", "capital_gain",
        "capital_loss", "hours_per_week", "native_country", "income",
    ];

    [Theory]
    [InlineData("gnb", 1e-9)]
    [InlineData("lr", 1e-6)]
    public void Measures_equal_the_reference_as_a_whole_and_per_segment(string model, double tolerance)
    {
        var rows = Csv.Rows(SharedData.File("adult", "train.csv"), header: true);
        var expected = SharedData.Json("adult", "reference.json").GetProperty("models").GetProperty(model);
        var features = rows.Select(row => Columns.Select(name => double.Parse(row[Array.IndexOf(Header, name)], CultureInfo.InvariantCulture)).ToArray()).ToArray();
        var positives = rows.Select(row => row[^1] == ">50K").ToArray();
        var predicted = model == "gnb" ? GaussianNaiveBayes.OutOfFold(features, positives) : LogisticRegression.OutOfFold(features, positives);

        BinaryReference.Check(expected.GetProperty("overall"), predicted, positives, tolerance, model);
        foreach (var segment in expected.GetProperty("segments").EnumerateObject())
        {
            var parts = segment.Name.Split('=', 2);
            var selected = Enumerable.Range(0, rows.Length).Where(i => Matches(parts[0], SegmentValue(segment.Name), rows[i])).ToArray();
            BinaryReference.Check(segment.Value, [.. selected.Select(i => predicted[i])], [.. selected.Select(i => positives[i])], tolerance, segment.Name);
        }
    }

    private static string SegmentValue(string name) => name[(name.IndexOf('=', StringComparison.Ordinal) + 1)..];

    private static bool Matches(string column, string value, string[] row)
    {
        var cell = row[Array.IndexOf(Header, column)];
        return column == "age" ? InBand(int.Parse(cell, CultureInfo.InvariantCulture), value) : cell == value;
    }

    private static bool InBand(int age, string band) => band switch
    {
        "<=24" => age <= 24,
        "65+" => age >= 65,
        _ => age >= int.Parse(band[..2], CultureInfo.InvariantCulture) && age <= int.Parse(band[3..], CultureInfo.InvariantCulture),
    };
}
