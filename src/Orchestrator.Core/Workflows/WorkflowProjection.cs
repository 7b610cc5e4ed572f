using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Orchestrator.Core.Workflows;

/// <summary>What of a definition decides how it runs, as canonical JSON: equal for definitions that differ only in looks, order or version.</summary>
public static class WorkflowProjection
{
    /// <summary>SHA-256 of the canonical JSON, in lower-case hexadecimal.</summary>
    public static string Hash(WorkflowDefinition definition) => Convert.ToHexStringLower(SHA256.HashData(Bytes(definition)));

    /// <summary>Throws <see cref="ArgumentException"/> for a definition that can't be started: it has no meaning to hash.</summary>
    public static string Canonical(WorkflowDefinition definition) => Encoding.UTF8.GetString(Bytes(definition));

    private static ReadOnlySpan<byte> Bytes(WorkflowDefinition definition)
    {
        if (!definition.CanStart)
        {
            throw new ArgumentException("the definition has errors", nameof(definition));
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            WriteArguments(writer, definition);
            WriteVariables(writer, definition.Variables);
            writer.WritePropertyName("root");
            WriteActivity(writer, definition.Root!);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }

    private static void WriteArguments(Utf8JsonWriter writer, WorkflowDefinition definition)
    {
        writer.WriteStartObject("inputs");
        foreach (var input in definition.Inputs.OrderBy(input => input.Name, StringComparer.Ordinal))
        {
            writer.WriteString(input.Name, input.Type);
        }

        writer.WriteEndObject();
    }

    private static void WriteVariables(Utf8JsonWriter writer, IEnumerable<VariableDefinition> variables)
    {
        writer.WriteStartObject("variables");
        foreach (var variable in variables.OrderBy(variable => variable.Id, StringComparer.Ordinal))
        {
            writer.WriteStartObject(variable.Id);
            writer.WriteString("type", variable.Type);
            writer.WritePropertyName("value");
            CanonicalJson.Write(writer, variable.Initial);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteActivity(Utf8JsonWriter writer, ActivityNode node)
    {
        writer.WriteStartObject();
        writer.WriteString("id", node.Id);
        writer.WriteString("type", node.Type);
        writer.WriteNumber("version", node.Version);
        WriteInputs(writer, node);
        writer.WriteStartObject("outputs");
        foreach (var (output, variable) in node.Outputs)
        {
            writer.WriteString(output, variable);
        }

        writer.WriteEndObject();
        if (node.Container is { } container)
        {
            WriteContainer(writer, container, node.Type == ElsaActivities.Sequence);
        }

        writer.WriteEndObject();
    }

    /// <summary>Every input of the descriptor that has a value, the defaults included.</summary>
    private static void WriteInputs(Utf8JsonWriter writer, ActivityNode node)
    {
        writer.WriteStartObject("inputs");
        foreach (var input in node.Descriptor!.Inputs.OrderBy(input => input.Name, StringComparer.Ordinal))
        {
            var value = node.Inputs.GetValueOrDefault(input.Name) ?? (input.Default is { } given ? new InputValue.Constant(given) : null);
            if (value is not null)
            {
                writer.WriteStartObject(input.Name);
                WriteInput(writer, value);
                writer.WriteEndObject();
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteInput(Utf8JsonWriter writer, InputValue value)
    {
        switch (value)
        {
            case InputValue.Constant constant:
                writer.WritePropertyName("constant");
                CanonicalJson.Write(writer, constant.Value);
                break;
            case InputValue.Variable variable:
                writer.WriteString("variable", variable.Id);
                break;
            case InputValue.WorkflowInput input:
                writer.WriteString("input", input.Name);
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>A sequence keeps its order, for there it means something.</summary>
    private static void WriteContainer(Utf8JsonWriter writer, Container container, bool isSequence)
    {
        writer.WriteString("start", container.Start);
        WriteVariables(writer, container.Variables);
        writer.WriteStartArray("activities");
        foreach (var activity in isSequence ? container.Activities : [.. container.Activities.OrderBy(activity => activity.Id, StringComparer.Ordinal)])
        {
            WriteActivity(writer, activity);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("connections");
        foreach (var connection in container.Connections)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(connection.Source);
            writer.WriteStringValue(connection.Port);
            writer.WriteStringValue(connection.Target);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }
}
