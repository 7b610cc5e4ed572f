using System.Collections.Immutable;

namespace Orchestrator.Core.Diagnostics;

/// <summary>Reads the fields of one mapping by name and type; what is asked for is allowed, what was never asked for is an error at <see cref="Close"/>.</summary>
public sealed class Fields
{
    private readonly YamlNode.Mapping _mapping;
    private readonly List<string> _known = [];

    private Fields(YamlNode.Mapping mapping, DiagnosticList diagnostics)
    {
        _mapping = mapping;
        Diagnostics = diagnostics;
    }

    public DiagnosticList Diagnostics { get; }

    /// <summary>Where the mapping starts.</summary>
    public Place Place => _mapping.Place;

    public ImmutableArray<YamlField> All => _mapping.Fields;

    /// <summary>The fields of a node; none, with an error, where it is no mapping.</summary>
    public static Fields? Of(YamlNode node, string what, DiagnosticList diagnostics)
    {
        if (node is YamlNode.Mapping mapping)
        {
            return new(mapping, diagnostics);
        }

        WrongKind(node, what, "a mapping", diagnostics);
        return null;
    }

    /// <summary>A field's value where it is there; a field without a value is as if it were not.</summary>
    public YamlNode? Node(string name)
    {
        _known.Add(name);
        return _mapping[name] is { } node and not YamlNode.Scalar { IsNull: true } ? node : null;
    }

    /// <summary>A field's value; an error where it is not there.</summary>
    public YamlNode? Required(string name)
    {
        var node = Node(name);
        if (node is null)
        {
            var empty = _mapping.Fields.FirstOrDefault(field => field.Name == name);
            Diagnostics.Error(empty?.Place ?? Place, "YAML021", empty is null ? $"field \"{name}\" is missing" : $"field \"{name}\" has no value");
        }

        return node;
    }

    public bool Has(string name) => _mapping[name] is not (null or YamlNode.Scalar { IsNull: true });

    /// <summary>The place of a field's value, or of the mapping where it has none.</summary>
    public Place At(string name) => _mapping[name]?.Place ?? Place;

    /// <summary>The place of a field's name, or of the mapping where it is not there.</summary>
    public Place NameAt(string name) => _mapping.Fields.FirstOrDefault(field => field.Name == name)?.Place ?? Place;

    /// <summary>A field that must not stand here, with the reason.</summary>
    public void Refuse(string name, string code, string text, string? allowed = null)
    {
        if (Node(name) is not null)
        {
            Diagnostics.Error(NameAt(name), code, text, allowed);
        }
    }

    /// <summary>Reports every field that was not asked for.</summary>
    public void Close()
    {
        var allowed = string.Join(", ", _known.Distinct());
        foreach (var field in _mapping.Fields.Where(field => !_known.Contains(field.Name)))
        {
            var nearest = Nearest.To(field.Name, _known);
            Diagnostics.Error(field.Place, "YAML020", $"unknown field \"{field.Name}\"", $"allowed: {allowed}", nearest);
        }
    }

    internal static void WrongKind(YamlNode node, string what, string wanted, DiagnosticList diagnostics) =>
        diagnostics.Error(node.Place, "YAML022", $"{what} is {node.Kind}", $"allowed: {wanted}");
}
