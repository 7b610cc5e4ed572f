using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests.Datasets;

/// <summary>Rows of versions over the API, page by page.</summary>
public sealed class RowTests : IAsyncLifetime
{
    private const string Monitor = """
        monitor: shown
        every: 365d
        datasets:
          shown-test: {connection: data, path: train.csv, split: test, roles: {id: id, features: [x]}}
        metrics: [data_rows]
        min_rows: 1
        """;

    private readonly LiveServer _server = new();

    public async ValueTask InitializeAsync()
    {
        _server.Folder.Write("source/rules/shown.monitor.yaml", Monitor);
        await _server.InitializeAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>Ids are texts: r10 stands between r1 and r2.</summary>
    [Fact]
    public async Task Rows_of_the_current_version_are_given_from_a_number_on()
    {
        using var admin = _server.Admin();
        await MeasureAsync(admin);

        var page = await admin.JsonAsync("/api/datasets/tiny-train/rows?offset=8&limit=5");

        Assert.Equal((10, 8, "id"), (page.GetProperty("total").GetInt32(), page.GetProperty("offset").GetInt32(), page.GetProperty("id").GetString()));
        Assert.Equal("""["id","x"]""", JsonSerializer.Serialize(page.GetProperty("columns").EnumerateArray().Select(column => column.GetProperty("name").GetString())));
        Assert.Equal("""[["r8","8"],["r9","9"]]""", page.GetProperty("rows").GetRawText());
        Assert.Equal("""[["r1","1"],["r10","10"],["r2","2"]]""", (await admin.JsonAsync("/api/datasets/tiny-train/rows?limit=3")).GetProperty("rows").GetRawText());
    }

    [Fact]
    public async Task What_became_of_rows_between_two_versions_is_told_row_by_row()
    {
        using var admin = _server.Admin();
        await MeasureAsync(admin);
        _server.Folder.Write("data/train.csv", "id,x\n" + string.Concat(Enumerable.Range(2, 10).Select(row => $"r{row},{(row == 5 ? 50 : row)}\n")));
        await MeasureAsync(admin);
        var versions = (await admin.JsonAsync("/api/datasets/tiny-train")).GetProperty("versions").EnumerateArray().Select(version => version.GetProperty("id").GetString()).ToList();

        var changes = await admin.JsonAsync($"/api/datasets/tiny-train/difference?from={versions[1]}&to={versions[0]}&limit=2");

        Assert.Equal((3, 0), (changes.GetProperty("total").GetInt32(), changes.GetProperty("offset").GetInt32()));
        Assert.Equal("""{"added":1,"changed":1,"dropped":1}""", changes.GetProperty("counts").GetRawText());
        Assert.Equal(
            """[{"id":"r1","kind":"dropped","times":1,"before":["r1","1"],"changed":[]},{"id":"r11","kind":"added","times":1,"after":["r11","11"],"changed":[]}]""",
            changes.GetProperty("rows").GetRawText());
        Assert.Equal(
            """[{"id":"r5","kind":"changed","times":1,"before":["r5","5"],"after":["r5","50"],"changed":[1]}]""",
            (await admin.JsonAsync($"/api/datasets/tiny-train/difference?from={versions[1]}&to={versions[0]}&offset=2")).GetProperty("rows").GetRawText());
    }

    [Fact]
    public async Task Datasets_that_are_only_measured_are_listed_beside_those_with_versions()
    {
        using var admin = _server.Admin();
        await MeasureAsync(admin);

        var lines = (await admin.JsonAsync("/api/datasets")).EnumerateArray().ToList();

        Assert.Equal(["shown-test", "tiny-train"], lines.Select(line => line.GetProperty("dataset").GetString()));
        Assert.Equal((false, 10), (lines[0].TryGetProperty("version", out _), lines[1].GetProperty("rows").GetInt32()));
    }

    [Theory]
    [InlineData("tiny-train/rows?version=none", 404, "There is no version \"none of tiny-train\".")]
    [InlineData("tiny-train/rows?offset=-1", 400, "The parameter offset cannot be -1: entries are counted from 0.")]
    [InlineData("tiny-train/rows?limit=501", 400, "The parameter limit cannot be 501: 1 to 500 are allowed.")]
    [InlineData("tiny-train/difference?from=a", 400, "The parameter to is missing.")]
    [InlineData("tiny-train/difference?from=a&to=b", 404, "There is no version \"a of tiny-train\".")]
    [InlineData("nothing/rows", 404, "There is no version \"of nothing\".")]
    public async Task What_is_not_there_is_said_in_plain_words(string path, int status, string detail)
    {
        using var admin = _server.Admin();
        using var answer = await admin.GetAsync($"/api/datasets/{path}");
        var problem = await Caller.ProblemAsync(answer);
        Assert.Equal((status, detail), (problem.Status, problem.Detail));
    }

    private static async Task MeasureAsync(Caller admin)
    {
        using var measured = await admin.PostAsync("/api/monitors/tiny/measure", new { });
        Assert.True(measured.IsSuccessStatusCode, await measured.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
