using System.Text.Json.Nodes;
using Orchestrator.Runtime.Audit;
using Orchestrator.Runtime.Keys;

namespace Orchestrator.EndToEnd.Tests.Elsa;

public sealed class DefinitionTests(DesignerServer server) : IClassFixture<DesignerServer>
{
    public static TheoryData<string> Shipped => [.. DesignerServer.Definitions];

    [Theory]
    [MemberData(nameof(Shipped))]
    public async Task A_definition_of_the_rules_source_opens_for_reading_only_with_nothing_that_studio_stumbles_over(string name)
    {
        using var author = await server.AsAsync("author@example.org", Role.Author);
        var opened = await DesignerServer.OpenAsync(author, name);
        Assert.Equal(name, opened["definitionId"]!.ToString());
        Assert.False(DesignerServer.MayPublish(opened));
        Assert.All(new[] { "variables", "inputs", "outputs", "outcomes", "links" }, list => Assert.IsType<JsonArray>(opened[list]));
        Assert.All(new[] { "customProperties", "options", "root" }, map => Assert.IsType<JsonObject>(opened[map]));
        Assert.Equal((true, true), (opened["isLatest"]!.GetValue<bool>(), opened["isPublished"]!.GetValue<bool>()));
        Assert.Equal("Workflow1:root", opened["root"]!["nodeId"]!.ToString());
        Assert.All(opened["root"]!["activities"]!.AsArray(), activity => Assert.Equal($"Workflow1:root:{activity!["id"]}", activity["nodeId"]!.ToString()));
        Assert.All(opened["root"]!["activities"]!.AsArray(), activity => Assert.NotEqual("Elsa.NotFoundActivity", activity!["type"]!.ToString()));
        var byId = JsonNode.Parse(await author.TextAsync($"/elsa/api/workflow-definitions/by-id/{opened["id"]}"));
        Assert.True(JsonNode.DeepEquals(opened, byId));
    }

    [Fact]
    public async Task A_new_workflow_posted_with_nulls_comes_back_whole_and_empty()
    {
        using var author = await server.AsAsync("author@example.org", Role.Author);
        var saved = await DesignerServer.SavedAsync(author, JsonNode.Parse(ElsaFiles.Blank)!.AsObject(), publish: null);
        Assert.Equal((1, false, true), (saved["version"]!.GetValue<int>(), saved["isPublished"]!.GetValue<bool>(), saved["isLatest"]!.GetValue<bool>()));
        Assert.All(new[] { "variables", "inputs", "outputs", "outcomes" }, list => Assert.Empty(Assert.IsType<JsonArray>(saved[list])));
        Assert.Equal("Workflow1:0f1e2d3c4b5a6978", saved["root"]!["nodeId"]!.ToString());
        Assert.Equal(16, saved["definitionId"]!.ToString().Length);
        Assert.True(DesignerServer.MayPublish(saved));
    }

