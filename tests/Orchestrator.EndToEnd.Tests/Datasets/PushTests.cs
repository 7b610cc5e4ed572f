using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Keys;

namespace Orchestrator.EndToEnd.Tests.Datasets;

/// <summary>Rows and labels are pushed over the API and measured.</summary>
public sealed class PushTests : IAsyncLifetime
{
    private const string Monitor = """
        monitor: pushed
        every: 365d
        datasets:
          served:
            push: true
            split: production
            roles: {id: id, prediction: guess, features: [x]}
            labels: {push: true, join: id, label: truth}
        metrics: [data_rows, model_accuracy]
        min_rows: 1
        """;

    private readonly LiveServer _server = new();

    public async ValueTask InitializeAsync()
    {
        _server.Folder.Write("source/rules/pushed.monitor.yaml", Monitor);
        await _server.InitializeAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task What_is_pushed_in_any_format_is_measured_and_a_batch_counts_once()
    {
        using var pusher = await _server.ClientOfAsync("scorer", Role.Pusher);
        Assert.Equal((HttpStatusCode.OK, 2, true), await PushAsync(pusher, "rows?batch=1", "text/csv", "id,guess,x\na,cat,1\nb,dog,2\n"));
        Assert.Equal((HttpStatusCode.OK, 2, false), await PushAsync(pusher, "rows?batch=1", "text/csv", "id,guess,x\na,cat,1\nb,dog,2\n"));
        Assert.Equal((HttpStatusCode.OK, 1, true), await PushAsync(pusher, "rows?batch=2", "application/x-ndjson", """{"id": "c", "x": 2.5, "guess": "cat"}"""));
        Assert.Equal((HttpStatusCode.OK, 1, true), await PushAsync(pusher, "rows?batch=3", "text/tab-separated-values", "id\tguess\tx\nd\tdog\t3\n"));
        Assert.Equal((HttpStatusCode.OK, 3, true), await PushAsync(pusher, "labels?batch=1", "application/jsonl", "{\"id\": \"a\", \"truth\": \"cat\"}\n{\"id\": \"b\", \"truth\": \"cat\"}\n{\"id\": \"c\", \"truth\": \"cat\"}"));

        using var admin = _server.Admin();
        using var measured = await admin.PostAsync("/api/monitors/pushed/measure", new { });
        Assert.True(measured.IsSuccessStatusCode, await measured.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(4, Value("data_rows"));
        Assert.Equal(2 / 3.0, Value("model_accuracy"), 1e-15);
    }

    [Theory]
    [InlineData("nothing", "rows?batch=1", "text/csv", "id\n", 404, "No monitor has a dataset \"nothing\".")]
    [InlineData("tiny-train", "rows?batch=1", "text/csv", "id\n", 409, "The dataset \"tiny-train\" is not pushed.")]
    [InlineData("served", "rows", "text/csv", "id\n", 400, "The batch has no name of 1 to 200 characters.")]
    [InlineData("served", "rows?batch=1", "image/png", "id\n", 415, "A body of the type \"image/png\" cannot be read.")]
    [InlineData("served", "rows?batch=1", "text/csv", "id,gues,x\na,cat,1\n", 422, "rules/pushed.monitor.yaml:7:33: DATA006 served: column \"guess\" is missing, the role \"prediction\" names it; there are id, gues, x; did you mean gues?")]
    [InlineData("served", "rows?batch=1", "text/csv", "", 422, "rules/pushed.monitor.yaml:5:11: DATA003 served: batch.csv is empty; a file has at least a header")]
    [InlineData("served", "labels?batch=1", "text/csv", "id,label\na,cat\n", 422, "rules/pushed.monitor.yaml:8:43: DATA006 served: the labels have no column \"truth\"; there are id, label")]
    public async Task What_cannot_be_kept_is_refused_in_plain_words(string dataset, string path, string type, string body, int status, string detail)
    {
        using var pusher = await _server.ClientOfAsync("scorer", Role.Pusher);
        using var answer = await pusher.SendAsync(HttpMethod.Post, $"/api/datasets/{dataset}/{path}", Content(type, body));
        var problem = await Caller.ProblemAsync(answer);
        Assert.Equal((status, detail), (problem.Status, problem.Detail));
    }

    [Fact]
    public async Task Another_content_under_the_same_name_is_a_conflict()
    {
        using var pusher = await _server.ClientOfAsync("scorer", Role.Pusher);
        await PushAsync(pusher, "rows?batch=1", "text/csv", "id,guess,x\na,cat,1\n");
        using var answer = await pusher.SendAsync(HttpMethod.Post, "/api/datasets/served/rows?batch=1", Content("text/csv", "id,guess,x\na,dog,1\n"));
        Assert.Equal((409, "The batch \"1\" was pushed by scorer before, with another content."), First(await Caller.ProblemAsync(answer)));
    }

    /// <summary>The connection ends after some rows although more were announced.</summary>
    [Fact]
    public async Task A_batch_that_is_half_uploaded_leaves_nothing()
    {
        using (var socket = new System.Net.Sockets.TcpClient("127.0.0.1", _server.Url.Port))
        {
            var head = $"POST /api/datasets/served/rows?batch=1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {_server.AdminKey}\r\nContent-Type: text/csv\r\nContent-Length: 1000000\r\n\r\n";
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + "id,guess,x\na,cat,1\n"), TestContext.Current.CancellationToken);
            while (Staged().Length == 0)
            {
                await Task.Yield();
            }
        }

        while (Staged().Length > 0)
        {
            await Task.Yield();
        }

        Assert.Empty(Directory.GetFiles(Path.Combine(_server.Workspace, "pushed"), "*", SearchOption.AllDirectories));
        using var pusher = await _server.ClientOfAsync("scorer", Role.Pusher);
        Assert.Equal((HttpStatusCode.OK, 1, true), await PushAsync(pusher, "rows?batch=1", "text/csv", "id,guess,x\na,cat,1\n"));
    }

    private string[] Staged() => Directory.GetDirectories(Path.Combine(_server.Workspace, "pushed", ".staging"));

    private static async Task<(HttpStatusCode, int, bool)> PushAsync(Caller caller, string path, string type, string body)
    {
        using var answer = await caller.SendAsync(HttpMethod.Post, $"/api/datasets/served/{path}", Content(type, body));
        var json = await Caller.JsonAsync(answer);
        Assert.True(answer.IsSuccessStatusCode, json.GetRawText());
        return (answer.StatusCode, json.GetProperty("rows").GetInt32(), json.GetProperty("is_new").GetBoolean());
    }

    private static ByteArrayContent Content(string type, string body)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return content;
    }

    private double Value(string metric)
    {
        var series = _server.Node.Samples.Snapshot().Find(Labels.Of(metric, ("dataset", "served")))!;
        return series.Newest!.Value.Value;
    }

    private static (int, string) First((int Status, string Detail, string Next) problem) => (problem.Status, problem.Detail);
}
