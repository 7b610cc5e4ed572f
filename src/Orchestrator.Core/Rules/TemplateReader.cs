using System.Collections.Immutable;

namespace Orchestrator.Core.Rules;

/// <summary>A template as it was read: its parts, the templates that it defines, and the functions that it calls.</summary>
internal sealed record TemplateTree(ImmutableArray<TemplateNode> Nodes, ImmutableDictionary<string, ImmutableArray<TemplateNode>> Defined, ImmutableHashSet<string> Functions);

/// <summary>Splits a template into literal parts, actions and blocks.</summary>
internal sealed class TemplateReader(string text)
{
    private const int MaxDepth = 50;
    private static readonly string[] Keywords = ["if", "else", "end", "range", "with", "define", "template", "block", "break", "continue"];

    private readonly TemplateScope _scope = new();
    private readonly ImmutableDictionary<string, ImmutableArray<TemplateNode>>.Builder _defined = ImmutableDictionary.CreateBuilder<string, ImmutableArray<TemplateNode>>();
    private readonly List<(TemplateToken Place, string Name)> _invoked = [];
    private TemplateLexer _tokens = new("", 0);
    private int _position;
    private int _depth;
    private int _ranges;

    /// <summary>What ended the list of nodes read last: <c>end</c>, <c>else</c>, or nothing at the end of the text.</summary>
    private string _ender = "";
    private int _enderAt;

    public List<TemplateError> Errors { get; } = [];

    public TemplateTree Read()
    {
        var nodes = Nodes();
        while (_ender.Length > 0)
        {
            Errors.Add(new(_enderAt, $"\"{_ender}\" ends nothing", "allowed: after if, range, with, define, block"));
            Close(_enderAt);
            nodes = nodes.AddRange(Nodes());
        }

        foreach (var (place, _) in _invoked.Where(one => !_defined.ContainsKey(one.Name)))
        {
            Errors.Add(new(place.Offset, $"template {place.Text} is not defined", $"allowed: {(_defined.Count == 0 ? "none, none is" : string.Join(", ", _defined.Keys.Order(StringComparer.Ordinal)))}"));
        }

        return new(nodes, _defined.ToImmutable(), [.. _scope.Used]);
    }

    /// <summary>The nodes up to an <c>end</c>, an <c>else</c> or the end of the text.</summary>
    private ImmutableArray<TemplateNode> Nodes()
    {
        var nodes = ImmutableArray.CreateBuilder<TemplateNode>();
        _ender = "";
        while (_position < text.Length)
        {
            Literal(nodes);
            if (_position < text.Length && Action() is { } node)
            {
                nodes.Add(node);
            }

            if (_ender.Length > 0)
            {
                break;
            }
        }

        return nodes.ToImmutable();
    }

    private void Literal(ImmutableArray<TemplateNode>.Builder nodes)
    {
        var open = text.IndexOf("{{", _position, StringComparison.Ordinal);
        var end = open < 0 ? text.Length : open;
        var literal = text[_position..end];
        if (_position >= 4 && text.AsSpan(0, _position).EndsWith("-}}") && char.IsWhiteSpace(text[_position - 4]))
        {
            literal = literal.TrimStart();
        }

        if (open >= 0 && TrimsBefore(open))
        {
            literal = literal.TrimEnd();
        }

        if (literal.Length > 0)
        {
            nodes.Add(new TemplateNode.Literal(_position, literal));
        }

        _position = end;
    }

    private bool TrimsBefore(int open) => text.AsSpan(open).StartsWith("{{-") && open + 3 < text.Length && char.IsWhiteSpace(text[open + 3]);

    /// <summary>Reads what stands between <c>{{</c> and <c>}}</c>, and the block that it begins.</summary>
    private TemplateNode? Action()
    {
        var open = _position;
        var start = open + (TrimsBefore(open) ? 3 : 2);
        if (text.AsSpan(start).TrimStart().StartsWith("/*"))
        {
            _position = AfterComment(open);
            return null;
        }

        _tokens = new(text, start);
        var first = _tokens.Current;
        if (first.Kind == TemplateTokenKind.Name && Keywords.Contains(first.Text))
        {
            _tokens.Advance();
            return Keyword(first);
        }

        var pipeline = Pipelines().Whole(variables: 1);
        return Close(open) && pipeline is not null ? new TemplateNode.Action(first.Offset, pipeline) : null;
    }

    private TemplatePipelineReader Pipelines() => new(_tokens, _scope, Errors);

    private TemplateNode? Keyword(TemplateToken word) => word.Text switch
    {
        "if" => Branch(word) is { } branch ? new TemplateNode.If(word.Offset, branch) : null,
        "with" => Branch(word) is { } branch ? new TemplateNode.With(word.Offset, branch) : null,
        "range" => Branch(word) is { } branch ? new TemplateNode.Range(word.Offset, branch) : null,
        "define" => Define(word),
        "block" => Block(word),
        "template" => Invoke(word),
        "break" or "continue" => Jump(word),
        _ => End(word),
    };

    private TemplateNode? End(TemplateToken word)
    {
        (_ender, _enderAt) = (word.Text, word.Offset);
        if (word.Text == "end")
        {
            Close(word.Offset);
        }

        return null;
    }

