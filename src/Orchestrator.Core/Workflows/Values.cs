using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Core.Workflows;

/// <summary>Maps from names to JSON values, in ordinal order of the names.</summary>
public static class Values
{
    public static readonly ImmutableSortedDictionary<string, JsonElement> Empty =
        ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal);

    public static ImmutableSortedDictionary<string, JsonElement> Of(params ReadOnlySpan<(string Name, object Value)> pairs)
    {
        var map = Empty.ToBuilder();
        foreach (var (name, value) in pairs)
        {
            map[name] = Element(value);
        }

        return map.ToImmutable();
    }

    /// <summary>A value as JSON; durations in the constant form <c>[d.]hh:mm:ss</c>.</summary>
    public static JsonElement Element<T>(T value) => JsonSerializer.SerializeToElement(value);

    /// <summary>Equal by names and by the meaning of the values.</summary>
    public static bool Same(ImmutableSortedDictionary<string, JsonElement> left, ImmutableSortedDictionary<string, JsonElement> right) =>
        left.Count == right.Count && left.Zip(right).All(pair =>
            pair.First.Key == pair.Second.Key && JsonElement.DeepEquals(pair.First.Value, pair.Second.Value));
}

/// <summary>Reads maps of values into ordinal order, whatever the culture.</summary>
internal sealed class ValuesConverter : JsonConverter<ImmutableSortedDictionary<string, JsonElement>>
{
    public override ImmutableSortedDictionary<string, JsonElement> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var map = Values.Empty.ToBuilder();
        foreach (var property in JsonElement.ParseValue(ref reader).EnumerateObject())
        {
            map[property.Name] = property.Value;
        }

        return map.ToImmutable();
    }

    public override void Write(Utf8JsonWriter writer, ImmutableSortedDictionary<string, JsonElement> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, element) in value)
        {
            writer.WritePropertyName(name);
            element.WriteTo(writer);
        }

        writer.WriteEndObject();
    }
}
