using System.Collections.Immutable;
using System.Text.Json;

namespace Orchestrator.Core.Workflows;

/// <summary>The variables that an activity can see, its own container's first.</summary>
internal sealed record VariableScope(ImmutableArray<VariableDefinition> Own, VariableScope? Outer)
{
    public static readonly VariableScope Outermost = new([], null);

    public IEnumerable<VariableDefinition> All => Outer is null ? Own : Own.Concat(Outer.All);

    public VariableScope Within(ImmutableArray<VariableDefinition> own) => new(own, this);

    /// <summary>By id, else by name: Studio writes both, people write names.</summary>
    public VariableDefinition? Find(string idOrName) =>
        All.FirstOrDefault(variable => variable.Id == idOrName) ?? All.FirstOrDefault(variable => variable.Name == idOrName);
}

/// <summary>Reads the variables of a definition and of its containers.</summary>
internal sealed class VariableReader(DefinitionNotes notes)
{
    private static readonly JsonElement Nothing = Values.Element<object?>(null);

    public Dictionary<string, VariableDefinition> ById { get; } = new(StringComparer.Ordinal);

    /// <summary>The type of a variable or an argument: Elsa's name, with <c>isArray</c> any value.</summary>
    public static string TypeOf(JsonAt at, string property) =>
        at.Get("isArray")?.Kind == JsonValueKind.True ? ValueTypes.Any : at.TextOf(property) ?? ValueTypes.Any;

    public ImmutableArray<VariableDefinition> Read(JsonAt? list)
    {
        var read = ImmutableArray.CreateBuilder<VariableDefinition>();
        foreach (var at in list?.Items ?? [])
        {
            var id = at.TextOf("id") ?? at.TextOf("name");
            if (id is null)
            {
                notes.Error(at, "FLOW005", "a variable has no name", "id and name: texts");
                continue;
            }

            var type = TypeOf(at, "typeName");
            var variable = new VariableDefinition(id, at.TextOf("name") ?? id, type, Initial(at, type));
            if (ById.TryAdd(id, variable))
            {
                read.Add(variable);
            }
            else
            {
                notes.Error(at, "FLOW006", $"the variable \"{id}\" is declared twice", "each id once in the whole definition");
            }
        }

        return read.ToImmutable();
    }

    private JsonElement Initial(JsonAt at, string type)
    {
        if (!at.TryGet("value", out var value) || (type != ValueTypes.Text && value.Kind == JsonValueKind.String && value.Text is null))
        {
            return Nothing;
        }

        if (ValueTypes.Convert(type, value.Value) is { } converted)
        {
            return converted;
        }

        notes.Error(value, "FLOW012", $"the variable's value {value.Value.GetRawText()} is no {type}", ValueTypes.Written(type));
        return Nothing;
    }
}