    private TemplateNode? Jump(TemplateToken word)
    {
        Close(word.Offset);
        if (_ranges == 0)
        {
            Errors.Add(new(word.Offset, $"\"{word.Text}\" stands outside of range", "allowed: in range"));
        }

        return word.Text == "break" ? new TemplateNode.Break(word.Offset) : new TemplateNode.Continue(word.Offset);
    }

    /// <summary>The rest of an <c>if</c>, <c>with</c> or <c>range</c>, with every <c>else</c>.</summary>
    private TemplateBranch? Branch(TemplateToken word)
    {
        if (++_depth > MaxDepth)
        {
            Errors.Add(new(word.Offset, "blocks are nested too deeply", $"allowed: {MaxDepth} levels"));
            _position = text.Length;
            return null;
        }

        _scope.Enter();
        var pipeline = Pipelines().Whole(variables: word.Text == "range" ? 2 : 1);
        Close(word.Offset);
        _scope.Enter(keepsDot: word.Text == "if");
        _ranges += word.Text == "range" ? 1 : 0;
        var then = Nodes();
        _ranges -= word.Text == "range" ? 1 : 0;
        _scope.Leave();
        var otherwise = _ender == "else" ? Else(word) : Ended(word);
        _scope.Leave();
        _depth--;
        return pipeline is null ? null : new(pipeline, then, otherwise);
    }

    private ImmutableArray<TemplateNode> Ended(TemplateToken word)
    {
        if (_ender != "end")
        {
            Errors.Add(new(word.Offset, $"\"{word.Text}\" has no end", "allowed: {{ end }} behind it"));
        }

        _ender = "";
        return [];
    }

    private ImmutableArray<TemplateNode> Else(TemplateToken word)
    {
        var next = _tokens.Current;
        _ender = "";
        if (next.Kind == TemplateTokenKind.Name && next.Text is "if" or "with" && word.Text != "range")
        {
            _tokens.Advance();
            return Keyword(next) is { } chained ? [chained] : [];
        }

        if (next.Kind != TemplateTokenKind.End)
        {
            Errors.Add(new(next.Offset, $"unexpected \"{next.Text}\"", "allowed: {{ else }}"));
        }

        Close(next.Offset);
        _scope.Enter();
        var nodes = Nodes();
        while (_ender == "else")
        {
            Errors.Add(new(word.Offset, $"\"{word.Text}\" has a second else", "allowed: one else, and any number of else if before it"));
            Close(_enderAt);
            nodes = Nodes();
        }

        _scope.Leave();
        Ended(word);
        return nodes;
    }

    private TemplateNode? Define(TemplateToken word)
    {
        if (_depth > 0)
        {
            Errors.Add(new(word.Offset, "\"define\" stands inside of a block", "allowed: outside of blocks"));
        }

        var name = Name(word);
        Close(word.Offset);
        if (name is not null)
        {
            Body(word, name);
        }

        return null;
    }

    private TemplateNode.Invoke? Block(TemplateToken word)
    {
        if (Name(word) is not { } name || Pipelines().Whole(variables: 1) is not { } pipeline)
        {
            Close(word.Offset);
            return null;
        }

        Close(word.Offset);
        Body(word, name);
        return new(word.Offset, name, pipeline);
    }

    private TemplateNode.Invoke? Invoke(TemplateToken word)
    {
        var place = _tokens.Current;
        if (Name(word) is not { } name)
        {
            Close(word.Offset);
            return null;
        }

        _invoked.Add((place, name));
        var pipeline = _tokens.Current.Kind == TemplateTokenKind.End ? null : Pipelines().Whole(variables: 1);
        Close(word.Offset);
        return new(word.Offset, name, pipeline);
    }

    private void Body(TemplateToken word, string name)
    {
        var (depth, ranges) = (_depth, _ranges);
        (_depth, _ranges) = (depth + 1, 0);
        _scope.EnterTemplate();
        _defined[name] = Nodes();
        _scope.Leave();
        (_depth, _ranges) = (depth, ranges);
        Ended(word);
    }

    private string? Name(TemplateToken word)
    {
        var token = _tokens.Current;
        if (token.Kind == TemplateTokenKind.Text)
        {
            _tokens.Advance();
            return token.Value;
        }

        Errors.Add(new(word.Offset, $"\"{word.Text}\" has no name", "allowed: a name in quotes"));
        return null;
    }

    /// <summary>Moves behind <c>}}</c>; an error where there is none.</summary>
    private bool Close(int open)
    {
        var isClosed = _tokens.SkipToEnd();
        _position = isClosed ? _tokens.Position : text.Length;
        if (!isClosed)
        {
            var start = text.LastIndexOf("{{", open, StringComparison.Ordinal) is var at and >= 0 ? at : open;
            Errors.Add(new(start, "\"{{\" is not closed", "allowed: {{ … }}"));
        }

        return isClosed;
    }

    private int AfterComment(int open)
    {
        var close = text.IndexOf("*/", open, StringComparison.Ordinal);
        var end = close < 0 ? -1 : text.IndexOf("}}", close, StringComparison.Ordinal);
        if (end < 0)
        {
            Errors.Add(new(open, "the comment is not closed", "allowed: {{/* … */}}"));
            return text.Length;
        }

        return end + 2;
    }
}
