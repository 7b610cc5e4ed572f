using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Orchestrator.Core.Diagnostics;

/// <summary>Numbers and flags of plain scalars by the core schema of YAML 1.2.</summary>
public static partial class ScalarText
{
    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Decimal();

    public static bool? Flag(YamlNode.Scalar scalar) => scalar switch
    {
        { IsPlain: true, Text: "true" or "True" or "TRUE" } => true,
        { IsPlain: true, Text: "false" or "False" or "FALSE" } => false,
        _ => null,
    };

    /// <summary>A finite number; none for anything else, quoted text and numbers beyond the range of a double included.</summary>
    public static double? Number(YamlNode.Scalar scalar)
    {
        if (!scalar.IsPlain || !Decimal().IsMatch(scalar.Text))
        {
            return Integer(scalar);
        }

        var value = double.Parse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(value) ? value : null;
    }

    public static long? Integer(YamlNode.Scalar scalar)
    {
        if (!scalar.IsPlain)
        {
            return null;
        }

        if (scalar.Text.StartsWith("0x", StringComparison.Ordinal))
        {
            return long.TryParse(scalar.Text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) ? hex : null;
        }

        return long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    internal static JsonNode? ToJson(YamlNode.Scalar scalar)
    {
        if (scalar.IsNull)
        {
            return null;
        }

        if (Flag(scalar) is { } flag)
        {
            return JsonValue.Create(flag);
        }

        if (Integer(scalar) is { } integer)
        {
            return JsonValue.Create(integer);
        }

        return Number(scalar) is { } number ? JsonValue.Create(number) : JsonValue.Create(scalar.Text);
    }
}
