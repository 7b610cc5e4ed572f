using System.Collections.Immutable;
using System.Text.Json;

namespace Orchestrator.Core.Workflows;

/// <summary>Reads where the value of an input comes from: Elsa's wrapped expressions, or plain JSON.</summary>
internal sealed class InputReader(DefinitionNotes notes, ImmutableArray<ArgumentDefinition> arguments)
{
    public static readonly ImmutableArray<string> Expressions = ["Literal", "Object", "Variable", "Input"];
    private static readonly string[] Code = ["JavaScript", "CSharp", "Python", "Liquid"];

    /// <summary>The value's origin; null where the definition gives none or what it gives is wrong.</summary>
    public InputValue? Read(JsonAt at, InputDescriptor input, VariableScope scope)
    {
        if (input.Type == ValueTypes.Variable)
        {
            return Variable(at, scope);
        }

        if (!input.IsWrapped || !IsWrapped(at))
        {
            return Constant(at, input, isText: false);
        }

        return at.TryGet("expression", out var expression) ? Expression(expression, input, scope) : null;
    }

    /// <summary>Whether a value looks like an input or an output binding of Elsa's, so that it can't be there for nothing.</summary>
    public static bool IsWrapped(JsonAt at) =>
        at.IsObject && at.Properties.Any(property => property.Name.ToUpperInvariant() is "EXPRESSION" or "MEMORYREFERENCE" or "TYPENAME");

    private InputValue? Expression(JsonAt at, InputDescriptor input, VariableScope scope)
    {
        var type = at.TextOf("type") ?? "Literal";
        var typeAt = at.Get("type") ?? at;
        if (Code.Contains(type, StringComparer.OrdinalIgnoreCase))
        {
            notes.Error(typeAt, "FLOW010", $"{type} can't be run: a definition carries no code", $"an expression of type {string.Join(", ", Expressions)}");
            return null;
        }

        if (input.ConstantOnly && type is "Variable" or "Input")
        {
            notes.Error(typeAt, "FLOW011", $"{input.Name} decides how the flow runs and can't come from {type}", "an expression of type Literal or Object");
            return null;
        }

        return (type, at.Get("value")) switch
        {
            ("Literal" or "Object" or "Json", null) => null,
            ("Literal", { } value) => Constant(value, input, isText: false),
            ("Object" or "Json", { } value) => Constant(value, input, isText: true),
            ("Variable", { } value) => Variable(value, scope),
            ("Input", { } value) => WorkflowInput(value),
            ("Variable" or "Input", null) => Unnamed(at, type),
            _ => UnknownType(typeAt, type),
        };
    }

    private InputValue.Constant? Constant(JsonAt at, InputDescriptor input, bool isText)
    {
        if (at.Kind == JsonValueKind.Null || (input.Type != ValueTypes.Any && at.Kind == JsonValueKind.String && at.Text is null))
        {
            return null;
        }

        var value = isText && at.Text is { } text ? JsonPlaces.Parse(text) : at.Value;
        if (value is null)
        {
            notes.Error(at, "FLOW012", $"the value of {input.Name} is not valid JSON", "JSON in a text");
        }
        else if (ValueTypes.Convert(input.Type, value.Value) is not { } converted)
        {
            notes.Error(at, "FLOW012", $"the value {at.Value.GetRawText()} of {input.Name} is no {input.Type}", ValueTypes.Written(input.Type));
        }
        else if (!input.Options.IsEmpty && !input.Options.Contains(converted.GetString()!, StringComparer.Ordinal))
        {
            notes.Unknown(at, "FLOW013", ($"the value of {input.Name}", converted.GetString()!), input.Options);
        }
        else
        {
            return new InputValue.Constant(converted);
        }

        return null;
    }

    private InputValue? Variable(JsonAt at, VariableScope scope)
    {
        var reference = Referred(at);
        var name = reference?.TextOf("id") ?? reference?.TextOf("name") ?? at.Text;
        if (name is null)
        {
            return Unnamed(at, "Variable");
        }

        if (scope.Find(name) is { } variable)
        {
            return new InputValue.Variable(variable.Id);
        }

        notes.Unknown(at, "FLOW014", ("the variable", name), scope.All.Select(known => known.Name));
        return null;
    }

    private InputValue? WorkflowInput(JsonAt at)
    {
        var name = Referred(at)?.TextOf("name") ?? at.Text;
        if (name is null)
        {
            return Unnamed(at, "Input");
        }

        if (arguments.Any(argument => argument.Name == name))
        {
            return new InputValue.WorkflowInput(name);
        }

        notes.Unknown(at, "FLOW015", ("the workflow input", name), arguments.Select(argument => argument.Name));
        return null;
    }

    /// <summary>The object that a reference is, written as such or as the text of it.</summary>
    private static JsonAt? Referred(JsonAt at)
    {
        if (at.IsObject)
        {
            return at;
        }

        return at.Text is { } text && JsonPlaces.Parse(text) is { ValueKind: JsonValueKind.Object } parsed ? new JsonAt(parsed, at.Pointer) : null;
    }

    private InputValue? Unnamed(JsonAt at, string type)
    {
        notes.Error(at, "FLOW005", $"the {type} expression names nothing", "value: {\"id\": …, \"name\": …}");
        return null;
    }

    private InputValue? UnknownType(JsonAt at, string type)
    {
        notes.Unknown(at, "FLOW016", ("the expression type", type), Expressions);
        return null;
    }
}
