using System.Text.Json;
using Orchestrator.Core.Workflows;
using static Orchestrator.Core.Tests.Workflows.DefinitionText;

namespace Orchestrator.Core.Tests.Workflows;

public sealed class DefinitionReadingTests
{
    /// <summary>As Studio 3.8 writes it: metadata, node ids, null inputs, unknown properties at every level.</summary>
    private const string FromStudio = """
        {
          "$schema": "https://elsaworkflows.io/schemas/workflow-definition/v3.0.0/schema.json",
          "id": "5f3a9c1b2d4e6f70", "definitionId": "relabel", "name": "Relabel", "description": null, "createdAt": "2026-01-02T03:04:05.678+00:00",
          "version": 3, "toolVersion": "3.8.2.0", "isLatest": true, "isPublished": false, "isReadonly": false,
          "variables": [{ "id": "var1", "name": "Suspects", "typeName": "String", "isArray": false, "value": null, "storageDriverTypeName": null }],
          "inputs": [{ "type": "String", "name": "dataset", "displayName": "Dataset", "description": "", "category": "", "isArray": false, "uiHint": "singleline", "storageDriverType": null }],
          "outputs": null, "outcomes": [], "customProperties": { "b": 1.50, "a": 1e3 }, "unknown": { "z": [1, null, true] },
          "root": {
            "id": "c0ffee", "nodeId": "Workflow1:c0ffee", "name": "Flowchart1", "type": "Elsa.Flowchart", "version": 1, "start": null,
            "customProperties": { "notFoundConnections": [], "canStartWorkflow": false, "runAsynchronously": false },
            "metadata": { "designer": { "position": { "x": 0.5, "y": -20 } }, "future": "é\u00e9 <&>" },
            "activities": [{
              "id": "find", "nodeId": "Workflow1:c0ffee:find", "name": "FindSuspects1", "type": "Orchestrator.FindSuspects", "version": 1,
              "customProperties": { "canStartWorkflow": false, "mergeMode": null },
              "metadata": { "displayText": "Find suspects", "designer": { "position": { "x": -40.25, "y": 300 }, "size": { "width": 182.8, "height": 49 } } },
              "dataset": { "typeName": null, "expression": { "type": "Input", "value": { "type": "String", "name": "dataset" } }, "memoryReference": null },
              "method": null,
              "budget": { "typeName": "Int32", "expression": { "type": "Literal", "value": "225" } },
              "suspects": { "typeName": "String", "memoryReference": { "id": "var1" } }
            }],
            "connections": []
          }
        }
        """;

    [Fact]
    public void What_was_read_is_written_again_in_its_order()
    {
        var definition = Read(FromStudio);
        SameInOrder(FromStudio, definition.Write());
        Assert.Contains("\"b\": 1.50,", definition.Write(), StringComparison.Ordinal);
        Assert.Equal(definition.Write(), Read(definition.Write()).Write());
    }

    [Fact]
    public void Names_inputs_and_bindings_are_read()
    {
        var definition = Read(FromStudio);
        Assert.Equal(("relabel", "5f3a9c1b2d4e6f70", "Relabel", 3), (definition.DefinitionId, definition.VersionId, definition.Name, definition.Version));
        var find = definition.Activities["find"];
        Assert.Equal("Find suspects", find.DisplayName);
        Assert.Equal(new InputValue.WorkflowInput("dataset"), find.Inputs["Dataset"]);
        Assert.Equal(JsonValueKind.Number, Assert.IsType<InputValue.Constant>(find.Inputs["Budget"]).Value.ValueKind);
        Assert.Equal("var1", find.Outputs["Suspects"]);
        Assert.DoesNotContain("Method", find.Inputs.Keys);
    }