    [Fact]
    public async Task A_published_version_never_changes_and_an_edit_of_it_is_the_next_version()
    {
        using var author = await server.AsAsync("author@example.org", Role.Author);
        var first = await DesignerServer.SavedAsync(author, JsonNode.Parse(ElsaFiles.Small)!.AsObject(), publish: true);
        var edited = first.DeepClone().AsObject();
        edited["description"] = "Changed";
        var second = await DesignerServer.SavedAsync(author, edited, publish: false);
        var again = await DesignerServer.SavedAsync(author, second, publish: false);
        var third = await DesignerServer.SavedAsync(author, second, publish: true);

        Assert.Equal((1, true), (first["version"]!.GetValue<int>(), first["isPublished"]!.GetValue<bool>()));
        Assert.Equal((2, false), (second["version"]!.GetValue<int>(), second["isPublished"]!.GetValue<bool>()));
        Assert.Equal(second["id"]!.ToString(), again["id"]!.ToString());
        Assert.Equal((2, true, second["id"]!.ToString()), (third["version"]!.GetValue<int>(), third["isPublished"]!.GetValue<bool>(), third["id"]!.ToString()));
        var old = JsonNode.Parse(await author.TextAsync($"/elsa/api/workflow-definitions/by-id/{first["id"]}"))!;
        Assert.Equal("Sets a variable and decides by it.", old["description"]!.ToString());
        var history = JsonNode.Parse(await author.TextAsync(
            $"/elsa/api/workflow-definitions?versionOptions=AllVersions&DefinitionIds={first["definitionId"]}&OrderBy=Version&OrderDirection=Descending&Page=0&PageSize=10"))!;
        Assert.Equal([2, 1], history["items"]!.AsArray().Select(item => item!["version"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Looking_and_saving_the_same_again_change_nothing_and_every_change_is_audited()
    {
        using var author = await server.AsAsync("author@example.org", Role.Author);
        var saved = await DesignerServer.SavedAsync(author, JsonNode.Parse(ElsaFiles.Small)!.AsObject(), publish: true);
        var before = Last();
        var opened = await DesignerServer.OpenAsync(author, saved["definitionId"]!.ToString());
        var same = await DesignerServer.SavedAsync(author, opened, publish: false);
        Assert.Equal((saved["id"]!.ToString(), before), (same["id"]!.ToString(), Last()));

        opened["name"] = "Smaller";
        await DesignerServer.SavedAsync(author, opened, publish: true);
        var entry = server.Node.Database.Read(connection => AuditStore.After(connection, before)).Single();
        Assert.Equal(("author@example.org", "workflow.published", saved["definitionId"]!.ToString()), (entry.Actor, entry.Action, entry.Subject));
    }

    [Fact]
    public async Task Lists_hold_authored_and_own_definitions_and_offer_only_what_the_caller_may_do()
    {
        using var author = await server.AsAsync("author@example.org", Role.Author);
        using var viewer = await server.AsAsync("viewer@example.org", Role.Viewer);
        var own = await DesignerServer.SavedAsync(author, JsonNode.Parse(ElsaFiles.Small)!.AsObject(), publish: true);
        var list = JsonNode.Parse(await author.TextAsync("/elsa/api/workflow-definitions?versionOptions=Latest&Page=0&PageSize=50&IsSystem=False"))!;
        var seen = JsonNode.Parse(await viewer.TextAsync("/elsa/api/workflow-definitions?versionOptions=Latest&Page=0&PageSize=50&IsSystem=False"))!;

        Assert.Superset(DesignerServer.Definitions.ToHashSet(), list["items"]!.AsArray().Select(item => item!["definitionId"]!.ToString()).ToHashSet());
        Assert.Contains("publish", Rels(Row(list, own)));
        Assert.DoesNotContain("publish", Rels(list["items"]!.AsArray().Single(item => item!["definitionId"]!.ToString() == "notify")!));
        Assert.DoesNotContain("publish", Rels(Row(seen, own)));
        Assert.Equal(["bulk-publish", "bulk-delete"], Rels(list));
        Assert.Empty(Rels(seen));
        Assert.False(DesignerServer.MayPublish(await DesignerServer.OpenAsync(viewer, own["definitionId"]!.ToString())));
        var unique = JsonNode.Parse(await author.TextAsync("/elsa/api/workflow-definitions/validation/is-name-unique?name=Notify"))!;
        Assert.False(unique["isUnique"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_version_can_be_taken_back_brought_back_and_deleted_and_stays_addressable()
    {
        using var author = await server.AsAsync("author@example.org", Role.Author);
        var first = await DesignerServer.SavedAsync(author, JsonNode.Parse(ElsaFiles.Small)!.AsObject(), publish: true);
        var id = first["definitionId"]!.ToString();
        var changed = first.DeepClone().AsObject();
        changed["name"] = "Other";
        await DesignerServer.SavedAsync(author, changed, publish: true);
        using var reverted = await author.PostAsync($"/elsa/api/workflow-definitions/{id}/revert/1", "{}");
        Assert.Equal((3, "Small"), (Number(await Caller.JsonAsync(reverted), "version"), (await DesignerServer.OpenAsync(author, id))["name"]!.ToString()));
        using var retracted = await author.PostAsync($"/elsa/api/workflow-definitions/{id}/retract", "{}");
        Assert.True(retracted.IsSuccessStatusCode);
        using var none = await author.GetAsync($"/elsa/api/workflow-definitions/by-definition-id/{id}?versionOptions=Published");
        Assert.Equal(404, (int)none.StatusCode);
        using var deleted = await author.SendAsync(HttpMethod.Delete, $"/elsa/api/workflow-definitions/{id}");
        using var gone = await author.GetAsync($"/elsa/api/workflow-definitions/by-definition-id/{id}?versionOptions=Latest");
        using var still = await author.GetAsync($"/elsa/api/workflow-definitions/by-id/{first["id"]}");
        Assert.Equal((204, 404, 200), ((int)deleted.StatusCode, (int)gone.StatusCode, (int)still.StatusCode));
        using var authored = await author.SendAsync(HttpMethod.Delete, "/elsa/api/workflow-definitions/notify");
        Assert.Equal(409, (int)authored.StatusCode);
    }

    [Fact]
    public async Task Several_definitions_are_published_taken_back_and_deleted_at_once()
    {
        using var author = await server.AsAsync("author@example.org", Role.Author);
        var one = (await DesignerServer.SavedAsync(author, JsonNode.Parse(ElsaFiles.Small)!.AsObject(), publish: false))["definitionId"]!.ToString();
        var two = (await DesignerServer.SavedAsync(author, JsonNode.Parse(ElsaFiles.Blank)!.AsObject(), publish: true))["definitionId"]!.ToString();
        var ids = new { definitionIds = new[] { one, two, "notify", "nothing" } };
        using var published = await author.PostAsync("/elsa/api/bulk-actions/publish/workflow-definitions/by-definition-ids", ids);
        Assert.Equal($$"""{"published":["{{one}}"],"alreadyPublished":["{{two}}","notify"],"notFound":["nothing"],"skipped":[]}""", (await Caller.JsonAsync(published)).GetRawText());
        using var retracted = await author.PostAsync("/elsa/api/bulk-actions/retract/workflow-definitions/by-definition-ids", ids);
        Assert.Equal($$"""{"retracted":["{{one}}","{{two}}"],"alreadyRetracted":["notify"],"notFound":["nothing"]}""", (await Caller.JsonAsync(retracted)).GetRawText());
        using var deleted = await author.PostAsync("/elsa/api/bulk-actions/delete/workflow-definitions/by-definition-id", ids);
        Assert.Equal("""{"deleted":2}""", (await Caller.JsonAsync(deleted)).GetRawText());
    }

    private long Last() => server.Node.Database.Read(AuditStore.LastSequence);

    private static int Number(System.Text.Json.JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private static JsonNode Row(JsonNode list, JsonObject definition) => list["items"]!.AsArray().Single(item => item!["id"]!.ToString() == definition["id"]!.ToString())!;

    private static IEnumerable<string> Rels(JsonNode of) => of["links"]!.AsArray().Select(link => link!["rel"]!.ToString());
}
