using System.Text.Json;
using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Tests.BadInput;

namespace Orchestrator.Runtime.Tests.Runners;

/// <summary>A fix whose workflow is one activity: it starts at the first measurement, and nobody has to approve it.</summary>
internal static class OneStep
{
    private const string Definition = """
        {"$schema": "https://elsaworkflows.io/schemas/workflow-definition/v3.0.0/schema.json", "id": "one-step-1", "definitionId": "one-step", "name": "One step", "version": 1,
         "toolVersion": "3.8.2.0", "isLatest": true, "isPublished": true, "variables": [],
         "inputs": [{"type": "String", "name": "model", "displayName": "Model"}, {"type": "String", "name": "dataset", "displayName": "Dataset"}], "outputs": [], "outcomes": [],
         "root": {"id": "root", "nodeId": "Workflow1:root", "name": "Flowchart", "type": "Elsa.Flowchart", "version": 1, "variables": [],
          "activities": [
            {"id": "start", "nodeId": "Workflow1:root:start", "name": "Start", "type": "Elsa.Start", "version": 1},
            {"id": "step", "nodeId": "Workflow1:root:step", "name": "Step", "version": 1, STEP},
            {"id": "end", "nodeId": "Workflow1:root:end", "name": "End", "type": "Elsa.End", "version": 1}],
          "connections": [
            {"source": {"activity": "start", "port": "Done"}, "target": {"activity": "step", "port": "In"}, "vertices": []},
            {"source": {"activity": "step", "port": "Succeeded"}, "target": {"activity": "end", "port": "In"}, "vertices": []}]}}
        """;

    private const string Rules = """
        groups:
          - name: pets
            interval: 1d
            model: pets
            rules:
              - alert: Any
                expr: data_rows{dataset="pets"} > 0
                owner: team
                then:
                  workflow: one-step
                  inputs: {model: pets, dataset: pets}
                  approval: auto
                  verify: {expr: "data_rows{dataset=\"pets\"} > 0", within: 1d}
        """;

    public const string Retrain = """
        "type": "Orchestrator.Retrain", "model": {"typeName": "String", "expression": {"type": "Input", "value": {"type": "String", "name": "model"}}},
        "dataset": {"typeName": "String", "expression": {"type": "Input", "value": {"type": "String", "name": "dataset"}}}
        """;

    /// <summary>The JSON of a step that runs a command with these arguments.</summary>
    public static string Run(string command, params string[] arguments)
    {
        var list = JsonSerializer.Serialize(JsonSerializer.Serialize(arguments));
        return """
            "type": "Orchestrator.RunCommand", "command": {"typeName": "String", "expression": {"type": "Literal", "value": "NAME"}},
            "arguments": {"typeName": "String[]", "expression": {"type": "Object", "value": LIST}}
            """.Replace("NAME", command, StringComparison.Ordinal).Replace("LIST", list, StringComparison.Ordinal);
    }

    /// <param name="step">The type and the inputs of the activity, as JSON.</param>
    public static TinyNode WithStep(this TinyNode tiny, string step) => tiny
        .Author("workflows/one-step.json", Definition.Replace("STEP", step, StringComparison.Ordinal))
        .Author("rules/pets.rules.yaml", Rules);
}
