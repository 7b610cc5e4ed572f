using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Workflows;

/// <summary>An Elsa 3 workflow definition: its JSON as it stands, and what of it can be run.</summary>
public sealed class WorkflowDefinition
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal WorkflowDefinition(string path, JsonElement json)
    {
        Path = path;
        Json = json;
    }

    public string Path { get; }

    /// <summary>The whole file, unknown properties included.</summary>
    public JsonElement Json { get; }

    /// <summary>The name that all versions share, Elsa's <c>definitionId</c>.</summary>
    public string DefinitionId { get; internal init; } = "";

    /// <summary>The id of this version, Elsa's <c>id</c>.</summary>
    public string VersionId { get; internal init; } = "";

    public string Name { get; internal init; } = "";

    public string Description { get; internal init; } = "";

    public int Version { get; internal init; } = 1;

    public ImmutableArray<ArgumentDefinition> Inputs { get; internal init; } = [];

    public ImmutableArray<ArgumentDefinition> Outputs { get; internal init; } = [];

    /// <summary>The workflow's own variables; containers have theirs.</summary>
    public ImmutableArray<VariableDefinition> Variables { get; internal init; } = [];

    /// <summary>The outermost activity; null where the definition has none.</summary>
    public ActivityNode? Root { get; internal init; }

    public ImmutableArray<Diagnostic> Diagnostics { get; internal init; } = [];

    /// <summary>Whether it can be run: a definition with errors is kept and shown, not started.</summary>
    public bool CanStart => Root is not null && !Diagnostics.Any(diagnostic => diagnostic.Severity == Severity.Error);

    /// <summary>All activities by their ids, those within containers included.</summary>
    public ImmutableDictionary<string, ActivityNode> Activities { get; internal init; } = ImmutableDictionary<string, ActivityNode>.Empty;

    /// <summary>All variables by their ids, those of containers included.</summary>
    public ImmutableDictionary<string, VariableDefinition> AllVariables { get; init; } = ImmutableDictionary<string, VariableDefinition>.Empty;

    /// <summary>Reads a definition; there is none where the text is no JSON object, and one with errors can't be started but is kept.</summary>
    public static (WorkflowDefinition? Definition, ImmutableArray<Diagnostic> Diagnostics) Read(string path, string json)
    {
        var places = JsonPlaces.Read(path, json);
        if (places.Diagnostics.Count > 0)
        {
            return (null, [.. places.Diagnostics]);
        }

        var definition = new DefinitionReader(path, places).Read();
        return (places.Root.ValueKind == JsonValueKind.Object ? definition : null, definition.Diagnostics);
    }

    /// <summary>The JSON text: every property that was read, in its order, indented by two spaces.</summary>
    public string Write()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            Json.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    /// <summary>The same definition with some top-level properties replaced where they stand, or added at the end.</summary>
    public WorkflowDefinition With(params ReadOnlySpan<(string Name, JsonElement Value)> properties)
    {
        var replaced = new List<(string Name, JsonElement Value)>();
        foreach (var property in Json.EnumerateObject())
        {
            replaced.Add((property.Name, property.Value));
        }

        foreach (var (name, value) in properties)
        {
            var at = replaced.FindIndex(property => string.Equals(property.Name, name, StringComparison.OrdinalIgnoreCase));
            if (at < 0)
            {
                replaced.Add((name, value));
            }
            else
            {
                replaced[at] = (replaced[at].Name, value);
            }
        }

        return Read(Path, ObjectOf(replaced)).Definition ?? throw new ArgumentException("the properties make the definition too large", nameof(properties));
    }

    private static string ObjectOf(List<(string Name, JsonElement Value)> properties)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in properties)
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
