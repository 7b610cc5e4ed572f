using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.Core.Diagnostics;

/// <summary>A node of an authored YAML file with the place at which it starts.</summary>
public abstract record YamlNode
{
    private YamlNode(Place place) => Place = place;

    public Place Place { get; }

    /// <summary>How a message names this kind of node.</summary>
    public string Kind => this switch
    {
        Scalar { IsNull: true } => "nothing",
        Scalar => "a single value",
        Mapping => "a mapping",
        _ => "a list",
    };

    /// <summary>A single value; only a plain one (no quotes, no block) can be a number, a flag or null.</summary>
    public sealed record Scalar(Place Place, string Text, bool IsPlain) : YamlNode(Place)
    {
        public bool IsNull => IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";
    }

    /// <summary>Fields in the order of the file; no name occurs twice.</summary>
    public sealed record Mapping(Place Place, ImmutableArray<YamlField> Fields) : YamlNode(Place)
    {
        public YamlNode? this[string name] => Fields.FirstOrDefault(field => field.Name == name)?.Value;
    }

    public sealed record Sequence(Place Place, ImmutableArray<YamlNode> Items) : YamlNode(Place);

    /// <summary>The node as JSON, scalars by YAML's core schema.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(ToJsonNode());

    private JsonNode? ToJsonNode() => this switch
    {
        Scalar scalar => ScalarText.ToJson(scalar),
        Mapping mapping => new JsonObject(mapping.Fields.Select(field => KeyValuePair.Create(field.Name, field.Value.ToJsonNode()))),
        Sequence sequence => new JsonArray([.. sequence.Items.Select(item => item.ToJsonNode())]),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>One field of a mapping with the place of its name.</summary>
public sealed record YamlField(string Name, Place Place, YamlNode Value);
