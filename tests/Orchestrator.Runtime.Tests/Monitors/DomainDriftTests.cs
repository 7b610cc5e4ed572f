using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Monitors;

namespace Orchestrator.Runtime.Tests.Monitors;

/// <summary>Whether rows can be told from those of the reference by all features at once.</summary>
public sealed class DomainDriftTests
{
    private const string Monitor = """
        monitor: m
        every: 1d
        datasets:
          learn: {connection: data, path: learn.parquet, split: production, roles: {id: id, ROLES}}
          live: {connection: data, path: live.parquet, split: production, reference: learn, roles: {id: id, ROLES}}
        metrics: [data_drift_auroc]
        """;

    [Fact]
    public void What_moves_in_one_feature_is_seen_among_all()
    {
        const string rows = "select 'r' || (i + START) as id, (i * 7919 % 1000) / 1000.0 + SHIFT as x, 'c' || (i % 4) as c, (i * 104729 % 997) as y from range(3000) r(i)";

        var none = Measure(rows, rows.Replace("START", "10000", StringComparison.Ordinal), "features: [x, c, y]");
        var shifted = Measure(rows, rows.Replace("SHIFT", "0.5", StringComparison.Ordinal).Replace("START", "10000", StringComparison.Ordinal), "features: [x, c, y]");

        Assert.Empty(none.Shown());
        Assert.InRange(none.Value("data_drift_auroc", ("reference", "learn"))!.Value, 0.45, 0.55);

        // A shift by half of a uniform range leaves half of each side where the other has rows too: 1 - (1/2)² / 2 of the pairs are in order.
        Assert.InRange(shifted.Value("data_drift_auroc", ("reference", "learn"))!.Value, 0.84, 0.9);
    }

    [Fact]
    public void Texts_drift_by_their_words()
    {
        const string before = "select 'r' || (i + START) as id, 'my card number ' || (i % 10) || ' was declined at the shop' as t from range(1000) r(i)";
        const string after = "select 's' || i as id, case when i % 2 = 0 then 'my card number ' || (i % 10) || ' was declined at the shop' else 'how do i close my account today' end as t from range(1000) r(i)";

        Assert.InRange(Measure(before, before.Replace("START", "5000", StringComparison.Ordinal), "text: t, features: [t]").Value("data_drift_auroc")!.Value, 0.4, 0.6);

        // Half of the live rows have words of their own and win all pairs, the others tie.
        Assert.InRange(Measure(before, after, "text: t, features: [t]").Value("data_drift_auroc")!.Value, 0.72, 0.78);
    }

    [Fact]
    public void Sides_that_share_nothing_have_no_number_and_are_told() =>
        Assert.Contains(
            Measure("select 'r' || i as id, i as x from range(100) r(i)", "select 'r' || i as id, 'a' || i as x from range(100) r(i)", "features: [x]").Shown(),
            shown => shown.Contains("data_drift_auroc has no number", StringComparison.Ordinal));

    private static MeasurementResult Measure(string learn, string live, string roles)
    {
        using var folder = new TempFolder();
        using (var connection = Analytics.Open(new AnalyticsOptions()))
        {
            foreach (var (name, rows) in new[] { ("learn", learn), ("live", live) })
            {
                var filled = rows.Replace("SHIFT", "0", StringComparison.Ordinal).Replace("START", "0", StringComparison.Ordinal);
                connection.Run($"copy ({filled}) to '{folder[$"{name}.parquet"]}' (format parquet)");
            }
        }

        return Measured.Run(folder.Path, Monitor.Replace("ROLES", roles, StringComparison.Ordinal));
    }
}
