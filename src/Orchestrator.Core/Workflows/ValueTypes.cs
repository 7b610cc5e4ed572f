using System.Globalization;
using System.Text.Json;

namespace Orchestrator.Core.Workflows;

/// <summary>The types that inputs, outputs and variables have, by Elsa's names, and how a value becomes one of them.</summary>
public static class ValueTypes
{
    public const string Text = "String";
    public const string Boolean = "Boolean";
    public const string Integer = "Int32";
    public const string Long = "Int64";
    public const string Number = "Double";
    public const string Duration = "TimeSpan";
    public const string Instant = "DateTimeOffset";
    public const string Texts = "String[]";
    public const string Any = "Object";

    /// <summary>A variable of the definition, named by its id.</summary>
    public const string Variable = "Variable";

    /// <summary>How a value of the type is written, for people.</summary>
    public static string Written(string type) => type switch
    {
        Boolean => "true or false",
        Integer or Long => "a whole number",
        Number => "a finite number",
        Duration => "a duration as [d.]hh:mm:ss",
        Instant => "an instant as yyyy-mm-ddThh:mm:ssZ",
        Texts => "a JSON array of texts",
        _ => "a text",
    };

    /// <summary>The value in the type's one form; null where it is none of that type. A JSON null is of any type, and a type not named here takes any value.</summary>
    public static JsonElement? Convert(string type, JsonElement value) => type switch
    {
        _ when value.ValueKind == JsonValueKind.Null => value,
        _ when value.ValueKind == JsonValueKind.Undefined => null,
        Text => value.ValueKind == JsonValueKind.String ? value : Values.Element(value.GetRawText()),
        Boolean => ToBoolean(value),
        Integer => ToWhole(value, int.MinValue, int.MaxValue),
        Long => ToWhole(value, long.MinValue, long.MaxValue),
        Number => ToNumber(value),
        Duration => ToDuration(AsText(value)),
        Instant => ToInstant(value),
        Texts => ToTexts(value),
        _ => value,
    };

    private static string? AsText(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static JsonElement? ToBoolean(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => value,
        JsonValueKind.String when bool.TryParse(value.GetString(), out var parsed) => Values.Element(parsed),
        _ => null,
    };

    private static JsonElement? ToWhole(JsonElement value, long least, long greatest)
    {
        var text = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : AsText(value);
        var parsed = decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number == decimal.Truncate(number) && number >= least && number <= greatest;
        return parsed ? Values.Element((long)number) : null;
    }

    private static JsonElement? ToNumber(JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : AsText(value);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? Values.Element(number)
            : null;
    }

    /// <summary>A bare number is refused: .NET would take it for days.</summary>
    private static JsonElement? ToDuration(string? text) =>
        text is not null && text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var span)
            ? Values.Element(span)
            : null;

    private static JsonElement? ToInstant(JsonElement value) =>
        DateTimeOffset.TryParse(AsText(value), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            ? Values.Element(instant)
            : null;

    private static JsonElement? ToTexts(JsonElement value)
    {
        var list = AsText(value) is { } text ? JsonPlaces.Parse(text) : value;
        return list is { ValueKind: JsonValueKind.Array } array && array.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? array
            : null;
    }
}
