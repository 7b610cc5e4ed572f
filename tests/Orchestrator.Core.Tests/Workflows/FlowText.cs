using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Core.Workflows;

namespace Orchestrator.Core.Tests.Workflows;

/// <summary>
/// Definitions in a line a piece: <c>F: fork left right</c> declares an activity, <c>F.left -> A B</c> connects, <c>var x Int32 5</c> declares a
/// variable, <c>input budget Int32</c> an input; an activity that is not declared is a query. In ports <c>_</c> stands for a space.
/// </summary>
internal sealed class FlowText
{
    private readonly Dictionary<string, JsonObject> _activities = new(StringComparer.Ordinal);
    private readonly HashSet<string> _within = new(StringComparer.Ordinal);
    private readonly JsonArray _connections = [];
    private readonly JsonArray _variables = [];
    private readonly JsonArray _inputs = [];

    private FlowText(IEnumerable<string> lines)
    {
        foreach (var words in lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            Take(words);
        }
    }

    public static WorkflowDefinition Read(IEnumerable<string> lines)
    {
        var (definition, diagnostics) = WorkflowDefinition.Read("flow.json", Json(lines));
        Assert.True(definition!.CanStart, string.Join('\n', diagnostics));
        return definition;
    }

    public static string Json(IEnumerable<string> lines)
    {
        var text = new FlowText(lines);
        var top = text._activities.Where(pair => !text._within.Contains(pair.Key)).Select(pair => (JsonNode)pair.Value).ToArray();
        return new JsonObject
        {
            ["id"] = "flow-1", ["definitionId"] = "flow", ["name"] = "flow", ["version"] = 1, ["variables"] = text._variables, ["inputs"] = text._inputs,
            ["root"] = new JsonObject
            {
                ["id"] = "root", ["type"] = "Elsa.Flowchart", ["version"] = 1, ["activities"] = new JsonArray(top), ["connections"] = text._connections,
            },
        }.ToJsonString();
    }

    private void Take(string[] words)
    {
        if (words is ["var", var name, var type, ..])
        {
            _variables.Add(new JsonObject { ["id"] = name, ["name"] = name, ["typeName"] = type, ["value"] = words.ElementAtOrDefault(3) });
        }
        else if (words is ["input", var input, var inputType])
        {
            _inputs.Add(new JsonObject { ["name"] = input, ["type"] = inputType });
        }
        else if (words is [var source, "->", ..])
        {
            Connect(source.Split('.'), words[2..]);
        }
        else
        {
            _activities[words[0].TrimEnd(':')] = Activity(words[0].TrimEnd(':'), words[1], words[2..]);
        }
    }

    private void Connect(string[] source, string[] targets)
    {
        foreach (var target in targets)
        {
            _connections.Add(new JsonObject
            {
                ["source"] = new JsonObject { ["activity"] = Known(source[0]), ["port"] = source.ElementAtOrDefault(1)?.Replace('_', ' ') },
                ["target"] = new JsonObject { ["activity"] = Known(target), ["port"] = "In" },
            });
        }
    }

    private string Known(string id)
    {
        if (!_activities.ContainsKey(id))
        {
            _activities[id] = Activity(id, id == "Start" ? "start" : "query", []);
        }

        return id;
    }

    private JsonObject Activity(string id, string kind, string[] words)
    {
        var (type, inputs) = Kind(kind, words);
        var activity = new JsonObject { ["id"] = id, ["type"] = type, ["version"] = 1 };
        foreach (var (name, value) in inputs)
        {
            activity[name] = value;
        }

        return activity;
    }

    private (string Type, (string, JsonNode?)[] Inputs) Kind(string kind, string[] words) => kind switch
    {
        "start" => ("Elsa.Start", []),
        "end" => ("Elsa.End", []),
        "finish" => ("Elsa.Finish", []),
        "fault" => ("Elsa.Fault", [("message", string.Join(' ', words))]),
        "fork" => ("Elsa.FlowFork", [("branches", new JsonArray([.. words.Select(word => (JsonNode)word)]))]),
        "join" => ("Elsa.FlowJoin", [("mode", words[0])]),
        "decision" => ("Elsa.FlowDecision", [("condition", Value(words[0]))]),
        "delay" => ("Elsa.Delay", [("timeSpan", words[0])]),
        "set" => ("Elsa.SetVariable", [("variable", new JsonObject { ["id"] = words[0] }), ("value", Value(words[1]))]),
        "query" => ("Orchestrator.Query", [("expression", Value(words.ElementAtOrDefault(0) ?? "up")), ("value", Bound(words.ElementAtOrDefault(1)))]),
        "relabel" => ("Orchestrator.Relabel", [("dataset", "d"), ("suspects", "s"), ("budget", Value(words.ElementAtOrDefault(0) ?? "5"))]),
        "rebuild" => ("Orchestrator.RebuildDataset", [("dataset", "d"), ("patch", "p")]),
        "retrain" => ("Orchestrator.Retrain", [("model", "m"), ("dataset", "d")]),
        "gate" => ("Orchestrator.Gate", [("model", "m"), ("evaluation", "e")]),
        "promote" => ("Orchestrator.Promote", [("model", "m"), ("challenger", "c"), ("digest", "x")]),
        "approval" => ("Orchestrator.Approval", [("question", "?"), ("approvers", new JsonArray("ann")), ("deadline", words[0])]),
        "sequence" => ("Elsa.Sequence", [("activities", Within(words))]),
        "flowchart" => ("Elsa.Flowchart", [("activities", Within(words)), ("connections", Chain(words))]),
        _ => (kind, []),
    };

    /// <summary><c>$x</c> is a variable, <c>@x</c> an input of the workflow, anything else a literal as the designer stores it.</summary>
    private static JsonObject Value(string word) => word[0] switch
    {
        '$' => Expression("Variable", new JsonObject { ["id"] = word[1..] }),
        '@' => Expression("Input", new JsonObject { ["name"] = word[1..] }),
        _ => Expression("Literal", word),
    };

    private static JsonObject Expression(string type, JsonNode value) => new() { ["expression"] = new JsonObject { ["type"] = type, ["value"] = value } };

    private static JsonObject? Bound(string? variable) =>
        variable is null ? null : new JsonObject { ["memoryReference"] = new JsonObject { ["id"] = variable } };

    private JsonArray Within(string[] ids)
    {
        var within = new JsonArray();
        foreach (var id in ids)
        {
            _within.Add(Known(id));
            within.Add(_activities[id].DeepClone());
        }

        return within;
    }

    private static JsonArray Chain(string[] ids) => [.. ids.Zip(ids.Skip(1), (one, next) => new JsonObject
    {
        ["source"] = new JsonObject { ["activity"] = one }, ["target"] = new JsonObject { ["activity"] = next },
    })];
}
