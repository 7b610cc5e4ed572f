using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Expressions;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Workflows;

namespace Orchestrator.Core.Revisions.Difference;

/// <summary>The value of one field in the one form in which it is compared.</summary>
/// <param name="Expression">Where the field holds one.</param>
internal sealed record Facet(string Value, Expr? Expression, int Line);

/// <summary>Something that files author, with its fields by path.</summary>
internal sealed record Subject(string Path, int Line, ImmutableSortedDictionary<string, Facet> Fields);

/// <summary>What files author, by name, in a form that formatting does not change.</summary>
internal sealed class Facets
{
    private static readonly string[] Named = ["model", "monitor", "scenario"];

    /// <summary>Texts that mean exactly what they say.</summary>
    private static readonly string[] Literal = ["labels", "annotations", "inputs", "exp_labels", "exp_annotations", "series", "values"];

    private static readonly string[] Expressions = ["expr", "when", "clear"];

    public Dictionary<string, Subject> Subjects { get; } = new(StringComparer.Ordinal);

    public static Facets Of(IEnumerable<KeyValuePair<string, string>> files)
    {
        var facets = new Facets();
        foreach (var (path, text) in files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            facets.Read(path, text);
        }

        return facets;
    }

    private void Read(string path, string text)
    {
        if (path.EndsWith(".json", StringComparison.Ordinal))
        {
            ReadWorkflow(path, text);
        }
        else if (!path.EndsWith(".yaml", StringComparison.Ordinal))
        {
            Add($"file {path}", path, 1, [("lines", new(text.ReplaceLineEndings(", ").Trim(' ', ','), null, 1))]);
        }
        else if (YamlFile.Read(path, text).Value?.Root is YamlNode.Mapping root)
        {
            ReadYaml(path, root);
        }
        else
        {
            Unreadable(path, text);
        }
    }

    /// <summary>A file that cannot be read is compared as a text.</summary>
    private void Unreadable(string path, string text) =>
        Add($"file {path} (cannot be read)", path, 1, [("text", new($"{text.Length} characters, SHA-256 {Series.Digest.Of(text)}", null, 1))]);

    private void ReadWorkflow(string path, string text)
    {
        var (definition, _) = WorkflowDefinition.Read(path, text);
        if (definition is not { CanStart: true })
        {
            Unreadable(path, text);
            return;
        }

        using var json = JsonDocument.Parse(WorkflowProjection.Canonical(definition));
        Add($"workflow {definition.DefinitionId}", path, 1, Flat(json.RootElement, "").Select(pair => (pair.Path, new Facet(pair.Value, null, 1))));
    }

    private void ReadYaml(string path, YamlNode.Mapping root)
    {
        if (path.EndsWith(".rules.yaml", StringComparison.Ordinal) && root["groups"] is YamlNode.Sequence groups)
        {
            foreach (var group in groups.Items.OfType<YamlNode.Mapping>())
            {
                ReadGroup(path, group);
            }

            return;
        }

        var kind = Array.Find(Named, name => path.EndsWith($".{name}.yaml", StringComparison.Ordinal));
        var subject = kind is not null && root[kind] is YamlNode.Scalar name ? $"{kind} {name.Text}" : $"file {path}";
        Add(subject, path, root.Place.Line, Flat(root, "", false));
    }

    private void ReadGroup(string path, YamlNode.Mapping group)
    {
        var name = Text(group["name"]);
        Add($"group {name}", path, group.Place.Line, group.Fields.Where(field => field.Name is not ("rules" or "name")).SelectMany(field => Flat(field.Value, field.Name, false)));
        foreach (var rule in (group["rules"] as YamlNode.Sequence)?.Items.OfType<YamlNode.Mapping>() ?? [])
        {
            Add($"rule {Text(rule["alert"] ?? rule["record"])} (group {name})", path, rule.Place.Line, Flat(rule, "", false));
        }
    }

    /// <summary>Of several with one name, each counts by its position among them.</summary>
    private void Add(string name, string path, int line, IEnumerable<(string Path, Facet Facet)> fields)
    {
        var unique = name;
        for (var i = 2; Subjects.ContainsKey(unique); i++)
        {
            unique = string.Create(CultureInfo.InvariantCulture, $"{name} #{i}");
        }

        Subjects.Add(unique, new(path, line, fields.DistinctBy(field => field.Path).ToImmutableSortedDictionary(field => field.Path, field => field.Facet, StringComparer.Ordinal)));
    }

    private static IEnumerable<(string Path, Facet Facet)> Flat(YamlNode node, string path, bool isLiteral) => node switch
    {
        YamlNode.Scalar scalar => [(path, Leaf(scalar, path, isLiteral))],
        YamlNode.Mapping mapping => mapping.Fields.SelectMany(field => Flat(field.Value, Joined(path, field.Name), isLiteral || Literal.Contains(field.Name))),
        YamlNode.Sequence list when IsExpressions(path) => list.Items.SelectMany((item, i) => Flat(item, i == 0 ? path : string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), isLiteral)),
        YamlNode.Sequence list when list.Items.All(item => item is YamlNode.Scalar) => [(path, new(string.Join(", ", list.Items.Cast<YamlNode.Scalar>().Select(item => Leaf(item, path, isLiteral).Value)), null, list.Place.Line))],
        YamlNode.Sequence list => list.Items.SelectMany((item, i) => Flat(item, $"{path}[{NameOf(item, i)}]", isLiteral)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static Facet Leaf(YamlNode.Scalar scalar, string path, bool isLiteral)
    {
        var expression = !isLiteral && IsExpressions(path) ? ExpressionText.Parse(scalar.Text).Root : null;
        var value = expression?.ToString() ?? (isLiteral ? scalar.Text : Plain(scalar));
        return new(value, expression, scalar.Place.Line);
    }

    private static string Plain(YamlNode.Scalar scalar) =>
        scalar.IsNull ? "" : ScalarText.Flag(scalar) is { } flag ? (flag ? "true" : "false")
            : ScalarText.Number(scalar) is { } number ? number.ToString("R", CultureInfo.InvariantCulture)
            : Duration.Parse(scalar.Text) is { } span ? Duration.Text(span) : scalar.Text;

    private static bool IsExpressions(string path) => Expressions.Contains(path[(path.LastIndexOf('.') + 1)..].Split('[')[0]);

    /// <summary>Items that have names keep them, wherever in the list they stand.</summary>
    private static string NameOf(YamlNode item, int index) => item switch
    {
        YamlNode.Mapping mapping when mapping["name"] is YamlNode.Scalar name => name.Text,
        YamlNode.Mapping { Fields: [var only] } => only.Name,
        YamlNode.Scalar scalar => scalar.Text,
        _ => index.ToString(CultureInfo.InvariantCulture),
    };

    private static IEnumerable<(string Path, string Value)> Flat(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(field => Flat(field.Value, Joined(path, field.Name))),
        JsonValueKind.Array => element.EnumerateArray().SelectMany((item, i) => item.ValueKind switch
        {
            JsonValueKind.Object when item.TryGetProperty("id", out var id) => Flat(item, $"{path}[{id}]"),
            JsonValueKind.Object => [($"{path}[{item.GetRawText()}]", "yes")],
            _ => Flat(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]")),
        }),
        _ => [(path, element.GetRawText())],
    };

    private static string Joined(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Text(YamlNode? node) => node is YamlNode.Scalar scalar ? scalar.Text : "";
}
