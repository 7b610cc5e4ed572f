using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Orchestrator.Core.Diagnostics;

/// <summary>Builds the tree from parser events, refusing what authored files may not contain; the parser's own tree builder ends the process on deep nesting.</summary>
internal sealed class YamlScan(string text, DiagnosticList diagnostics)
{
    private const int MaxDepth = 32;

    private readonly Place _end = SourceText.PlaceOf(text);
    private readonly Parser _parser = new(new StringReader(text));

    /// <summary>The only document's root; none if it is empty or there is an error.</summary>
    public YamlNode? Document()
    {
        try
        {
            Move();
            Move();
            if (_parser.Current is not DocumentStart)
            {
                return null;
            }

            Move();
            return Node(1) is { } root && NothingFollows() ? root : null;
        }
        catch (YamlException exception)
        {
            Report(exception);
            return null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // The scanner has places of its own that it cannot continue from, such as "(- {" and "!!]".
            Unreadable(_parser.Current?.End ?? Mark.Empty);
            return null;
        }
    }

    private void Move() => _parser.MoveNext();

    private bool NothingFollows()
    {
        Move();
        Move();
        if (_parser.Current is not DocumentStart second)
        {
            return true;
        }

        diagnostics.Error(At(second.Start), "YAML011", "a second document starts here", "allowed: one document a file");
        return false;
    }

    /// <summary>The node that the current event starts; leaves the current event at its end. None ends the whole scan.</summary>
    private YamlNode? Node(int depth)
    {
        var current = _parser.Current!;
        if (depth > MaxDepth)
        {
            diagnostics.Error(At(current.Start), "YAML013", "the file is nested too deeply here", $"allowed: at most {MaxDepth} levels");
            return null;
        }

        if (current is AnchorAlias alias)
        {
            diagnostics.Error(At(alias.Start), "YAML008", $"\"*{alias.Value}\" is an alias", "allowed: the value itself, written out");
            return new YamlNode.Scalar(At(alias.Start), "", IsPlain: false);
        }

        if (current is not NodeEvent node)
        {
            // "- :" ends a mapping after a name.
            return Unreadable(current.Start);
        }

        Refuse(node);
        return current switch
        {
            MappingStart start => Mapping(start, depth),
            SequenceStart start => Sequence(start, depth),
            _ => Leaf((Scalar)current),
        };
    }

    private void Refuse(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty)
        {
            diagnostics.Error(At(node.Start), "YAML008", $"\"&{node.Anchor.Value}\" is an anchor", "allowed: the value without it");
        }

        if (!node.Tag.IsEmpty)
        {
            var tag = node.Tag.IsNonSpecific ? "!" : node.Tag.Value;
            diagnostics.Error(At(node.Start), "YAML010", $"\"{tag}\" is a tag", "allowed: the value without it");
        }
    }

    private YamlNode.Scalar Leaf(Scalar scalar) => new(At(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain);

    private YamlNode.Sequence? Sequence(SequenceStart start, int depth)
    {
        var items = ImmutableArray.CreateBuilder<YamlNode>();
        for (Move(); _parser.Current is not SequenceEnd; Move())
        {
            if (Node(depth + 1) is not { } item)
            {
                return null;
            }

            items.Add(item);
        }

        return new(At(start.Start), items.ToImmutable());
    }

    private YamlNode.Mapping? Mapping(MappingStart start, int depth)
    {
        var fields = ImmutableArray.CreateBuilder<YamlField>();
        var seen = new Dictionary<string, Place>(StringComparer.Ordinal);
        for (Move(); _parser.Current is not MappingEnd; Move())
        {
            var key = Node(depth + 1);
            Move();
            if (key is null || Node(depth + 1) is not { } value)
            {
                return null;
            }

            if (Name(key, seen) is { } name)
            {
                fields.Add(new(name, key.Place, value));
            }
        }

        return new(At(start.Start), fields.ToImmutable());
    }

    private string? Name(YamlNode key, Dictionary<string, Place> seen)
    {
        if (key is not YamlNode.Scalar scalar)
        {
            diagnostics.Error(key.Place, "YAML016", $"{key.Kind} stands where a field's name should", "allowed: text as a name");
            return null;
        }

        if (scalar is { IsPlain: true, Text: "<<" })
        {
            diagnostics.Error(key.Place, "YAML009", "\"<<\" is a merge key", "allowed: the fields themselves, written out");
            return null;
        }

        if (!seen.TryAdd(scalar.Text, key.Place))
        {
            var first = seen[scalar.Text];
            diagnostics.Error(key.Place, "YAML012", $"\"{scalar.Text}\" is given twice", $"it stands in line {first.Line} already");
            return null;
        }

        return scalar.Text;
    }

    private YamlNode? Unreadable(Mark mark)
    {
        diagnostics.Error(At(mark), "YAML001", "the text is not YAML here or shortly before", "allowed: YAML 1.2");
        return null;
    }

    private void Report(YamlException exception)
    {
        if (exception.Message.Contains("tab", StringComparison.Ordinal) && TabAfter((int)exception.Start.Index) is { } tab)
        {
            diagnostics.Error(SourceText.PlaceOf(text[..tab]), "YAML001", "a tab indents this line", "allowed: spaces");
            return;
        }

        var reason = exception.Message.TrimEnd('.');
        diagnostics.Error(At(exception.Start), "YAML001", char.ToLowerInvariant(reason[0]) + reason[1..], "allowed: YAML 1.2");
    }

    private int? TabAfter(int from)
    {
        var tab = text.IndexOf('\t', Math.Min(from, text.Length));
        return tab >= 0 ? tab : null;
    }

    /// <summary>The parser counts a line more where the last one does not end.</summary>
    private Place At(Mark mark) => mark.Line > _end.Line ? _end : new((int)mark.Line, (int)mark.Column);
}
