using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace Orchestrator.Core.Workflows;

/// <summary>A JSON value together with its place.</summary>
internal readonly record struct JsonAt(JsonElement Value, string Pointer)
{
    public JsonValueKind Kind => Value.ValueKind;

    public bool IsObject => Kind == JsonValueKind.Object;

    /// <summary>The text, where the value is a text with something in it.</summary>
    public string? Text => Kind == JsonValueKind.String && Value.GetString() is { Length: > 0 } text ? text : null;

    public IEnumerable<(string Name, JsonAt Value)> Properties
    {
        get
        {
            var pointer = Pointer;
            return IsObject ? Value.EnumerateObject().Select(property => (property.Name, new JsonAt(property.Value, JsonPlaces.Child(pointer, property.Name)))) : [];
        }
    }

    public IEnumerable<JsonAt> Items
    {
        get
        {
            var pointer = Pointer;
            return Kind == JsonValueKind.Array
                ? Value.EnumerateArray().Select((item, index) => new JsonAt(item, JsonPlaces.Child(pointer, index.ToString(CultureInfo.InvariantCulture))))
                : [];
        }
    }

    /// <summary>The property of that name, else one that differs by case alone; an absent or null one is none.</summary>
    public JsonAt? Get(string name)
    {
        if (!IsObject)
        {
            return null;
        }

        if (!Value.TryGetProperty(name, out var exact))
        {
            return Properties.Where(property => string.Equals(property.Name, name, StringComparison.OrdinalIgnoreCase))
                .Select(property => (JsonAt?)property.Value).FirstOrDefault(value => value!.Value.Kind != JsonValueKind.Null);
        }

        return exact.ValueKind == JsonValueKind.Null ? null : new JsonAt(exact, JsonPlaces.Child(Pointer, name));
    }

    public string? TextOf(string name) => Get(name)?.Text;

    public bool TryGet(string name, [NotNullWhen(true)] out JsonAt value)
    {
        var found = Get(name);
        value = found ?? default;
        return found is not null;
    }
}
