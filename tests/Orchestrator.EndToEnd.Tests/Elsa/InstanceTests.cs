using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Keys;

namespace Orchestrator.EndToEnd.Tests.Elsa;

public sealed class InstanceTests(DesignerServer server) : IClassFixture<DesignerServer>
{
    [Fact]
    public async Task A_published_workflow_is_run_by_an_admin_and_its_run_is_shown_in_every_panel()
    {
        using var admin = await server.AsAsync("root@example.org", Role.Admin);
        var id = await RunAsync(admin);
        var shown = await admin.JsonAsync($"/elsa/api/workflow-instances/{id}");
        Assert.Equal(("Finished", "Finished", 1, 0), (
            shown.GetProperty("status").GetString(), shown.GetProperty("subStatus").GetString(), shown.GetProperty("version").GetInt32(), shown.GetProperty("incidentCount").GetInt32()));
        Assert.Equal(JsonValueKind.Object, shown.GetProperty("workflowState").ValueKind);
        var definition = JsonNode.Parse(await admin.TextAsync($"/elsa/api/workflow-definitions/by-id/{shown.GetProperty("definitionVersionId").GetString()}"))!.AsObject();
        Assert.False(DesignerServer.MayPublish(definition));

        using var report = await admin.PostAsync("/elsa/api/activity-executions/report", new { workflowInstanceId = id, activityNodeIds = new[] { "Workflow1:root:ask", "Workflow1:root:no" } });
        var stats = (await Caller.JsonAsync(report)).GetProperty("stats");
        Assert.Equal("""[{"activityNodeId":"Workflow1:root:ask","activityId":"ask","startedCount":1,"completedCount":1,"uncompletedCount":0,"isBlocked":false,"isFaulted":false,"metadata":{}}]""", stats.GetRawText());

        using var journal = await admin.PostAsync($"/elsa/api/workflow-instances/{id}/journal?skip=0&take=110", """{"filter": {"excludedActivityTypes": ["Elsa.Workflow", "Elsa.Flowchart"]}}""");
        var lines = await Caller.JsonAsync(journal);
        Assert.Equal(
            ["start Started", "start Completed", "set Started", "set Completed", "ask Started", "ask Completed", "yes Started", "yes Completed"],
            lines.GetProperty("items").EnumerateArray().Select(line => $"{line.GetProperty("activityId").GetString()} {line.GetProperty("eventName").GetString()}"));
        Assert.Equal(8, lines.GetProperty("totalCount").GetInt32());

        var summary = (await admin.JsonAsync($"/elsa/api/activity-execution-summaries/list?WorkflowInstanceId={id}&ActivityNodeId=Workflow1:root:ask")).GetProperty("items")[0];
        Assert.Equal("Completed", summary.GetProperty("status").GetString());
        var record = await admin.JsonAsync($"/elsa/api/activity-executions/by-id?id={summary.GetProperty("id").GetString()}");
        Assert.True(record.GetProperty("activityState").GetProperty("Condition").GetBoolean());
        var stack = await admin.JsonAsync($"/elsa/api/activity-executions/{summary.GetProperty("id").GetString()}/call-stack?includeCrossWorkflowChain=True");
        Assert.Equal(["ask", "root"], stack.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("activityId").GetString()));
        var variables = await admin.JsonAsync($"/elsa/api/workflow-instances/{id}/variables");
        Assert.Equal("""{"items":[{"id":"go","name":"go","value":true}],"count":1}""", variables.GetRawText());
        var state = await admin.JsonAsync($"/elsa/api/workflow-instances/{id}/execution-state");
        Assert.Equal(("Finished", "Finished"), (state.GetProperty("subStatus").GetString(), state.GetProperty("workflowSubStatus").GetString()));
    }

    [Fact]
    public async Task A_list_of_instances_is_filtered_and_paged()
    {
        using var admin = await server.AsAsync("root@example.org", Role.Admin);
        var first = await RunAsync(admin);
        var second = await RunAsync(admin);
        Assert.Equal(1, (await PageAsync(admin, $$"""{"page": 0, "pageSize": 10, "searchTerm": "{{first}}", "definitionIds": [], "statuses": [], "subStatuses": []}""")).GetProperty("totalCount").GetInt32());
        var page = await PageAsync(admin, """{"page": 0, "pageSize": 1, "statuses": ["Finished"], "subStatuses": ["Finished"], "hasIncidents": false, "orderBy": "Created", "orderDirection": "Descending"}""");
        Assert.Equal((1, true), (page.GetProperty("items").GetArrayLength(), page.GetProperty("totalCount").GetInt32() >= 2));
        Assert.Equal(JsonValueKind.Null, page.GetProperty("items")[0].GetProperty("workflowState").ValueKind);
        Assert.Equal(0, (await PageAsync(admin, $$"""{"searchTerm": "{{second}}", "statuses": ["Running"]}""")).GetProperty("totalCount").GetInt32());
        Assert.Equal(0, (await PageAsync(admin, """{"definitionIds": ["nothing"]}""")).GetProperty("totalCount").GetInt32());
        using var gone = await admin.GetAsync("/elsa/api/workflow-instances/nothing");
        Assert.Equal("There is no workflow instance \"nothing\".", (await Caller.ProblemAsync(gone)).Detail);
    }

    [Fact]
    public async Task What_may_not_be_run_is_answered_by_the_header_that_studio_knows()
    {
        using var admin = await server.AsAsync("root@example.org", Role.Admin);
        using var author = await server.AsAsync("author@example.org", Role.Author);
        var draft = await DesignerServer.SavedAsync(author, JsonNode.Parse(ElsaFiles.Small)!.AsObject(), publish: false);
        foreach (var (caller, id, why) in new[]
        {
            (author, "notify", "It was not started: running a workflow by hand needs the role admin."),
            (admin, draft["definitionId"]!.ToString(), "It was not started: nothing of it is published."),
            (admin, "rollback", "It was not started: the workflow input model is missing"),
        })
        {
            using var answer = await caller.PostAsync($"/elsa/api/workflow-definitions/{id}/execute", """{"input": null}""");
            Assert.Equal("true", answer.Headers.GetValues("x-elsa-workflow-cannot-start").Single());
            Assert.StartsWith(why, Uri.UnescapeDataString(answer.Headers.GetValues("x-orchestrator-said").Single()), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_viewer_is_told_over_the_socket_when_the_instance_goes_on()
    {
        using var admin = await server.AsAsync("root@example.org", Role.Admin);
        var waiting = JsonNode.Parse(ElsaFiles.Small)!.AsObject();
        waiting["root"]!["activities"]![1] = JsonNode.Parse("""{"id": "set", "type": "Orchestrator.Approval", "version": 1, "name": "Approval1", "question": {"typeName": "String", "expression": {"type": "Literal", "value": "Go on?"}}, "approvers": {"typeName": "String[]", "expression": {"type": "Object", "value": "[\"leads\"]"}}}""");
        waiting["root"]!["connections"]![1]!["source"]!["port"] = "Approved";
        var id = await RunAsync(admin, waiting);
        using var socket = new ClientWebSocket();
        var key = await server.AsAsync("watcher@example.org", Role.Viewer);
        socket.Options.SetRequestHeader("Authorization", key.Authorization);
        await socket.ConnectAsync(new Uri($"ws://{server.Url.Authority}/elsa/hubs/workflow-instance"), TestContext.Current.CancellationToken);
        await SendAsync(socket, """{"protocol":"json","version":1}""");
        await SendAsync(socket, $$"""{"type":1,"invocationId":"1","target":"ObserveInstanceAsync","arguments":["{{id}}"]}""");
        await ReadUntilAsync(socket, "\"invocationId\":\"1\"");

        await server.Node.Database.WriteAsync(
            transaction => server.Node.Workflows.Handle(transaction, id, new WorkflowCommand.Cancel(server.Node.Clocks.Now, "enough")), TestContext.Current.CancellationToken);
        var told = await ReadUntilAsync(socket, "WorkflowInstanceUpdatedAsync");
        Assert.Contains("""{"type":1,"target":"ActivityExecutionLogUpdatedAsync","arguments":[{"stats":[""", told, StringComparison.Ordinal);
        Assert.Contains($$"""{"type":1,"target":"WorkflowInstanceUpdatedAsync","arguments":[{"workflowInstanceId":"{{id}}"}]}""", told, StringComparison.Ordinal);
        var shown = await admin.JsonAsync($"/elsa/api/workflow-instances/{id}");
        Assert.Equal(("Finished", "Cancelled"), (shown.GetProperty("status").GetString(), shown.GetProperty("subStatus").GetString()));
    }

    private async Task<string> RunAsync(Caller admin, JsonObject? definition = null)
    {
        await server.Node.Database.WriteAsync(transaction => server.Node.Fixes.SetKillSwitch(transaction, on: false, "test", server.Node.Clocks.Now), TestContext.Current.CancellationToken);
        var saved = await DesignerServer.SavedAsync(admin, definition ?? JsonNode.Parse(ElsaFiles.Small)!.AsObject(), publish: true);
        using var run = await admin.PostAsync($"/elsa/api/workflow-definitions/{saved["definitionId"]}/execute", """{"correlationId": null, "triggerActivityId": null, "versionOptions": "Latest", "input": null}""");
        Assert.True(run.Headers.Contains("x-elsa-workflow-instance-id"), await run.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return run.Headers.GetValues("x-elsa-workflow-instance-id").Single();
    }

    private static async Task<JsonElement> PageAsync(Caller caller, string filter)
    {
        using var answer = await caller.PostAsync("/elsa/api/workflow-instances", filter);
        return await Caller.JsonAsync(answer);
    }

    private static Task SendAsync(ClientWebSocket socket, string message) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message + "\u001e"), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);

    private static async Task<string> ReadUntilAsync(ClientWebSocket socket, string words)
    {
        var read = new StringBuilder();
        var buffer = new byte[16384];
        while (!read.ToString().Contains(words, StringComparison.Ordinal))
        {
            var got = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            read.Append(Encoding.UTF8.GetString(buffer, 0, got.Count));
        }

        return read.ToString();
    }
}
