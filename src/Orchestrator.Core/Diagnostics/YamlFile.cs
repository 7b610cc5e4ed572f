using System.Collections.Immutable;

namespace Orchestrator.Core.Diagnostics;

/// <summary>An authored YAML file as a tree of located nodes.</summary>
/// <param name="Root">Absent where the file is empty or cannot be read.</param>
public sealed record YamlFile(string Path, string Text, YamlNode? Root)
{
    /// <summary>Reads one document of plain YAML: no anchors, aliases, tags, merge keys, duplicate keys or further documents, at most 256 KiB and 32 levels.</summary>
    public static Parsed<YamlFile> Read(string path, string text)
    {
        var diagnostics = new DiagnosticList(path);
        var root = SourceText.IsReadable(text, diagnostics) ? new YamlScan(text, diagnostics).Document() : null;
        return diagnostics.Result(new YamlFile(path, text, root));
    }

    /// <summary>Reads a file whose root must be a mapping, as all kinds of authored files have.</summary>
    internal static YamlFile? ReadMapping(string path, string text, DiagnosticList diagnostics)
    {
        var read = Read(path, text);
        diagnostics.AddRange(read.Diagnostics);
        if (read.Value is not { } file)
        {
            return null;
        }

        if (file.Root is YamlNode.Mapping)
        {
            return file;
        }

        var found = file.Root is null or YamlNode.Scalar { IsNull: true } ? "the file is empty" : $"the file holds {file.Root.Kind}";
        diagnostics.Error(file.Root?.Place ?? Place.Start, "YAML014", found, "allowed: fields such as \"name: value\"");
        return null;
    }

    /// <summary>The place of the value at a path of field names and list indices; where the path ends early, that of the last node on it.</summary>
    public Place At(params ReadOnlySpan<object> path) => NodeAt(path, out _)?.Place ?? Place.Start;

    /// <summary>The place of a character of the scalar at a path, counted in its value, also where the value is quoted, folded or a block.</summary>
    public Place Within(int offset, params ReadOnlySpan<object> path) =>
        NodeAt(path, out var whole) is YamlNode.Scalar scalar && whole ? ScalarPlaces.Of(Text, scalar, offset) : At(path);

    /// <summary>The node at a path; none where the path ends early.</summary>
    public YamlNode? Node(params ReadOnlySpan<object> path) => NodeAt(path, out var whole) is { } node && whole ? node : null;

    private YamlNode? NodeAt(ReadOnlySpan<object> path, out bool whole)
    {
        var node = Root;
        whole = true;
        foreach (var step in path)
        {
            var next = (node, step) switch
            {
                (YamlNode.Mapping mapping, string name) => mapping[name],
                (YamlNode.Sequence list, int index) when index < list.Items.Length => list.Items[index],
                _ => null,
            };
            if (next is null)
            {
                whole = false;
                break;
            }

            node = next;
        }

        return node;
    }
}
