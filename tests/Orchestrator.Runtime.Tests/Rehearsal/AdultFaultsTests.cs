using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Rehearsal;

namespace Orchestrator.Runtime.Tests.Rehearsal;

/// <summary>Real census rows with faults put in; the labels of one segment are damaged, and a model of the standard library of the field gets 0.67 of it right.</summary>
public sealed class AdultFaultsTests
{
    private const string Damaged = "workclass = 'Self-emp-not-inc' and sex = 'Male'";
    private const int Batches = 4;

    private static readonly CsvTable _train = SharedScenario.Table("adult-faults", "current.csv");
    private static readonly CsvTable _test = SharedScenario.Table("adult", "test.csv");

    /// <summary>The reference reaches 0.8112 on the segment once all labels are repaired; 0.78 is asked for.</summary>
    [Fact]
    public async Task The_damaged_segment_is_named_relabelled_within_the_budget_and_right_again()
    {
        using var scenario = new SharedScenario("adult-faults");
        Write(scenario);

        await scenario.RehearseAsync((node, story) =>
        {
            var fix = Assert.Single(story.Fixes);
            Assert.Equal(Damaged, story.Segment);
            Assert.Equal(["preparing", "proposed", "approved", "running", "verifying", "succeeded"], fix.States);
            Assert.InRange(story.LabelsAsked, 1, 1200);
            Assert.InRange(SegmentAccuracy(node, story.Models[0].Digest), 0.62, 0.72);
            Assert.InRange(SegmentAccuracy(node, story.Models[^1].Digest), 0.78, 0.85);
            Assert.True(story.Models[^1].Champion);
            Assert.True(story.After > story.Before, $"{story.Before} -> {story.After}");
            Assert.True(story.Suspects!.Recall >= 0.95, $"{story.Suspects}");
            Assert.Equal("resolved", Assert.Single(story.Findings).State);
            Assert.Null(node.Database.Read(AuditStore.FirstBroken));
        }, TestContext.Current.CancellationToken);
    }

    private static void Write(SharedScenario scenario)
    {
        var features = _test.Columns.Where(column => column != "income").ToArray();
        var flipped = Flipped();
        var truth = new CsvTable(_train.Columns, [.. _train.Rows.Select(row => flipped.Contains(row[0]) ? row.SetItem(_train.Columns.IndexOf("income"), Other(row[_train.Columns.IndexOf("income")])) : row)]);
        var production = _test.With(["person"], row => [Person(row)]);
        scenario.Write("source/train.csv", _train, Enumerable.Range(0, _train.Rows.Length), [.. _train.Columns]);
        scenario.Write("truth/train.csv", truth, Enumerable.Range(0, truth.Rows.Length), "row_id", "income");
        scenario.Write("truth/production.csv", production, Enumerable.Range(0, production.Rows.Length), "person", "income");
        for (var batch = 0; batch < Batches; batch++)
        {
            var at = batch;
            scenario.Write($"source/batch-{batch + 1:00}.csv", production, Enumerable.Range(0, production.Rows.Length).Where(row => row % Batches == at), ["person", .. features]);
        }
    }

    /// <summary>The rows whose label was flipped, and the copies that were made of such rows afterwards.</summary>
    private static HashSet<string> Flipped()
    {
        var fault = SharedData.Json("adult-faults", "truth.json").GetProperty("faults").EnumerateArray().Single(one => one.GetProperty("type").GetString() == "label_flip");
        return [.. new[] { "rows", "inherited_by_duplicate_rows" }.SelectMany(name => fault.GetProperty(name).EnumerateArray()).Select(id => id.GetInt32().ToString(CultureInfo.InvariantCulture))];
    }

    private static string Other(string label) => label == ">50K" ? "<=50K" : ">50K";

    private static string Person(int row) => string.Create(CultureInfo.InvariantCulture, $"p{row:00000}");

    private static double SegmentAccuracy(Node node, string digest)
    {
        var (work, sex) = (_test.Column("workclass"), _test.Column("sex"));
        var rows = Enumerable.Range(0, _test.Rows.Length).Where(row => work[row] == "Self-emp-not-inc" && sex[row] == "Male").ToArray();
        Assert.Equal(1091, rows.Length);
        var scorer = Scorer.Load(File.ReadAllBytes(node.Artifacts.PathOf(digest)));
        var probabilities = scorer.Probabilities(new FeatureRows([.. rows.Select(Person)], [.. scorer.Card.Encoding.Columns.Select(column => Cells(column, rows))], [.. rows.Select(_ => (string?)null)]));
        var labels = _test.Column("income");
        return (double)rows.Where((row, i) => scorer.Prediction(probabilities[i]) == labels[row]).Count() / rows.Length;
    }

    private static FeatureColumn Cells(ColumnEncoding column, int[] rows)
    {
        var texts = _test.Column(column.Name);
        return column.Categories is null
            ? new FeatureColumn.Numeric(column.Name, [.. rows.Select(row => double.Parse(texts[row], CultureInfo.InvariantCulture))])
            : new FeatureColumn.Category(column.Name, [.. rows.Select(row => texts[row])]);
    }
}
