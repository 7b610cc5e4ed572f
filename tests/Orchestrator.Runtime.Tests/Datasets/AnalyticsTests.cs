using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Tests.Monitors;

namespace Orchestrator.Runtime.Tests.Datasets;

/// <summary>Data larger than the memory it may take goes to disk; what is wrong with a file is told.</summary>
public sealed class AnalyticsTests
{
    private const long LeastMemory = 128L << 20;

    [Fact]
    public void Rows_that_take_more_than_the_memory_are_spilled_and_leave_nothing_behind()
    {
        using var folder = new TempFolder();
        var options = new AnalyticsOptions(2, folder["made/when/needed"]) { MemoryBytes = LeastMemory };
        using (var connection = Analytics.Open(options))
        {
            connection.Run("create table t as select i, hash(i) as a, hash(i + 1) as b, hash(i + 2) as c, hash(i + 3) as d, hash(i + 4) as e from range(4000000) r(i)");

            Assert.Equal(4_000_000, connection.Count("select count(distinct a) from t"));
            Assert.True(Spilled(folder.Path) > 0);
        }

        Assert.Equal(0, Spilled(folder.Path));
    }

    [Fact]
    public void Columns_are_copied_block_by_block()
    {
        using var connection = Analytics.Open(new AnalyticsOptions());

        var block = ColumnReading.Read(connection, "select cast(i as double) / 2, cast(i % 7 as usmallint), cast(-i as double) from range(100000) r(i)");

        Assert.Equal(Enumerable.Range(0, 100_000).Select(i => i / 2.0), block.Numbers[0].Order());
        Assert.Equal(Enumerable.Range(0, 100_000).Select(i => -(double)i), block.Numbers[1].OrderDescending());
        Assert.Equal(100_000 / 7, block.Codes[0].Count(code => code == 6));
        Assert.All(Enumerable.Range(0, 100_000), i => Assert.Equal(block.Numbers[0][i] * 2 % 7, block.Codes[0][i]));
    }

    [Fact]
    public void A_damaged_file_of_Parquet_is_told_and_the_other_datasets_are_measured()
    {
        using var folder = new TempFolder();
        using (var connection = Analytics.Open(new AnalyticsOptions()))
        {
            connection.Run($"copy (select 'r' || i as id, hash(i) / 3 as x from range(20000) r(i)) to '{folder["bad.parquet"]}' (format parquet)");
            connection.Run($"copy (select 'r' || i as id, i / 3 as x from range(50) r(i)) to '{folder["good.parquet"]}' (format parquet)");
        }

        using (var file = File.OpenWrite(folder["bad.parquet"]))
        {
            file.Position = 4;
            file.Write([.. Enumerable.Repeat((byte)0xFF, 2000)]);
        }

        var result = Measured.Run(folder.Path, """
            monitor: m
            every: 1d
            datasets:
              bad: {connection: data, path: bad.parquet, split: production, roles: {id: id}}
              good: {connection: data, path: good.parquet, split: production, roles: {id: id}}
            metrics: [data]
            """);

        Assert.StartsWith("test.monitor.yaml:4:33: DATA005 bad: bad.parquet cannot be read", Assert.Single(result.Shown()), StringComparison.Ordinal);
        Assert.Equal(50, result.Value("data_rows", ("dataset", "good")));
    }

    private static long Spilled(string folder) => Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length;
}
