using System.Collections.Immutable;
using System.Text.Json;

namespace Orchestrator.Core.Diagnostics;

/// <summary>Typed reading of single fields; a wrong value is reported and read as absent.</summary>
public static class FieldTypes
{
    public static string? Text(this Fields fields, string name) => fields.Node(name) is { } node ? TextOf(node, name, fields.Diagnostics) : null;

    /// <summary>Text that must be there; empty, with an error, where it is not.</summary>
    public static string RequiredText(this Fields fields, string name)
    {
        var text = fields.Required(name) is { } node ? TextOf(node, name, fields.Diagnostics) : null;
        if (text is { Length: 0 })
        {
            fields.Diagnostics.Error(fields.At(name), "YAML021", $"field \"{name}\" has no value");
        }

        return text ?? "";
    }

    public static double? Number(this Fields fields, string name, double min, double max) =>
        Value(fields, name, scalar => Between(ScalarText.Number(scalar), min, max), $"allowed: a number from {Plain(min)} to {Plain(max)}");

    public static int? Integer(this Fields fields, string name, int min, int max = int.MaxValue)
    {
        var allowed = max == int.MaxValue ? $"allowed: a whole number from {min}" : $"allowed: a whole number from {min} to {max}";
        return (int?)Value(fields, name, scalar => Between(ScalarText.Integer(scalar), min, max), allowed);
    }

    public static bool? Flag(this Fields fields, string name) => Value(fields, name, ScalarText.Flag, "allowed: true or false");

    public static TimeSpan? Duration(this Fields fields, string name) =>
        Value(fields, name, scalar => Diagnostics.Duration.Parse(scalar.Text), Diagnostics.Duration.Allowed);

    /// <summary>A duration longer than nothing.</summary>
    public static TimeSpan? Period(this Fields fields, string name) =>
        Value(fields, name, scalar => Diagnostics.Duration.Parse(scalar.Text) is { Ticks: > 0 } span ? span : (TimeSpan?)null, Diagnostics.Duration.Allowed);

    public static long? Size(this Fields fields, string name) => Value(fields, name, scalar => Quantities.Size(scalar.Text), Quantities.SizeAllowed);

    public static double? Share(this Fields fields, string name) => Value(fields, name, scalar => Quantities.Share(scalar.Text), Quantities.ShareAllowed);

    public static Budget? Budget(this Fields fields, string name) => Value(fields, name, scalar => Quantities.Budget(scalar.Text), Quantities.BudgetAllowed);

    /// <summary>One of the names of an enumeration in small letters.</summary>
    public static T? Choice<T>(this Fields fields, string name)
        where T : struct, Enum
    {
        if (fields.Text(name) is not { } text)
        {
            return null;
        }

        var names = Enum.GetValues<T>().ToDictionary(value => value.ToString().ToLowerInvariant(), value => value, StringComparer.Ordinal);
        if (names.TryGetValue(text, out var chosen))
        {
            return chosen;
        }

        fields.Diagnostics.Error(fields.At(name), "YAML023", $"\"{text}\" is no value of \"{name}\"", $"allowed: {string.Join(", ", names.Keys)}", Nearest.To(text, names.Keys));
        return null;
    }

    /// <summary>Texts of a list; a single text is a list of one.</summary>
    public static ImmutableArray<string> Texts(this Fields fields, string name) =>
        fields.Node(name) switch
        {
            null => [],
            YamlNode.Sequence list => [.. list.Items.Select(item => TextOf(item, $"an item of \"{name}\"", fields.Diagnostics)).OfType<string>()],
            var node => TextOf(node, name, fields.Diagnostics) is { } text ? [text] : [],
        };

    public static ImmutableArray<YamlNode> Items(this Fields fields, string name) => Items(fields.Node(name), name, fields.Diagnostics);

    /// <summary>The fields of a field; none where it is not there.</summary>
    public static Fields? Nested(this Fields fields, string name) =>
        fields.Node(name) is { } node ? Fields.Of(node, $"\"{name}\"", fields.Diagnostics) : null;

    /// <summary>Text by name, ordinally sorted, as in labels and annotations.</summary>
    public static ImmutableSortedDictionary<string, string> TextMap(this Fields fields, string name)
    {
        var texts = fields.Nested(name)?.All.Select(field => KeyValuePair.Create(field.Name, TextOf(field.Value, field.Name, fields.Diagnostics) ?? ""));
        return (texts ?? []).ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    /// <summary>Values of any kind by name, ordinally sorted, as in parameters and inputs.</summary>
    public static ImmutableSortedDictionary<string, JsonElement> ValueMap(this Fields fields, string name)
    {
        var values = fields.Nested(name)?.All.Select(field => KeyValuePair.Create(field.Name, field.Value.ToJson()));
        return (values ?? []).ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    internal static ImmutableArray<YamlNode> Items(YamlNode? node, string name, DiagnosticList diagnostics)
    {
        if (node is null)
        {
            return [];
        }

        if (node is YamlNode.Sequence list)
        {
            return list.Items;
        }

        Fields.WrongKind(node, $"\"{name}\"", "a list", diagnostics);
        return [];
    }

    internal static string? TextOf(YamlNode node, string name, DiagnosticList diagnostics)
    {
        if (node is YamlNode.Scalar { IsNull: false } scalar)
        {
            return scalar.Text;
        }

        Fields.WrongKind(node, name.Contains('"', StringComparison.Ordinal) ? name : $"\"{name}\"", "text", diagnostics);
        return null;
    }

    private static T? Value<T>(Fields fields, string name, Func<YamlNode.Scalar, T?> read, string allowed)
        where T : struct
    {
        if (fields.Node(name) is not { } node)
        {
            return null;
        }

        if (node is not YamlNode.Scalar scalar)
        {
            fields.Diagnostics.Error(node.Place, "YAML022", $"\"{name}\" is {node.Kind}", allowed);
            return null;
        }

        if (read(scalar) is { } value)
        {
            return value;
        }

        fields.Diagnostics.Error(node.Place, "YAML023", $"\"{scalar.Text}\" is no value of \"{name}\"", allowed);
        return null;
    }

    private static T? Between<T>(T? value, T min, T max)
        where T : struct, IComparable<T> => value is { } known && known.CompareTo(min) >= 0 && known.CompareTo(max) <= 0 ? value : null;

    private static string Plain(double value) => value.ToString("0.################", System.Globalization.CultureInfo.InvariantCulture);
}
