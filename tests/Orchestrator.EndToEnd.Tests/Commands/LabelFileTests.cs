using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Runtime.Labeling;

namespace Orchestrator.EndToEnd.Tests.Commands;

public sealed class LabelFileTests(LiveServer server) : IClassFixture<LiveServer>, IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tasks_go_out_as_a_table_and_its_filled_rows_come_back_once()
    {
        await OpenAsync("q-table");
        Assert.Equal(0, (await RunAsync("export", "q-table", "--out", _folder["tasks.csv"])).ExitCode);
        var lines = await File.ReadAllLinesAsync(_folder["tasks.csv"], Cancel);
        Assert.Equal(["task,label,given,suggested,text", "q-table:1,,cat,dog,\"it barks, a lot\"", "q-table:2,,dog,cat,it purrs", "q-table:3,,cat,dog,it wags"], lines);

        lines[1] = "q-table:1,dog,cat,dog,\"it barks, a lot\"";
        lines[2] = "q-table:2,bird,dog,cat,it purrs";
        await File.WriteAllLinesAsync(_folder["tasks.csv"], lines, Cancel);
        var ended = await RunAsync("import", _folder["tasks.csv"]);
        Assert.Equal((1, ""), (ended.ExitCode, ended.Error));
        Assert.Equal($"{_folder["tasks.csv"]}: row 2: \"bird\" is no label of animals; allowed: cat, dog\n1 answers taken, 1 not.\n", ended.Output);
        Assert.Equal(["dog", null, null], Answers("q-table"));

        Assert.Equal("1 answers taken, 1 not.", (await RunAsync("import", _folder["tasks.csv"])).Output.TrimEnd().Split('\n')[^1]);
    }

    [Fact]
    public async Task A_table_of_tasks_holds_no_formula_and_a_label_that_looks_like_one_comes_back()
    {
        var now = server.Node.Clocks.Now;
        var queue = new LabelQueue("q-formula", "animals", "1", "none", "labels", "open", 2, now, now.AddDays(30)) { Classes = ["=cat", "dog"] };
        var task = Asked(queue.Id, 1, ("dog", "=cat"), "=HYPERLINK(1)");
        task = task with { Columns = task.Columns.Add("@more", "+x").Add("number", "-5") };
        await server.Node.Database.WriteAsync(transaction => server.Node.Labels.Open(transaction, queue, [task, Asked(queue.Id, 2, ("dog", "dog"), "last")]), Cancel);
        Assert.Equal(0, (await RunAsync("export", "q-formula", "--out", _folder["formula.csv"])).ExitCode);
        var lines = await File.ReadAllLinesAsync(_folder["formula.csv"], Cancel);
        Assert.Equal(["task,label,given,suggested,'@more,number,text", "q-formula:1,,dog,'=cat,'+x,-5,'=HYPERLINK(1)"], lines[..2]);
        await File.WriteAllLinesAsync(_folder["formula.csv"], [lines[0], "q-formula:1,'=cat,dog,'=cat,'+x,-5,x"], Cancel);
        Assert.Equal((0, "1 answers taken, 0 not.\n"), Said(await RunAsync("import", _folder["formula.csv"])));
        Assert.Equal(["=cat", null], Answers("q-formula"));
    }

    [Fact]
    public async Task Label_studio_gets_tasks_with_suggestions_and_its_annotations_come_back()
    {
        await OpenAsync("q-studio");
        Assert.Equal(0, (await RunAsync("export", "q-studio", "--out", _folder["tasks.json"])).ExitCode);
        using var tasks = JsonDocument.Parse(await File.ReadAllTextAsync(_folder["tasks.json"], Cancel));
        var first = tasks.RootElement[0];
        Assert.Equal(("q-studio:1", "it barks, a lot"), (first.GetProperty("data").GetProperty("task").GetString(), first.GetProperty("data").GetProperty("text").GetString()));
        Assert.Equal("dog", first.GetProperty("predictions")[0].GetProperty("result")[0].GetProperty("value").GetProperty("choices")[0].GetString());
        Assert.Contains("<Choice value=\"dog\"/>", await File.ReadAllTextAsync(_folder["tasks.xml"], Cancel), StringComparison.Ordinal);

        var export = _folder.Write("export.json", """
            [
              {"id": 11, "data": {"task": "q-studio:1"}, "annotations": [{"was_cancelled": true, "result": []}, {"result": [{"from_name": "label", "type": "choices", "value": {"choices": ["dog"]}}]}]},
              {"id": 12, "data": {"task": "q-studio:2"}, "annotations": [{"was_cancelled": true, "result": []}]}
            ]
            """);
        Assert.Equal((0, "1 answers taken, 0 not.\n"), Said(await RunAsync("import", export)));
        Assert.Equal((0, "1 answers taken, 0 not.\n"), Said(await RunAsync("import", _folder.Write("min.json", """[{"task": "q-studio:3", "label": "dog", "annotator": 1}]"""))));
        Assert.Equal(["dog", null, "dog"], Answers("q-studio"));
    }

    [Theory]
    [InlineData("a.json", "[{\"data\": {\"text\": \"x\"}}]", "task 1 has no field \"task\" in its data; only tasks that \"labels export\" wrote can come back")]
    [InlineData("a.json", "[\n{", ":2: this is no JSON")]
    [InlineData("a.json", "{}", "holds Object where a list of tasks belongs")]
    [InlineData("a.csv", "task,answer\nq:1,cat\n", ":1: there is no column \"label\"; there are task, answer")]
    [InlineData("a.txt", "x", "is of no known format; allowed: .csv, .json (Label Studio)")]
    [InlineData("a.json", "[{\"data\": {\"task\": \"q:1\"}, \"annotations\": [{\"result\": [{\"value\": {\"choices\": [\"cat\", \"dog\"]}}]}]}]", "task 1 has the answers cat and dog; one answer a task can come back")]
    public async Task A_file_that_holds_no_answers_is_refused_with_its_place(string name, string text, string expected)
    {
        var ended = await RunAsync("import", _folder.Write(name, text));
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(expected, ended.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static (int, string) Said(Ended ended) => (ended.ExitCode, ended.Output);

    private Task<Ended> RunAsync(string verb, params string[] rest) => Ended.RunAsync(["labels", verb, .. rest, "--workspace", server.Workspace]);

    private IEnumerable<string?> Answers(string queue) => server.Node.Database.Read(connection => LabelStore.Tasks(connection, queue)).Select(task => task.Answer);

    /// <summary>Three tasks of which a test leaves one open, so that the queue stays open.</summary>
    private async Task OpenAsync(string id)
    {
        var queue = new LabelQueue(id, "animals", "v1", "none", "labels", "open", 3, server.Node.Clocks.Now, server.Node.Clocks.Now.AddDays(30)) { Classes = ["cat", "dog"] };
        LabelTask[] tasks = [Asked(id, 1, ("cat", "dog"), "it barks, a lot"), Asked(id, 2, ("dog", "cat"), "it purrs"), Asked(id, 3, ("cat", "dog"), "it wags")];
        await server.Node.Database.WriteAsync(transaction => server.Node.Labels.Open(transaction, queue, tasks), Cancel);
    }

    private static LabelTask Asked(string queue, int position, (string Given, string Suggested) labels, string text) =>
        new($"{queue}:{position}", queue, position, $"row-{position}", "", labels.Given, labels.Suggested, 0.9, ImmutableSortedDictionary<string, string>.Empty.Add("text", text));
}
