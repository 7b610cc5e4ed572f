using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Workflows;

/// <summary>Reads activities; one of an unknown type is kept and reported.</summary>
internal sealed class ActivityReader(DefinitionNotes notes, VariableReader variables, ImmutableArray<ArgumentDefinition> arguments)
{
    public const int MaxActivities = 1000;

    /// <summary>What Elsa writes at every activity; no input or output may be called like it.</summary>
    public static readonly ImmutableHashSet<string> Reserved = ImmutableHashSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "id", "nodeId", "name", "type", "version", "customProperties", "metadata", "syntheticProperties", "applicationProperties",
        "canStartWorkflow", "runAsynchronously", "source", "line", "displayText", "description");

    private readonly InputReader _inputs = new(notes, arguments);

    public Dictionary<string, ActivityNode> ById { get; } = new(StringComparer.Ordinal);

    /// <summary>Workflow inputs that some activity can't go without.</summary>
    public HashSet<string> RequiredInputs { get; } = new(StringComparer.Ordinal);

    public ActivityNode? Read(JsonAt at, VariableScope scope)
    {
        if (at.TextOf("id") is not { } id || at.TextOf("type") is not { } type)
        {
            notes.Error(at, "FLOW005", "an activity has no id or no type", "id and type: texts");
            return null;
        }

        if (ById.ContainsKey(id) || ById.Count >= MaxActivities)
        {
            notes.Error(at.Get("id") ?? at, "FLOW006", $"the activity id \"{id}\" occurs twice, or there are more than {MaxActivities} activities", "each id once in the whole definition");
            return null;
        }

        ById[id] = new ActivityNode(id, type, 1);
        var node = ById[id] with { DisplayName = at.Get("metadata")?.TextOf("displayText") ?? at.TextOf("name") ?? id, Version = VersionOf(at) };
        return ById[id] = Find(at, node) is { } descriptor ? Known(at, node with { Descriptor = descriptor }, scope) : node;
    }

    private static int VersionOf(JsonAt at) =>
        at.Get("version") is { Kind: JsonValueKind.Number } version && version.Value.TryGetInt32(out var number) ? number : 1;

    private ActivityDescriptor? Find(JsonAt at, ActivityNode node)
    {
        var descriptor = ActivityCatalog.Find(node.Type);
        if (descriptor is null)
        {
            notes.Unknown(at.Get("type") ?? at, "FLOW007", ("the activity type", node.Type), ActivityCatalog.Types);
        }
        else if (descriptor.Version != node.Version)
        {
            notes.Error(at.Get("version") ?? at, "FLOW008", $"version {node.Version} of {node.Type} is not known", $"version {descriptor.Version}");
        }

        return descriptor;
    }

    private ActivityNode Known(JsonAt at, ActivityNode node, VariableScope scope)
    {
        var descriptor = node.Descriptor!;
        var inputs = node.Inputs.ToBuilder();
        var outputs = node.Outputs.ToBuilder();
        foreach (var (name, value) in at.Properties.Where(property => !Reserved.Contains(property.Name) && property.Value.Kind != JsonValueKind.Null))
        {
            if (descriptor.Inputs.FirstOrDefault(input => Is(input.JsonName, name)) is { } input)
            {
                Put(inputs, input.Name, _inputs.Read(value, input, scope));
            }
            else if (descriptor.Outputs.FirstOrDefault(output => Is(output.JsonName, name)) is { } output)
            {
                Put(outputs, output.Name, Bound(value, scope));
            }
            else if (descriptor.Role != ActivityRole.Container || !ContainerReader.Properties.Contains(name))
            {
                UnknownProperty(value, name, descriptor);
            }
        }

        var read = node with { Inputs = inputs.ToImmutable(), Outputs = outputs.ToImmutable() };
        read = read with { Outcomes = OutcomesOf(read) };
        CheckRequired(at, read);
        return descriptor.Role == ActivityRole.Container ? read with { Container = new ContainerReader(notes, variables, this).Read(at, node.Type, scope) } : read;
    }

    private static bool Is(string jsonName, string name) => string.Equals(jsonName, name, StringComparison.OrdinalIgnoreCase);

    private static void Put<T>(ImmutableSortedDictionary<string, T>.Builder map, string name, T? value)
        where T : class
    {
        if (value is not null)
        {
            map[name] = value;
        }
    }

    private static ImmutableArray<string> OutcomesOf(ActivityNode node)
    {
        var descriptor = node.Descriptor!;
        return descriptor.OutcomesInput is { } input && node.Inputs.GetValueOrDefault(input) is InputValue.Constant listed
            ? [.. listed.Value.EnumerateArray().Select(item => item.GetString()!)]
            : descriptor.Outcomes;
    }

    /// <summary>The variable that an output goes to; null where it is bound to none.</summary>
    private string? Bound(JsonAt at, VariableScope scope)
    {
        if (!at.TryGet("memoryReference", out var reference) || reference.TextOf("id") is not { } id)
        {
            return null;
        }

        if (scope.Find(id) is { } variable)
        {
            return variable.Id;
        }

        notes.Unknown(reference.Get("id") ?? reference, "FLOW014", ("the variable", id), scope.All.Select(known => known.Id));
        return null;
    }

    private void UnknownProperty(JsonAt at, string name, ActivityDescriptor descriptor)
    {
        var known = descriptor.Inputs.Select(input => input.JsonName).Concat(descriptor.Outputs.Select(output => output.JsonName)).ToList();
        if (InputReader.IsWrapped(at))
        {
            notes.Unknown(at, "FLOW009", ($"the input or output of {descriptor.Type}", name), known);
        }
        else
        {
            notes.Warning(at, "FLOW017", $"the property \"{name}\" of {descriptor.Type} is kept but means nothing", null, Nearest.To(name, known));
        }
    }

    private void CheckRequired(JsonAt at, ActivityNode node)
    {
        foreach (var input in node.Descriptor!.Inputs.Where(input => input.Required))
        {
            switch (node.Inputs.GetValueOrDefault(input.Name))
            {
                case InputValue.WorkflowInput named:
                    RequiredInputs.Add(named.Name);
                    break;
                case null when !at.TryGet(input.JsonName, out var given) || !IsReported(given):
                    notes.Error(at, "FLOW018", $"{node.DisplayName} ({node.Type}) lacks its input \"{input.JsonName}\"", $"{input.JsonName}: {input.Description}");
                    break;
            }
        }
    }

    /// <summary>Whether a value was given and refused, so that saying it is missing would be wrong.</summary>
    private static bool IsReported(JsonAt given)
    {
        var value = InputReader.IsWrapped(given) ? given.Get("expression")?.Get("value") : given;
        return value is { } there && !(there.Kind == JsonValueKind.String && there.Text is null);
    }
}
