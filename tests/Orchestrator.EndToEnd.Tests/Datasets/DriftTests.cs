using System.Net;

namespace Orchestrator.EndToEnd.Tests.Datasets;

/// <summary>Histograms of features and of their reference over the API.</summary>
public sealed class DriftTests : IAsyncLifetime
{
    private const string Monitor = """
        monitor: drifting
        every: 365d
        datasets:
          before: {connection: data, path: before.csv, split: test, roles: {id: id, features: [x, y, job]}}
          after: {connection: data, path: after.csv, split: test, reference: before, roles: {id: id, features: [x, y, job]}}
        metrics: [data_rows, {drift: {variant: psi}}]
        min_rows: 1
        """;

    private readonly LiveServer _server = new();

    public async ValueTask InitializeAsync()
    {
        _server.Folder.Write("source/rules/drifting.monitor.yaml", Monitor);
        // x: 1, 2, 3, 3 before; 3, 4 and a missing one after. y: 0 and 10 with halves between. job: two clerks and a cook; one clerk, two judges.
        _server.Folder.Write("data/before.csv", "id,x,y,job\na,1,0,clerk\nb,2,0.5,clerk\nc,3,10,cook\nd,3,10,\n");
        _server.Folder.Write("data/after.csv", "id,x,y,job\ne,3,2.5,clerk\nf,4,0.25,judge\ng,,10,judge\n");
        await _server.InitializeAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>Whole numbers have a bin each; the others twentieths of 0 to 10, half a unit wide: 0, 0.25 | 0.5 | 2.5 | 10.</summary>
    [Fact]
    public async Task Both_sides_of_a_feature_are_counted_bin_by_bin()
    {
        using var admin = _server.Admin();
        using var measured = await admin.PostAsync("/api/monitors/drifting/measure", new { });
        var shown = await admin.JsonAsync("/api/datasets/after/drift?feature=x&feature=y&feature=job&feature=none");

        Assert.Equal(("before", 3, 4), (shown.GetProperty("reference").GetString(), shown.GetProperty("rows").GetInt32(), shown.GetProperty("reference_rows").GetInt32()));
        Assert.Equal("""["x","y","job"]""", shown.GetProperty("features").GetRawText());
        Assert.Equal(shown.GetRawText(), await admin.TextAsync("/api/datasets/after/drift"));
        var told = shown.GetProperty("histograms").EnumerateArray().ToDictionary(
            histogram => histogram.GetProperty("feature").GetString()!,
            histogram => string.Join(' ', histogram.GetProperty("bins").EnumerateArray().Where(bin => Count(bin, "reference") + Count(bin, "current") > 0).Select(bin =>
                $"{(bin.TryGetProperty("category", out var category) ? category.GetString() : bin.GetProperty("from").GetDouble())}:{Count(bin, "reference")}/{Count(bin, "current")}")));
        Assert.Equal("1:1/0 2:1/0 3:2/1 4:0/1", told["x"]);
        Assert.Equal("0:1/1 0.5:1/0 2.5:0/1 9.5:2/1", told["y"]);
        Assert.Equal("clerk:2/1 judge:0/2 cook:1/0", told["job"]);
        Assert.Equal(["0/1", "0/0", "1/0"], shown.GetProperty("histograms").EnumerateArray().Select(histogram => $"{Count(histogram, "reference_missing")}/{Count(histogram, "missing")}"));
    }

    [Fact]
    public async Task Without_a_reference_there_is_nothing_and_too_many_features_are_refused()
    {
        using var admin = _server.Admin();
        using var none = await admin.GetAsync("/api/datasets/before/drift?feature=x");
        Assert.Equal(HttpStatusCode.NoContent, none.StatusCode);
        using var many = await admin.GetAsync("/api/datasets/after/drift?" + string.Join('&', Enumerable.Range(0, 13).Select(i => $"feature=f{i}")));
        Assert.Equal((400, "13 features were asked for.", "Ask for at most 12 at once."), await Caller.ProblemAsync(many));
        using var unknown = await admin.GetAsync("/api/datasets/nothing/drift");
        Assert.Equal(404, (await Caller.ProblemAsync(unknown)).Status);
    }

    private static int Count(System.Text.Json.JsonElement bin, string side) => bin.GetProperty(side).GetInt32();
}
