namespace Orchestrator.Runtime.Tests.Monitors;

/// <summary>Near duplicates are looked for where a monitor says how near.</summary>
public sealed class NearDuplicateTests
{
    private const string Monitor = """
        monitor: m
        every: 1d
        datasets:
          rows: {connection: data, path: rows.csv, split: production, roles: {id: id, ROLES}}
        metrics: [METRIC]
        min_rows: 1
        """;

    private const string Texts = "id,t\n1,card was declined\n2,my card was declined\n3,declined card was\n4,how old is my account\n";
    private const string Numbers = "id,x,c\n1,0,a\n2,1,a\n3,1,b\n4,100,a\n";

    [Theory]
    [InlineData(Texts, "text: t", "{data_duplicate_ratio: {near: 0.7}}", 0.5)]
    [InlineData(Texts, "text: t", "{data_duplicate_ratio: {near: 0.9}}", 0.25)]
    [InlineData(Texts, "text: t", "data_duplicate_ratio", null)]
    [InlineData(Numbers, "features: [x, c]", "{data: {near: 0.99}}", 0.25)]
    [InlineData(Numbers, "features: [x, c]", "{data: {near: 1}}", 0.0)]
    public void Near_rows_are_counted_beyond_the_first(string rows, string roles, string metric, double? ratio)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["rows.csv"], rows);

        var result = Measured.Run(folder.Path, Monitor.Replace("ROLES", roles, StringComparison.Ordinal).Replace("METRIC", metric, StringComparison.Ordinal));

        Assert.Equal(ratio, result.Value("data_duplicate_ratio", ("variant", "near")));
        Assert.Equal(0, result.Value("data_duplicate_ratio", ("variant", "exact")));
    }
}
