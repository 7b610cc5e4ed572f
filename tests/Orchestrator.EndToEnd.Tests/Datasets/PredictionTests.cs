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

    private static int Number(JsonElement page, string name) => page.GetProperty(name).GetInt32();

    private static IEnumerable<string> Lines(JsonElement page) => page.GetProperty("rows").EnumerateArray().Select(row =>
        $"{Text(row, "id")} {Text(row, "prediction")} {Text(row, "label")} {Text(row, "agrees")} {string.Join('|', row.GetProperty("cells").EnumerateArray().Select(cell => cell.ValueKind == JsonValueKind.Null ? "-" : cell.GetString()))}");

    private static string Text(JsonElement row, string name) => row.TryGetProperty(name, out var value) ? value.ToString() : "-";

    private static async Task MeasureAsync(Caller admin)
    {
        using var measured = await admin.PostAsync("/api/monitors/served/measure", new { });
        Assert.True(measured.IsSuccessStatusCode, await measured.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
