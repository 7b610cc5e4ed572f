using System.Text.Json;
using Orchestrator.Core.Workflows;
using Orchestrator.Runtime.Keys;

namespace Orchestrator.EndToEnd.Tests.Elsa;

public sealed class DescriptorTests(DesignerServer server) : IClassFixture<DesignerServer>
{
    [Fact]
    public async Task Every_activity_that_runs_is_described_with_all_that_the_palette_cannot_do_without()
    {
        var items = await ItemsAsync("/descriptors/activities?Refresh=True");
        Assert.Equal(
            ActivityCatalog.Types.Append("Elsa.NotFoundActivity").Order(StringComparer.Ordinal), items.Select(item => item.GetProperty("typeName").GetString()!).Order(StringComparer.Ordinal));
        foreach (var item in items)
        {
            foreach (var name in new[] { "name", "namespace", "displayName", "description", "category", "kind" })
            {
                Assert.Equal(JsonValueKind.String, item.GetProperty(name).ValueKind);
            }

            Assert.Equal(JsonValueKind.Number, item.GetProperty("version").ValueKind);
            Assert.All(new[] { "ports", "inputs", "outputs" }, list => Assert.Equal(JsonValueKind.Array, item.GetProperty(list).ValueKind));
            Assert.All(item.GetProperty("inputs").EnumerateArray(), input => Assert.True(input.GetProperty("isBrowsable").GetBoolean()));
        }
    }

    [Fact]
    public async Task Inputs_ports_and_choices_are_those_of_the_activity()
    {
        var items = await ItemsAsync("/descriptors/activities");
        var relabel = items.Single(item => item.GetProperty("typeName").GetString() == "Orchestrator.Relabel");
        Assert.Equal(["Done", "Timed out"], relabel.GetProperty("ports").EnumerateArray().Select(port => port.GetProperty("name").GetString()));
        Assert.All(relabel.GetProperty("ports").EnumerateArray(), port => Assert.Equal("Flow", port.GetProperty("type").GetString()));
        Assert.Equal(["Dataset", "Suspects", "Budget", "Deadline"], relabel.GetProperty("inputs").EnumerateArray().Select(input => input.GetProperty("name").GetString()));
        var deadline = relabel.GetProperty("inputs")[3];
        Assert.Equal(("TimeSpan", "singleline", true, "3.00:00:00"), (
            deadline.GetProperty("typeName").GetString(), deadline.GetProperty("uiHint").GetString(), deadline.GetProperty("isWrapped").GetBoolean(), deadline.GetProperty("defaultValue").GetString()));
        var rebuild = items.Single(item => item.GetProperty("typeName").GetString() == "Orchestrator.RebuildDataset");
        var operation = rebuild.GetProperty("inputs").EnumerateArray().Single(input => input.GetProperty("name").GetString() == "Operation");
        Assert.Equal("dropdown", operation.GetProperty("uiHint").GetString());
        var choices = operation.GetProperty("uiSpecifications").GetProperty("dropdown").GetProperty("selectList").GetProperty("items");
        Assert.Contains("drop_feature", choices.EnumerateArray().Select(choice => choice.GetProperty("value").GetString()));
        var fork = items.Single(item => item.GetProperty("typeName").GetString() == "Elsa.FlowFork");
        Assert.Equal("dynamic-outcomes", fork.GetProperty("inputs")[0].GetProperty("uiHint").GetString());
        Assert.True(items.Single(item => item.GetProperty("typeName").GetString() == "Elsa.Flowchart").GetProperty("isContainer").GetBoolean());
    }

    [Fact]
    public async Task Only_expressions_that_the_engine_evaluates_can_be_chosen()
    {
        var items = await ItemsAsync("/descriptors/expression-descriptors");
        Assert.Equal(
            ActivityCatalog.Expressions.Except(["Literal", "Object"]).Order(StringComparer.Ordinal),
            items.Where(item => item.GetProperty("isBrowsable").GetBoolean()).Select(item => item.GetProperty("type").GetString()!).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(items, item => item.GetProperty("type").GetString() is "JavaScript" or "CSharp" or "Python" or "Liquid");
    }

    [Theory]
    [InlineData("/descriptors/workflow-activation-strategies", "typeName")]
    [InlineData("/descriptors/incident-strategies", "typeName")]
    [InlineData("/descriptors/log-persistence-strategies", "typeName")]
    [InlineData("/descriptors/storage-drivers", "typeName")]
    [InlineData("/descriptors/variables", "typeName")]
    [InlineData("/features/installed", "fullName")]
    public async Task What_studio_fails_without_is_a_list_with_at_least_one_entry(string path, string name)
    {
        var items = await ItemsAsync(path);
        Assert.NotEmpty(items);
        Assert.All(items, item => Assert.NotEmpty(item.GetProperty(name).GetString()!));
    }

    private async Task<List<JsonElement>> ItemsAsync(string path)
    {
        using var caller = await server.AsAsync("viewer@example.org", Role.Viewer);
        var list = await caller.JsonAsync("/elsa/api" + path);
        var items = list.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(items.Count, list.GetProperty("count").GetInt32());
        return items;
    }
}