    [Fact]
    public void An_input_of_the_workflow_is_required_where_it_feeds_a_required_input()
    {
        var declarations = """ "inputs": [{ "name": "dataset", "type": "String" }, { "name": "segment", "type": "String" }],""";
        var find = """
            { "id": "find", "type": "Orchestrator.FindSuspects", "version": 1, "budget": 5,
              "dataset": { "expression": { "type": "Input", "value": { "name": "dataset" } } },
              "segment": { "expression": { "type": "Input", "value": "{\"name\":\"segment\"}" } } }
            """;
        Assert.Equal([("dataset", true), ("segment", false)], Read(Flowchart(find, declarations: declarations)).Inputs.Select(input => (input.Name, input.Required)));
    }

    [Fact]
    public void Names_at_the_top_may_be_written_in_pascal_case()
    {
        var definition = Read("""{ "DefinitionId": "d", "Name": "N", "Version": 2, "Root": { "id": "r", "type": "Elsa.Sequence", "version": 1, "activities": [] } }""");
        Assert.Equal(("d", "N", 2, "r"), (definition.DefinitionId, definition.Name, definition.Version, definition.Root!.Id));
    }

    [Fact]
    public void A_blank_definition_as_posted_by_studio_can_be_started() =>
        Assert.True(Read("""{ "definitionId": null, "id": null, "name": "x", "variables": null, "inputs": null, "outputs": null, "root": { "id": "r", "type": "Elsa.Flowchart", "version": 1 } }""").CanStart);

    [Fact]
    public void Connections_without_a_port_and_flat_ones_of_elsa_3_0_are_read()
    {
        var ways = """
            { "source": { "activity": "a", "port": null }, "target": { "activity": "b" } },
            { "source": "b", "sourcePort": "Done", "target": "c", "targetPort": "In" }
            """;
        var definition = Read(Flowchart(string.Join(",\n", Query("a"), Query("b"), Query("c")), ways));
        Assert.Equal([new("a", "Done", "b"), new("b", "Done", "c")], definition.Root!.Container!.Connections);
    }

    [Theory]
    [InlineData(""" "start": "b", """, "b")]
    [InlineData(""" "start": { "id": "b", "type": "Orchestrator.Query" }, """, "b")]
    [InlineData("", "a")]
    public void A_flowchart_starts_with_the_named_activity_else_with_the_one_that_nothing_enters(string start, string expected)
    {
        var json = Flowchart(Query("a") + "," + Query("b"), Way("a", "Done", "b")).Replace("\"activities\"", start + "\"activities\"", StringComparison.Ordinal);
        Assert.Equal(expected, WorkflowDefinition.Read("f", json).Definition!.Root!.Container!.Start);
    }

    [Fact]
    public void A_flowchart_starts_with_the_activity_that_is_marked_so()
    {
        var marked = Query("b").Replace("\"version\": 1,", "\"version\": 1, \"customProperties\": { \"canStartWorkflow\": true },", StringComparison.Ordinal);
        var json = Flowchart(Query("a") + "," + marked, Way("a", "Done", "b"));
        Assert.Equal("b", WorkflowDefinition.Read("f", json).Definition!.Root!.Container!.Start);
    }

    [Fact]
    public void Properties_at_the_top_are_replaced_where_they_stand()
    {
        var definition = Read("""{ "Version": 1, "name": "a", "root": { "id": "r", "type": "Elsa.Flowchart", "version": 1 } }""");
        var changed = definition.With(("version", Values.Element(2)), ("isPublished", Values.Element(true)));
        Assert.Equal(2, changed.Version);
        SameInOrder("""{ "Version": 2, "name": "a", "root": { "id": "r", "type": "Elsa.Flowchart", "version": 1 }, "isPublished": true }""", changed.Write());
    }

    [Fact]
    public void Outcomes_of_a_fork_are_its_branches()
    {
        var fork = """{ "id": "f", "type": "Elsa.FlowFork", "version": 1, "branches": { "expression": { "type": "Object", "value": "[\"left\",\"right\"]" } } }""";
        var definition = Read(Flowchart(fork + "," + Query("a"), Way("f", "left", "a")));
        Assert.Equal(["left", "right"], definition.Activities["f"].Outcomes);
    }
}
