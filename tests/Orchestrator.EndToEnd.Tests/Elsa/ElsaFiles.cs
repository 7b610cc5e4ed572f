namespace Orchestrator.EndToEnd.Tests.Elsa;

/// <summary>Definitions in the format of Elsa 3, written by hand as Elsa and its Studio write them.</summary>
internal static class ElsaFiles
{
    /// <summary>
    /// Pascal-case keys as the code view prints them, a legacy Json expression, a variable as JSON text, raw literals, an activity that is not known here with properties
    /// of its own, connections of missing activities, unknown properties at every level, nulls in place of collections.
    /// </summary>
    public const string MadeByElsa = """
        {
          "$schema": "https://elsaworkflows.io/schemas/workflow-definition/v3.0.0/schema.json",
          "Id": "8ef12ab7740a5512",
          "DefinitionId": "made-by-elsa",
          "TenantId": "kept",
          "Name": "Made by Elsa",
          "CreatedAt": "2025-04-01T08:00:00+00:00",
          "Version": 3,
          "ToolVersion": "3.5.3.0",
          "Variables": [
            {"id": "v1", "name": "Message", "typeName": "String", "isArray": false, "value": "hello", "storageDriverTypeName": null, "tags": ["kept"]},
            {"id": "v2", "name": "Count", "typeName": "Int32", "isArray": false, "value": 5, "storageDriverTypeName": "Elsa.Workflows.WorkflowInstanceStorageDriver, Elsa.Workflows.Core"}
          ],
          "Inputs": [{"type": "String", "name": "who", "displayName": "Who", "description": "", "category": "Primitives", "isArray": false, "uiHint": "singleline", "storageDriverType": null, "defaultValue": "all"}],
          "Outputs": null,
          "Outcomes": null,
          "CustomProperties": {"Elsa:WorkflowContextProviderTypes": []},
          "IsReadonly": false,
          "IsSystem": false,
          "IsLatest": true,
          "IsPublished": true,
          "Options": {"usableAsActivity": false, "autoUpdateConsumingWorkflows": false, "retention": "kept"},
          "Root": {
            "id": "f0", "nodeId": "Workflow1:f0", "name": "Flowchart1", "type": "Elsa.Flowchart", "version": 1,
            "customProperties": {"notFoundConnections": [{"source": {"activity": "gone", "port": "Done"}, "target": {"activity": "a2", "port": "In"}}], "canStartWorkflow": false, "runAsynchronously": false},
            "metadata": {},
            "activities": [
              {"id": "a1", "nodeId": "Workflow1:f0:a1", "name": "SetVariable1", "type": "Elsa.SetVariable", "version": 1,
               "customProperties": {"canStartWorkflow": false, "runAsynchronously": false, "logPersistenceMode": {"default": "Inherit"}},
               "metadata": {"designer": {"position": {"x": 20, "y": 20}, "size": {"width": 140, "height": 49}}},
               "resilience": {"kept": true},
               "variable": {"id": "v1", "name": "Message", "typeName": "String"},
               "value": {"typeName": "Object", "expression": {"type": "Json", "value": "[1, 2, {\"three\": 3}]"}, "memoryReference": {"id": "a1:input-0"}}},
              {"id": "a2", "name": "Branch", "type": "Elsa.FlowDecision", "version": 1,
               "customProperties": {}, "metadata": {"designer": {"position": {"x": 260, "y": 20}, "size": {"width": 0, "height": 0}}},
               "condition": {"typeName": "Boolean", "expression": {"type": "Literal", "value": true}}},
              {"id": "a3", "nodeId": "Workflow1:f0:a3", "name": "SetVariable2", "type": "Elsa.SetVariable", "version": 1, "customProperties": {},
               "metadata": {"designer": {"position": {"x": 520, "y": 20}, "size": {"width": 0, "height": 0}}},
               "variable": {"id": "v1", "name": "Message", "typeName": "String"},
               "value": {"typeName": "Object", "expression": {"type": "Variable", "value": "{\"id\":\"v1\",\"name\":\"Message\",\"typeName\":\"String\"}"}}},
              {"id": "a4", "nodeId": "Workflow1:f0:a4", "name": "SendEmail1", "type": "Elsa.SendEmail", "version": 2, "customProperties": {"canStartWorkflow": false},
               "metadata": {"designer": {"position": {"x": 520, "y": 200}, "size": {"width": 0, "height": 0}}},
               "to": {"typeName": "String[]", "expression": {"type": "Object", "value": "[\"a@example.org\"]"}}, "retries": 3, "error": null}
            ],
            "variables": [],
            "connections": [
              {"source": {"activity": "a1", "port": null}, "target": {"activity": "a2", "port": null}, "vertices": [{"x": 200, "y": 44}]},
              {"source": {"activity": "a2", "port": "True"}, "target": {"activity": "a3", "port": "In"}},
              {"source": "a2", "sourcePort": "False", "target": "a4", "targetPort": "In"}
            ],
            "start": null
          }
        }
        """;

    /// <summary>What Studio posts for a new workflow: no ids, all collections null, a root without a node id.</summary>
    public const string Blank = """
        {"id": null, "definitionId": null, "name": "Blank", "description": "", "version": 0, "variables": null, "inputs": null, "outputs": null, "outcomes": null,
         "customProperties": null, "options": null, "isLatest": true, "isPublished": false,
         "root": {"id": "0f1e2d3c4b5a6978", "type": "Elsa.Flowchart", "version": 1, "name": "Flowchart1"}}
        """;

    /// <summary>Sets a variable, asks it, ends by one of two ways.</summary>
    public const string Small = """
        {"definitionId": null, "name": "Small", "description": "Sets a variable and decides by it.", "variables": [{"id": "go", "name": "go", "typeName": "Boolean", "isArray": false, "value": "False"}],
         "inputs": null, "outputs": null, "outcomes": null, "customProperties": null, "options": null,
         "root": {"id": "root", "type": "Elsa.Flowchart", "version": 1, "name": "Flowchart1",
          "activities": [
           {"id": "start", "type": "Elsa.Start", "version": 1, "name": "Begin"},
           {"id": "set", "type": "Elsa.SetVariable", "version": 1, "name": "Set", "variable": {"id": "go", "name": "go", "typeName": "Boolean"}, "value": {"typeName": "Object", "expression": {"type": "Object", "value": "true"}}},
           {"id": "ask", "type": "Elsa.FlowDecision", "version": 1, "name": "Ask", "condition": {"typeName": "Boolean", "expression": {"type": "Variable", "value": {"id": "go", "name": "go", "typeName": "Boolean"}}}},
           {"id": "yes", "type": "Elsa.End", "version": 1, "name": "Yes"},
           {"id": "no", "type": "Elsa.Fault", "version": 1, "name": "No", "message": {"typeName": "String", "expression": {"type": "Literal", "value": "it was not set"}}}],
          "connections": [
           {"source": {"activity": "start", "port": "Done"}, "target": {"activity": "set", "port": "In"}},
           {"source": {"activity": "set", "port": "Done"}, "target": {"activity": "ask", "port": "In"}},
           {"source": {"activity": "ask", "port": "True"}, "target": {"activity": "yes", "port": "In"}},
           {"source": {"activity": "ask", "port": "False"}, "target": {"activity": "no", "port": "In"}}]}}
        """;
}
