using System.Text.Json;
using Orchestrator.Core.Workflows;
using static Orchestrator.Core.Tests.Workflows.DefinitionText;

namespace Orchestrator.Core.Tests.Workflows;

public sealed class WorkflowProjectionTests
{
    private const string Delay = """{ "id": "b", "type": "Elsa.Delay", "version": 1, "timeSpan": { "expression": { "type": "Literal", "value": "00:01:00" } } }""";

    [Fact]
    public void The_canonical_form_is_sorted_typed_and_filled_with_defaults()
    {
        var declarations = """ "inputs": [{ "name": "n", "type": "Int32" }], "variables": [{ "id": "v", "name": "x", "typeName": "Double", "value": "1.50" }],""";
        var relabel = """
            { "id": "a", "type": "Orchestrator.Relabel", "version": 1, "suspects": "s", "dataset": { "expression": { "type": "Literal", "value": "d" } },
              "budget": { "expression": { "type": "Input", "value": { "name": "n" } } }, "changed": { "memoryReference": { "id": "v" } } }
            """;
        var json = Flowchart(relabel + "," + Query("q"), Way("q", "Done", "a"), declarations);
        Assert.Equal(
            """
            {"inputs":{"n":"Int32"},"variables":{"v":{"type":"Double","value":1.5}},"root":{"id":"root","type":"Elsa.Flowchart","version":1,"inputs":{},"outputs":{},
            "start":"q","variables":{},"activities":[{"id":"a","type":"Orchestrator.Relabel","version":1,"inputs":{"Budget":{"input":"n"},"Dataset":{"constant":"d"},
            "Deadline":{"constant":"3.00:00:00"},"Suspects":{"constant":"s"}},"outputs":{"Changed":"v"}},{"id":"q","type":"Orchestrator.Query","version":1,
            "inputs":{"Expression":{"constant":"up"}},"outputs":{}}],"connections":[["q","Done","a"]]}}
            """.Replace("\n", "", StringComparison.Ordinal),
            WorkflowProjection.Canonical(Read(json)));
    }

    [Fact]
    public void Looks_order_names_and_versions_do_not_change_the_hash()
    {
        var one = Flowchart(Query("a") + "," + Delay, Way("a", "Done", "b"));
        var other = """
            { "id": "v9", "definitionId": "fix-1", "name": "Another", "version": 9, "isPublished": false, "customProperties": { "x": 1 },
              "root": { "id": "root", "type": "Elsa.Flowchart", "version": 1, "metadata": { "designer": {} }, "connections": [
                { "vertices": [{ "x": 1, "y": 2 }], "target": { "activity": "b" }, "source": { "activity": "a", "port": "Done" } }],
                "activities": [
                  { "type": "Elsa.Delay", "version": 1, "id": "b", "metadata": { "displayText": "Wait", "designer": { "position": { "x": 5, "y": 6 } } } },
                  { "type": "Orchestrator.Query", "id": "a", "expression": "up", "customProperties": { "canStartWorkflow": false } }] } }
            """;
        Assert.Equal(WorkflowProjection.Hash(Read(one)), WorkflowProjection.Hash(Read(other)));
    }

    [Theory]
    [InlineData("\"value\": \"up\"", "\"value\": \"up2\"")]
    [InlineData("00:01:00", "00:02:00")]
    [InlineData("\"id\": \"b\"", "\"id\": \"c\"")]
    [InlineData("\"activity\": \"b\"", "\"activity\": \"a\"")]
    [InlineData(" \"inputs\": [],", " \"inputs\": [{ \"name\": \"n\", \"type\": \"Int32\" }],")]
    public void What_changes_how_it_runs_changes_the_hash(string from, string to)
    {
        var json = Flowchart(Query("a") + "," + Delay, Way("a", "Done", "b"), " \"inputs\": [],").Replace("] }\n}", "], \"start\": \"a\" }\n}", StringComparison.Ordinal);
        var changed = json.Replace(from, to, StringComparison.Ordinal).Replace("\"activity\": \"b\"", from.Contains("\"id\"", StringComparison.Ordinal) ? "\"activity\": \"c\"" : "\"activity\": \"b\"", StringComparison.Ordinal);
        Assert.NotEqual(json, changed);
        Assert.NotEqual(WorkflowProjection.Hash(WorkflowDefinition.Read("f", json).Definition!), WorkflowProjection.Hash(WorkflowDefinition.Read("f", changed).Definition!));
    }

    [Fact]
    public void The_order_of_a_sequence_changes_the_hash()
    {
        static string Sequence(string first, string second) =>
            $$"""{ "root": { "id": "root", "type": "Elsa.Sequence", "version": 1, "activities": [{{Query(first)}}, {{Query(second)}}] } }""";
        Assert.NotEqual(WorkflowProjection.Hash(Read(Sequence("a", "b"))), WorkflowProjection.Hash(Read(Sequence("b", "a"))));
    }

    [Theory]
    [InlineData("""{ "b": 1.0, "a": [1e2, -0, 0.10, "é"] }""", """{"a":[100,0,0.1,"\u00E9"],"b":1}""")]
    [InlineData("9007199254740993", "9007199254740993")]
    [InlineData("-0.0", "0")]
    [InlineData("1e400", "1e400")]
    public void Json_has_one_form(string json, string expected)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            CanonicalJson.Write(writer, JsonDocument.Parse(json).RootElement);
        }

        Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan));
    }
}
