using Orchestrator.Core.Findings;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Findings;

namespace Orchestrator.EndToEnd.Tests.Access;

public sealed class PageTests(FullServer full) : IClassFixture<FullServer>
{
    [Theory]
    [InlineData("/api/findings?limit=1000", FullServer.Findings, 10)]
    [InlineData("/api/findings?limit=300&open=true", FullServer.Findings / 10, 4)]
    [InlineData("/api/fixes?limit=1000", FullServer.Findings, 10)]
    [InlineData("/api/fixes?limit=999&open=true", FullServer.Findings / 10, 2)]
    public async Task Pages_of_a_list_hold_every_entry_once_newest_first(string path, int total, int pages)
    {
        using var admin = full.Server.Admin();
        var (entries, turned) = (new List<(DateTimeOffset At, string Id)>(), 0);
        for (string? after = ""; after is not null; turned++)
        {
            using var answer = await admin.GetAsync(after.Length == 0 ? path : $"{path}&after={after}");
            Assert.Equal(total.ToString(System.Globalization.CultureInfo.InvariantCulture), answer.Headers.GetValues("Orchestrator-Total").Single());
            entries.AddRange((await Caller.JsonAsync(answer)).EnumerateArray().Select(entry => (entry.GetProperty("opened_at").GetDateTimeOffset(), entry.GetProperty("id").GetString()!)));
            after = answer.Headers.TryGetValues("Orchestrator-Next", out var next) ? next.Single() : null;
        }

        Assert.Equal((total, total, pages), (entries.Count, entries.Select(entry => entry.Id).Distinct().Count(), turned));
        Assert.Equal(entries.OrderByDescending(entry => entry.At).ThenBy(entry => entry.Id, StringComparer.Ordinal), entries);
    }

    [Fact]
    public async Task What_comes_in_while_somebody_turns_pages_moves_none_of_them()
    {
        using var admin = full.Server.Admin();
        using var first = await admin.GetAsync("/api/findings?limit=7");
        var mark = first.Headers.GetValues("Orchestrator-Next").Single();
        var expected = await admin.TextAsync($"/api/findings?limit=7&after={mark}");
        await full.Server.Node.Database.WriteAsync(
            transaction => FindingStore.Save(transaction, new Finding("new", "new", "group", "Rule", Labels.Empty, "revision", DateTimeOffset.UnixEpoch.AddDays(29_200)) { State = FindingState.Resolved }), TestContext.Current.CancellationToken);
        Assert.Equal(expected, await admin.TextAsync($"/api/findings?limit=7&after={mark}"));
        Assert.Equal("new", (await admin.JsonAsync("/api/findings?limit=1"))[0].GetProperty("id").GetString());
        await full.Server.Node.Database.WriteAsync(transaction => { transaction.Execute("delete from finding where id = 'new'"); }, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_queue_of_a_hundred_thousand_tasks_is_read_a_page_at_a_time()
    {
        using var admin = full.Server.Admin();
        var (seen, next) = (0, (int?)null);
        do
        {
            var shown = await admin.JsonAsync($"/api/labels/queues/big?limit=1000{(next is null ? "" : $"&after={next}")}");
            var positions = shown.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("position").GetInt32()).ToList();
            Assert.Equal(Enumerable.Range(seen + 1, 1000), positions);
            seen += positions.Count;
            next = shown.TryGetProperty("next", out var after) ? after.GetInt32() : null;
        }
        while (next is not null);
        Assert.Equal(FullServer.Tasks, seen);
        Assert.Equal(40, (await admin.JsonAsync("/api/labels/next?queue=big&limit=40")).GetArrayLength());
        Assert.Equal(FullServer.Tasks, (await admin.JsonAsync("/api/status")).GetProperty("open_label_tasks").GetInt32());
    }

    [Theory]
    [InlineData("/api/findings?after=nonsense")]
    [InlineData("/api/fixes?after=")]
    [InlineData("/api/audit?after=%2e%2e")]
    [InlineData("/api/workflows/instances?after=bm9uc2Vuc2U")]
    public async Task A_place_that_is_none_is_refused_in_words(string path)
    {
        using var admin = full.Server.Admin();
        using var answer = await admin.GetAsync(path);
        var (status, detail, _) = await Caller.ProblemAsync(answer);
        Assert.Equal((400, "The parameter after is no place in this list: send what the header of the page before held."), (status, detail));
    }

    [Theory]
    [InlineData("select id from finding where 1 = 1 and opened_at <= 5 and (opened_at < 5 or id > 'x') order by opened_at desc, id limit 100", "finding_newest")]
    [InlineData("select id from finding where state = 'open' and opened_at <= 5 and (opened_at < 5 or id > 'x') order by opened_at desc, id limit 100", "finding_open")]
    [InlineData("select body from fix where 1 = 1 order by opened_at desc, id limit 100", "fix_newest")]
    [InlineData("select body from fix where is_open = 1 order by opened_at desc, id limit 100", "fix_open_newest")]
    [InlineData("select body from fix where instance_id = 'x' and is_open = 1", "fix_instance")]
    [InlineData("select id from workflow_instance where 1 = 1 order by created_at desc, id limit 100", "workflow_instance_newest")]
    [InlineData("select position from label_task where queue_id = 'x' and position > 7 order by position limit 100", "sqlite_autoindex_label_task_1")]
    public void Pages_are_read_from_an_index_and_nothing_is_sorted(string sql, string index)
    {
        var plan = full.Server.Node.Database.Read(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"explain query plan {sql}";
            using var reader = command.ExecuteReader();
            var steps = new List<string>();
            while (reader.Read())
            {
                steps.Add(reader.GetString(3));
            }

            return string.Join("; ", steps);
        });
        Assert.Contains(index, plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }
}
