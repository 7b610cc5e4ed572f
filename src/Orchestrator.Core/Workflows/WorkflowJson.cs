using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Core.Workflows;

/// <summary>The one JSON form of commands, events, states and effects, in which they are stored and sent.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowOutOfOrderMetadataProperties = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(ValuesConverter)])]
[JsonSerializable(typeof(WorkflowCommand))]
[JsonSerializable(typeof(WorkflowEvent))]
[JsonSerializable(typeof(WorkflowEffect))]
[JsonSerializable(typeof(WorkflowEffect.Compensate), TypeInfoPropertyName = "CompensateEffect")]
[JsonSerializable(typeof(ImmutableArray<WorkflowEvent>))]
[JsonSerializable(typeof(ImmutableArray<WorkflowEffect>))]
[JsonSerializable(typeof(InstanceState))]
internal sealed partial class WorkflowJsonContext : JsonSerializerContext;

/// <summary>Writes and reads commands, events, states and effects.</summary>
public static class WorkflowJson
{
    public static string Write(WorkflowCommand command) => JsonSerializer.Serialize(command, WorkflowJsonContext.Default.WorkflowCommand);

    public static string Write(WorkflowEvent happened) => JsonSerializer.Serialize(happened, WorkflowJsonContext.Default.WorkflowEvent);

    public static string Write(WorkflowEffect effect) => JsonSerializer.Serialize(effect, WorkflowJsonContext.Default.WorkflowEffect);

    public static string Write(InstanceState state) => JsonSerializer.Serialize(state, WorkflowJsonContext.Default.InstanceState);

    /// <summary>Throws <see cref="JsonException"/> where the text is no command, as each of these does for its own kind.</summary>
    public static WorkflowCommand ReadCommand(string json) => JsonSerializer.Deserialize(json, WorkflowJsonContext.Default.WorkflowCommand) ?? throw Nothing();

    public static WorkflowEvent ReadEvent(string json) => JsonSerializer.Deserialize(json, WorkflowJsonContext.Default.WorkflowEvent) ?? throw Nothing();

    public static WorkflowEffect ReadEffect(string json) => JsonSerializer.Deserialize(json, WorkflowJsonContext.Default.WorkflowEffect) ?? throw Nothing();

    public static InstanceState ReadState(string json) => JsonSerializer.Deserialize(json, WorkflowJsonContext.Default.InstanceState) ?? throw Nothing();

    private static JsonException Nothing() => new("a JSON null is none of these");
}
