using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>Labels as a JSON object of texts.</summary>
public sealed class LabelsConverter : JsonConverter<Labels>
{
    public override Labels Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Labels.Of(JsonSerializer.Deserialize<Dictionary<string, string>>(ref reader, options) ?? []);

    public override void Write(Utf8JsonWriter writer, Labels value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, text) in value.Pairs)
        {
            writer.WriteString(name, text);
        }

        writer.WriteEndObject();
    }
}

/// <summary>Label sets as a JSON array.</summary>
public sealed class LabelsArrayConverter : JsonConverter<ImmutableArray<Labels>>
{
    private static readonly LabelsConverter Each = new();

    public override ImmutableArray<Labels> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        [.. (JsonSerializer.Deserialize<List<Dictionary<string, string>>>(ref reader, options) ?? []).Select(Labels.Of)];

    public override void Write(Utf8JsonWriter writer, ImmutableArray<Labels> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var labels in value)
        {
            Each.Write(writer, labels, options);
        }

        writer.WriteEndArray();
    }
}
