using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orchestrator.Core.Series;

namespace Orchestrator.Runtime.Storage;

/// <summary>The one set of options by which the shell writes and reads JSON.</summary>
public static class Json
{
    public static readonly JsonSerializerOptions Options = Make();

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>Reads what <see cref="Write{T}"/> wrote; throws <see cref="JsonException"/> on anything else.</summary>
    public static T Read<T>(string text) =>
        JsonSerializer.Deserialize<T>(text, Options) ?? throw new JsonException($"null where a {typeof(T).Name} belongs");

    /// <summary>A name of code as JSON and SQL write it: <c>FixState</c> is <c>fix_state</c>.</summary>
    public static string Name(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    /// <summary>Labels as a JSON object.</summary>
    public static string WriteLabels(Labels labels) => Write(labels);

    public static Labels ReadLabels(string text) => Read<Labels>(text);

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            AllowDuplicateProperties = false,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower), new LabelsConverter() },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private sealed class LabelsConverter : JsonConverter<Labels>
    {
        public override Labels Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var pairs = JsonSerializer.Deserialize<SortedDictionary<string, string?>>(ref reader, options)!;
            return Labels.Of(pairs.Select(pair => KeyValuePair.Create(pair.Key, pair.Value ?? throw new JsonException($"the label \"{pair.Key}\" has no value"))));
        }

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
}
