using System.Text.Json.Nodes;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Workflows;
using Orchestrator.Server.Elsa;

namespace Orchestrator.EndToEnd.Tests.Elsa;

public sealed class RoundTripTests(DesignerServer server) : IClassFixture<DesignerServer>
{
    /// <summary>What Studio's model of a definition knows; it drops every other property of the outermost level.</summary>
    private static readonly string[] _known =
    [
        "id", "definitionId", "name", "description", "createdAt", "version", "toolVersion", "variables", "inputs", "outputs", "outcomes", "customProperties", "isReadonly", "isSystem", "isLatest",
        "isPublished", "options", "root",
    ];

    private static readonly DefinitionVersion _made = new("8ef12ab7740a5512", "made-by-elsa", 3, "Made by Elsa", ElsaFiles.MadeByElsa, DateTimeOffset.UnixEpoch);

    public static TheoryData<string> Shipped => [.. DesignerServer.Definitions];

    [Theory]
    [MemberData(nameof(Shipped))]
    public async Task A_shipped_definition_that_is_opened_and_saved_is_what_it_was(string name)
    {
        var text = await File.ReadAllTextAsync(Repository.File($"workflows/{name}.json"), TestContext.Current.CancellationToken);
        var version = new DefinitionVersion(name, name, 1, name, text, DateTimeOffset.UnixEpoch);
        AssertSame(JsonNode.Parse(text), JsonNode.Parse(DefinitionForm.TakeBack(ByStudio(DefinitionForm.Show(version, true)), version)));
    }

    [Fact]
    public void A_definition_made_by_Elsa_that_is_opened_and_saved_is_what_it_was() =>
        AssertSame(JsonNode.Parse(ElsaFiles.MadeByElsa), JsonNode.Parse(DefinitionForm.TakeBack(ByStudio(DefinitionForm.Show(_made, true)), _made)));

    [Fact]
    public void Studio_gets_what_it_can_draw()
    {
        var shown = DefinitionForm.Show(_made, true);
        Assert.Equal(["id", "definitionId", "name"], new[] { "id", "definitionId", "name" }.Where(shown.ContainsKey));
        Assert.DoesNotContain(shown, property => char.IsUpper(property.Key[0]));
        Assert.Equal("5", shown["variables"]![1]!["value"]!.ToString());
        Assert.Equal(("Object", "[1, 2, {\"three\": 3}]"), (
            DesignerServer.Activity(shown, "a1")["value"]!["expression"]!["type"]!.ToString(), DesignerServer.Activity(shown, "a1")["value"]!["expression"]!["value"]!.ToString()));
        var standIn = DesignerServer.Activity(shown, "a4");
        Assert.Equal(("Elsa.NotFoundActivity", 1, "Elsa.SendEmail", 2), (
            standIn["type"]!.ToString(), standIn["version"]!.GetValue<int>(), standIn["missingTypeName"]!.ToString(), standIn["missingTypeVersion"]!.GetValue<int>()));
        Assert.Equal(520, standIn["metadata"]!["designer"]!["position"]!["x"]!.GetValue<int>());
        var flat = shown["root"]!["connections"]![2]!;
        Assert.Equal(("a2", "False", "a4", "In"), (flat["source"]!["activity"]!.ToString(), flat["source"]!["port"]!.ToString(), flat["target"]!["activity"]!.ToString(), flat["target"]!["port"]!.ToString()));
        Assert.Equal("gone", shown["root"]!["customProperties"]!["notFoundConnections"]![0]!["source"]!["activity"]!.ToString());
    }

    [Fact]
    public void A_change_of_one_node_is_the_only_change()
    {
        var posted = ByStudio(DefinitionForm.Show(_made, true));
        DesignerServer.Activity(posted, "a4")["metadata"]!["designer"]!["position"]!["x"] = 600;
        DesignerServer.Activity(posted, "a2")["condition"]!["expression"]!["value"] = "False";
        posted["options"]!["usableAsActivity"] = true;
        posted["variables"]![0]!["value"] = "goodbye";

        var expected = JsonNode.Parse(ElsaFiles.MadeByElsa)!.AsObject();
        expected["Root"]!["activities"]![3]!["metadata"]!["designer"]!["position"]!["x"] = 600;
        expected["Root"]!["activities"]![1]!["condition"]!["expression"]!["value"] = "False";
        expected["Options"]!["usableAsActivity"] = true;
        expected["Variables"]![0]!["value"] = "goodbye";
        AssertSame(expected, JsonNode.Parse(DefinitionForm.TakeBack(posted, _made)));
    }

    [Fact]
    public void A_node_that_was_dropped_or_pasted_is_kept_as_Studio_sends_it()
    {
        var posted = ByStudio(DefinitionForm.Show(_made, true));
        var pasted = DesignerServer.Activity(posted, "a4").DeepClone().AsObject();
        pasted["id"] = "b4";
        pasted["nodeId"] = "Workflow1:f0:b4";
        posted["root"]!["activities"]!.AsArray().Add(pasted);
        posted["root"]!["activities"]!.AsArray().Add(JsonNode.Parse("""{"id": "b5", "nodeId": "x", "type": "Elsa.Delay", "version": 1, "name": "Delay1", "metadata": {}}"""));
        var kept = JsonNode.Parse(DefinitionForm.TakeBack(posted, _made))!["Root"]!["activities"]!;
        Assert.Equal(("Elsa.SendEmail", "b4", 3), (kept[4]!["type"]!.ToString(), kept[4]!["id"]!.ToString(), kept[4]!["retries"]!.GetValue<int>()));
        Assert.Equal("""{"id":"b5","type":"Elsa.Delay","version":1,"name":"Delay1","metadata":{}}""", kept[5]!.ToJsonString());
    }

    [Fact]
    public async Task A_file_of_Elsas_is_imported_edited_and_exported_with_all_that_is_unknown_here_but_not_published()
    {
        using var author = await server.AsAsync("author@example.org", Role.Author);
        using var imported = await author.PostAsync("/elsa/api/workflow-definitions/import", ElsaFiles.MadeByElsa);
        var opened = JsonNode.Parse(await imported.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsObject();
        Assert.True(imported.IsSuccessStatusCode, opened.ToJsonString());
        opened["description"] = "edited";
        var saved = await DesignerServer.SavedAsync(author, ByStudio(opened), publish: false);
        var exported = JsonNode.Parse(await author.TextAsync("/elsa/api/workflow-definitions/made-by-elsa/export?versionOptions=1"))!.AsObject();

        var expected = JsonNode.Parse(ElsaFiles.MadeByElsa)!.AsObject();
        expected["Id"] = saved["id"]!.ToString();
        expected["Version"] = 1;
        expected["description"] = "edited";
        AssertSame(expected, exported);
        using var published = await DesignerServer.SaveAsync(author, saved, publish: true);
        Assert.Equal(422, (int)published.StatusCode);
    }

    private static JsonObject ByStudio(JsonObject shown) =>
        new(shown.Where(property => _known.Contains(property.Key)).Select(property => KeyValuePair.Create(property.Key, property.Value?.DeepClone())));

    private static void AssertSame(JsonNode? expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"expected {expected?.ToJsonString()}\nactual {actual?.ToJsonString()}");
}
