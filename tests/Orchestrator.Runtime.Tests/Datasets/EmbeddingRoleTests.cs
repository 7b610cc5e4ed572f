using System.Collections.Immutable;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Monitors;
using Orchestrator.Runtime.Tests.Monitors;

namespace Orchestrator.Runtime.Tests.Datasets;

/// <summary>Embeddings: rows are near to each other by the angle between their vectors, however they are stored.</summary>
public sealed class EmbeddingRoleTests
{
    /// <summary>
    /// Forty vectors in the plane, of lengths from 1 to 40: 20 at 0 to 9.5 degrees are cats, 20 at 80 to 89.5 degrees are dogs, of which p20 and p30 are called cats.
    /// Their words tell nothing, as they are all the same.
    /// </summary>
    private const string Pets = """
        select 'p' || lpad(i::varchar, 2, '0') as id, case when i < 20 or i in (20, 30) then 'cat' else 'dog' end as label, 'a pet' as words,
            (i + 1) * cos(radians(a)) as x, (i + 1) * sin(radians(a)) as y
        from (select i, case when i < 20 then i / 2.0 else 70 + i / 2.0 end as a from range(40) r(i))
        """;

    private const string Monitor = """
        monitor: m
        every: 1d
        datasets:
          learn: {connection: data, path: learn.FORMAT, split: train, roles: {id: id, label: label, text: words, embedding: "ROLE"}}
          live: {connection: data, path: live.FORMAT, split: train, reference: learn, roles: {id: id, label: label, text: words, embedding: "ROLE"}}
        metrics: [METRIC]
        min_rows: 1
        """;

    [Theory]
    [InlineData("parquet", "vector")]
    [InlineData("jsonl", "vector")]
    [InlineData("parquet", "?")]
    [InlineData("csv", "?")]
    public void Labels_are_judged_by_the_nearest_vectors(string format, string role)
    {
        var result = Measure(Pets, (format, role), "data_label_error_rows");

        Assert.Empty(result.Shown());
        Assert.Equal(2, result.Value("data_label_error_rows", ("dataset", "live")));
        Assert.Equal(["p20", "p30"], result.Datasets[1].LabelErrors!.Flagged.Select(suspect => suspect.Id).Order(StringComparer.Ordinal));
    }

    /// <summary>Neighbours are half a degree apart: cos 0.5° = 0.99996, cos 1° = 0.99985; all of a kind are linked, and the kinds are 70 degrees apart.</summary>
    [Theory]
    [InlineData(0.9999, 38 / 40.0)]
    [InlineData(0.99997, 0)]
    [InlineData(0.33, 39 / 40.0)] // cos 70.5° = 0.334: the last cat and the first dog
    public void Vectors_that_point_nearly_the_same_way_are_near_duplicates(double near, double ratio) =>
        Assert.Equal(ratio, Measure(Pets, ("parquet", "vector"), FormattableString.Invariant($"{{data_duplicate_ratio: {{near: {near}}}}}")).Value("data_duplicate_ratio", ("dataset", "live"), ("variant", "near")));

    /// <summary>
    /// The live dogs point the other way and come before all rows of the reference; the live cats come before its dogs, which are like no live row, and tie with its cats: 1/2 + 1/2 · (1/2 + 1/2 · 1/2)
    /// of the pairs are in order.
    /// </summary>
    [Fact]
    public void Drift_of_vectors_is_seen_where_no_word_changes()
    {
        var turned = Pets.Replace("i / 2.0 else 70 + i / 2.0 end", "i / 2.0 else 250 + i / 2.0 end", StringComparison.Ordinal);

        Assert.InRange(Measure(Pets, ("parquet", "vector"), "data_drift_auroc").Value("data_drift_auroc")!.Value, 0.4, 0.6);
        Assert.Equal(7 / 8.0, Measure(Pets, ("parquet", "vector"), "data_drift_auroc", turned).Value("data_drift_auroc")!.Value, 0.03);
    }

    [Fact]
    public void Rows_with_vectors_unlike_the_others_are_told_and_left_out()
    {
        const string odd = $"select * replace (case when id = 'p00' then null when id = 'p01' then 'nan'::double else x end as x) from ({Pets})";

        var result = Measure(Pets, ("parquet", "vector"), "data_label_error_rows", odd);

        Assert.Equal("test.monitor.yaml:5:134: DATA058 live: 2 of 40 rows have no embedding of 2 finite numbers; what is measured by embeddings leaves them out", Assert.Single(result.Shown()));
        Assert.Equal(38, result.Datasets[1].LabelErrors!.Ranked.Length);
    }

    [Theory]
    [InlineData("words", "DATA007 live: column \"words\" of the embedding is VARCHAR; one column of lists of numbers, or columns of numbers")]
    [InlineData("vectors", "DATA006 live: no column matches \"vectors\", the role \"embedding\" names it; there are id, label, words, vector; did you mean vector?")]
    public void A_column_that_holds_no_vectors_is_named(string role, string problem) =>
        Assert.Contains(Measure(Pets, ("parquet", role), "data_rows").Shown(), shown => shown.EndsWith(problem, StringComparison.Ordinal));

    [Fact]
    public void Rows_are_selected_by_their_vectors_where_both_sides_have_some()
    {
        var space = FeatureSpace.OfVectors(With([3, 4], null), With([0, -2]))!;

        Assert.Equal([0.6, 0.8, 0, 0], [.. space[0].Row(0), .. space[0].Row(1)], new Near());
        Assert.Equal([0, -1], space[1].Row(0).ToArray());
        Assert.Null(FeatureSpace.OfVectors(With([3, 4]), With([1, 2, 3])));
        Assert.Null(FeatureSpace.OfVectors(With([3, 4]), With((float[]?)null)));
    }

    private static Examples With(params float[]?[] vectors) => new(
        new FeatureRows([.. vectors.Select((_, i) => $"r{i}")], [], [.. vectors.Select(_ => (string?)"a")]), [.. vectors.Select((_, i) => $"{i}")], [.. vectors.Select(_ => ImmutableArray<string>.Empty)], [.. vectors.Select(_ => false)])
    {
        Vectors = [.. vectors],
    };

    private static MeasurementResult Measure(string learn, (string Format, string Role) stored, string metric, string? live = null)
    {
        using var folder = new TempFolder();
        using (var connection = Analytics.Open(new AnalyticsOptions()))
        {
            foreach (var (name, rows) in new[] { ("learn", learn), ("live", live ?? learn) })
            {
                var columns = stored.Role == "?" ? "*" : "id, label, words, case when x is not null then [x, y] end as vector";
                var written = stored.Format switch { "parquet" => "parquet", "jsonl" => "json", _ => "csv" };
                connection.Run($"copy (select {columns} from ({rows})) to '{folder[$"{name}.{stored.Format}"]}' (format {written})");
            }
        }

        var monitor = Monitor.Replace("FORMAT", stored.Format, StringComparison.Ordinal).Replace("ROLE", stored.Role, StringComparison.Ordinal);
        return Measured.Run(folder.Path, monitor.Replace("METRIC", metric, StringComparison.Ordinal));
    }

    private sealed class Near : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) < 1e-12;

        public int GetHashCode(double number) => 0;
    }
}
