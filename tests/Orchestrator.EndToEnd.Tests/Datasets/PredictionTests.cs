using System.Net;
using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests.Datasets;

/// <summary>Rows of a measurement with prediction and label over the API.</summary>
public sealed class PredictionTests : IAsyncLifetime
{
    private const string Monitor = """
        monitor: served
        every: 365d
        datasets:
          served: {connection: data, path: served.csv, split: test, roles: {id: id, time: at, label: kind, prediction: said, features: [x, job]}}
          unserved: {connection: data, path: served.csv, split: test, roles: {id: id, features: [x]}}
          unlabelled: {connection: data, path: served.csv, split: test, roles: {id: id, time: at, prediction: said, features: [job]}}
          written: {connection: data, path: written.csv, split: test, roles: {id: id, label: kind, prediction: said, features: [text]}}
        metrics: [data_rows]
        min_rows: 1
        """;

    private const string PriceMonitor = """
        monitor: price
        model: price
        every: 365d
        datasets:
          prices: {connection: data, path: prices.csv, split: production, roles: {id: id, label: y, prediction: p, features: [part]}}
        metrics: [data_rows]
        min_rows: 1
        """;

    private readonly LiveServer _server = new();

    public async ValueTask InitializeAsync()
    {
        _server.Folder.Write("source/rules/served.monitor.yaml", Monitor);
        _server.Folder.Write(
            "data/served.csv",
            "id,at,x,job,kind,said\n1,2026-01-01T00:00:00Z,1,clerk,cat,cat\n2,2026-01-01T02:00:00Z,2.5,,dog,cat\n3,2026-01-01T01:00:00Z,,cook,,dog\n4,2026-01-01T03:00:00Z,4,cook,cat,dog\n");
        _server.Folder.Write("data/written.csv", $"id,text,kind,said\n1,\"{new string('a', 1001)}\",1,1.0\n2,\"says \"\"no\"\",\ntwice\",1,1\n");
        _server.Folder.Write("source/rules/price.model.yaml", "model: price\ntask: regression\nlabels: observed\n");
        _server.Folder.Write("source/rules/price.monitor.yaml", PriceMonitor);
        _server.Folder.Write("data/prices.csv", "id,y,p,part\n1,10,12.5,a\n2,,7,b\n3,8,cheap,a\n");
        await _server.InitializeAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>By time the rows are 4, 2, 3, 1; of 3 the label is not known, and 4 and 2 were predicted wrong.</summary>
    [Fact]
    public async Task Rows_come_newest_first_and_tell_whether_they_were_predicted_right()
    {
        using var admin = _server.Admin();
        await MeasureAsync(admin);

        var page = await admin.JsonAsync("/api/datasets/served/predictions?limit=3");

        Assert.Equal((4, 4, 3, 2), (Number(page, "total"), Number(page, "all"), Number(page, "judged"), Number(page, "wrong")));
        Assert.Equal("""["x","job"]""", page.GetProperty("columns").GetRawText());
        Assert.Equal(["4 dog cat False 4|cook", "2 cat dog False 2.5|-", "3 dog - - -|cook"], Lines(page));
        Assert.Equal(["1 cat cat True 1|clerk"], Lines(await admin.JsonAsync("/api/datasets/served/predictions?offset=3")));
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 3, 0, 0, TimeSpan.Zero), page.GetProperty("rows")[0].GetProperty("at").GetDateTimeOffset());
        var wrong = await admin.JsonAsync("/api/datasets/served/predictions?wrong=true&offset=1");
        Assert.Equal((2, "2 cat dog False 2.5|-"), (Number(wrong, "total"), Assert.Single(Lines(wrong))));
    }

    /// <summary>What is looked at are the rows of a measurement: a file that changed is seen once it was measured.</summary>
    [Fact]
    public async Task Rows_stay_those_of_the_measurement_until_there_is_another()
    {
        using var admin = _server.Admin();
        await MeasureAsync(admin);
        Assert.Equal(4, Number(await admin.JsonAsync("/api/datasets/served/predictions"), "total"));

        _server.Folder.Write("data/served.csv", "id,at,x,job,kind,said\n9,2026-01-01T00:00:00Z,1,clerk,cat,cat\n");
        Assert.Equal(4, Number(await admin.JsonAsync("/api/datasets/served/predictions?limit=2"), "total"));
        await MeasureAsync(admin);

        Assert.Equal(["9 cat cat True 1|clerk"], Lines(await admin.JsonAsync("/api/datasets/served/predictions")));
    }

    [Fact]
    public async Task Without_predictions_or_a_measurement_there_is_nothing()
    {
        using var admin = _server.Admin();
        using var early = await admin.GetAsync("/api/datasets/served/predictions");
        Assert.Equal(HttpStatusCode.NoContent, early.StatusCode);
        await MeasureAsync(admin);
        using var none = await admin.GetAsync("/api/datasets/unserved/predictions");
        Assert.Equal(HttpStatusCode.NoContent, none.StatusCode);
        using var unknown = await admin.GetAsync("/api/datasets/nothing/predictions");
        Assert.Equal(404, (await Caller.ProblemAsync(unknown)).Status);
    }

    /// <summary>A number that is another than was predicted is not wrong; what is no number is no prediction.</summary>
    [Fact]
    public async Task Predicted_numbers_are_listed_without_being_called_right_or_wrong()
    {
        using var admin = _server.Admin();
        await MeasureAsync(admin, "price");

        var page = await admin.JsonAsync("/api/datasets/prices/predictions");

        Assert.Equal(["1 12.5 10 - a", "2 7 - - b", "3 - 8 - a"], Lines(page));
        Assert.Equal((3, 0, 0), (Number(page, "all"), Number(page, "judged"), Number(page, "wrong")));
        Assert.Equal(0, Number(await admin.JsonAsync("/api/datasets/prices/predictions?wrong=true"), "total"));
    }

    [Fact]
    public async Task Rows_without_any_labels_are_listed_and_none_of_them_is_judged()
    {
        using var admin = _server.Admin();
        await MeasureAsync(admin);

        var page = await admin.JsonAsync("/api/datasets/unlabelled/predictions?limit=2");

        Assert.Equal(["4 dog - - cook", "2 cat - - -"], Lines(page));
        Assert.Equal((4, 0, 0), (Number(page, "all"), Number(page, "judged"), Number(page, "wrong")));
    }

    /// <summary>Of a text its first 1000 characters are shown; classes are words, also where they look like numbers.</summary>
    [Fact]
    public async Task Texts_are_shown_as_they_are_and_long_ones_by_their_beginning()
    {
        using var admin = _server.Admin();
        await MeasureAsync(admin);

        var lines = Lines(await admin.JsonAsync("/api/datasets/written/predictions"));

        Assert.Equal([$"1 1.0 1 False {new string('a', 1000)}…", "2 1 1 True says \"no\",\ntwice"], lines);
    }

    [Theory]
    [InlineData("offset=4")]
    [InlineData("offset=2&wrong=true")]
    [InlineData("offset=9223372036854775807")]
    [InlineData("offset=9223372036854775807&wrong=true")]
    public async Task A_page_past_the_end_is_empty_and_says_how_many_rows_there_are(string query)
    {
        using var admin = _server.Admin();
        await MeasureAsync(admin);

        var page = await admin.JsonAsync($"/api/datasets/served/predictions?{query}");

        Assert.Empty(Lines(page));
        Assert.Equal((4, 2), (Number(page, "all"), Number(page, "wrong")));
    }

    [Theory]
    [InlineData("served/predictions?offset=-1", 400, "The parameter offset cannot be -1: entries are counted from 0.")]
    [InlineData("served/predictions?limit=0", 400, "The parameter limit cannot be 0: 1 to 500 are allowed.")]
    [InlineData("served/predictions?limit=501", 400, "The parameter limit cannot be 501: 1 to 500 are allowed.")]
    [InlineData("nothing/predictions", 404, "There is no dataset \"nothing\".")]
    public async Task What_cannot_be_listed_is_refused_in_plain_words(string path, int status, string detail)
    {
        using var admin = _server.Admin();
        using var answer = await admin.GetAsync($"/api/datasets/{path}");
        var problem = await Caller.ProblemAsync(answer);
        Assert.Equal((status, detail), (problem.Status, problem.Detail));
    }

    /// <summary>Nobody looked while the file was there, so that nothing of it is kept.</summary>
    [Fact]
    public async Task Rows_whose_source_is_gone_are_told_to_be_out_of_reach()
    {
        using var admin = _server.Admin();
        await MeasureAsync(admin);
        File.Delete(_server.Folder["data/served.csv"]);

        using var answer = await admin.GetAsync("/api/datasets/served/predictions");

        var problem = await Caller.ProblemAsync(answer);
        Assert.Equal((409, "See /api/monitors for what its monitor says of it."), (problem.Status, problem.Next));
        Assert.StartsWith("The rows of served cannot be read: ", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("served.csv", problem.Detail, StringComparison.Ordinal);
    }

    private static int Number(JsonElement page, string name) => page.GetProperty(name).GetInt32();

    private static IEnumerable<string> Lines(JsonElement page) => page.GetProperty("rows").EnumerateArray().Select(row =>
        $"{Text(row, "id")} {Text(row, "prediction")} {Text(row, "label")} {Text(row, "agrees")} {string.Join('|', row.GetProperty("cells").EnumerateArray().Select(cell => cell.ValueKind == JsonValueKind.Null ? "-" : cell.GetString()))}");

    private static string Text(JsonElement row, string name) => row.TryGetProperty(name, out var value) ? value.ToString() : "-";

    private static async Task MeasureAsync(Caller admin, string monitor = "served")
    {
        using var measured = await admin.PostAsync($"/api/monitors/{monitor}/measure", new { });
        Assert.True(measured.IsSuccessStatusCode, await measured.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
