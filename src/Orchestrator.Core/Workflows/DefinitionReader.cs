using System.Collections.Immutable;
using System.Text.Json;

namespace Orchestrator.Core.Workflows;

/// <summary>Reads the outermost level of a definition; Studio posts nulls for empty collections, which count as absent.</summary>
internal sealed class DefinitionReader(string path, JsonPlaces places)
{
    private readonly DefinitionNotes _notes = new(path, places);

    public WorkflowDefinition Read()
    {
        var at = new JsonAt(places.Root, "");
        if (!at.IsObject)
        {
            _notes.Error(at, "FLOW004", "the file is not a workflow definition", "a JSON object with definitionId, name and root");
            return new WorkflowDefinition(path, places.Root) { Diagnostics = _notes.InOrder };
        }

        var variables = new VariableReader(_notes);
        var scope = VariableScope.Outermost.Within(variables.Read(at.Get("variables")));
        var arguments = Arguments(at, "inputs");
        var activities = new ActivityReader(_notes, variables, arguments);
        var root = at.TryGet("root", out var rootAt) ? activities.Read(rootAt, scope) : Missing(at);
        return new WorkflowDefinition(path, places.Root)
        {
            DefinitionId = at.TextOf("definitionId") ?? at.TextOf("id") ?? "",
            VersionId = at.TextOf("id") ?? "",
            Name = at.TextOf("name") ?? "",
            Description = at.TextOf("description") ?? "",
            Version = at.Get("version") is { Kind: JsonValueKind.Number } version && version.Value.TryGetInt32(out var number) ? number : 1,
            Inputs = [.. arguments.Select(argument => argument with { Required = activities.RequiredInputs.Contains(argument.Name) })],
            Outputs = Arguments(at, "outputs"),
            Variables = scope.Own,
            Root = root,
            Activities = activities.ById.ToImmutableDictionary(StringComparer.Ordinal),
            AllVariables = variables.ById.ToImmutableDictionary(StringComparer.Ordinal),
            Diagnostics = _notes.InOrder,
        };
    }

    private ActivityNode? Missing(JsonAt at)
    {
        _notes.Error(at, "FLOW005", "the definition has no root", "root: an activity, usually an Elsa.Flowchart");
        return null;
    }

    private ImmutableArray<ArgumentDefinition> Arguments(JsonAt at, string property)
    {
        var read = ImmutableArray.CreateBuilder<ArgumentDefinition>();
        foreach (var item in at.Get(property)?.Items ?? [])
        {
            if (item.TextOf("name") is not { } name)
            {
                _notes.Error(item, "FLOW005", $"one of the {property} has no name", "name: a text");
            }
            else if (read.Any(argument => argument.Name == name))
            {
                _notes.Error(item, "FLOW006", $"\"{name}\" occurs twice among the {property}", "each name once");
            }
            else
            {
                var type = VariableReader.TypeOf(item, "type");
                read.Add(new ArgumentDefinition(name, type, item.TextOf("displayName") ?? name, item.TextOf("description") ?? "", false));
            }
        }

        return read.ToImmutable();
    }
}
