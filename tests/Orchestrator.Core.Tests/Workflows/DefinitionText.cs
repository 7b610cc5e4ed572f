using System.Text.Json;
using Orchestrator.Core.Workflows;

namespace Orchestrator.Core.Tests.Workflows;

/// <summary>Small definitions as JSON text.</summary>
internal static class DefinitionText
{
    /// <summary>A definition around a flowchart with these activities and connections, each on its own line.</summary>
    public static string Flowchart(string activities, string connections = "", string declarations = "") =>
        $$"""
        {
          "id": "v1", "definitionId": "flow", "name": "Flow", "version": 1, "isLatest": true, "isPublished": true,{{declarations}}
          "root": { "id": "root", "type": "Elsa.Flowchart", "version": 1, "activities": [
        {{activities}}
          ], "connections": [
        {{connections}}
          ] }
        }
        """;

    public static string Query(string id, string expression = "\"up\"") =>
        $$"""{ "id": "{{id}}", "type": "Orchestrator.Query", "version": 1, "expression": { "typeName": "String", "expression": { "type": "Literal", "value": {{expression}} } } }""";

    public static string Way(string source, string port, string target) =>
        $$"""{ "source": { "activity": "{{source}}", "port": "{{port}}" }, "target": { "activity": "{{target}}", "port": "In" } }""";

    public static WorkflowDefinition Read(string json)
    {
        var (definition, diagnostics) = WorkflowDefinition.Read("workflows/flow.json", json);
        Assert.Empty(diagnostics);
        return definition!;
    }

    /// <summary>Whether two texts hold the same JSON with their properties in the same order.</summary>
    public static void SameInOrder(string expected, string actual)
    {
        using var left = JsonDocument.Parse(expected);
        using var right = JsonDocument.Parse(actual);
        Assert.Equal(JsonSerializer.Serialize(left.RootElement), JsonSerializer.Serialize(right.RootElement));
    }
}
