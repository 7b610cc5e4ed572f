using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;

namespace Orchestrator.Core.Rules;

/// <summary>One rendering of a template: bounded in steps, in depth and in what it writes, so that it always ends.</summary>
internal sealed class TemplateRun(TemplateTree tree, TemplateData data)
{
    /// <summary>Most parts and calls of one rendering.</summary>
    public const int MaxSteps = 100_000;

    /// <summary>Most characters that are written, and most of any text on the way.</summary>
    public const int MaxLength = 64 * 1024;

    private const int MaxDepth = 100;

    private readonly StringBuilder _output = new();
    private int _steps;
    private int _depth;

    /// <summary>Where the rendering is, for errors.</summary>
    public int Offset { get; private set; }

    public TemplateData Data => data;

    public string Render()
    {
        var root = new TemplateValue.Root(data);
        var variables = ImmutableDictionary<string, Variable>.Empty
            .Add("$", new(root)).Add("$value", new(new TemplateValue.Number(data.Value))).Add("$labels", new(TemplateValue.Map.Of(data.Labels)))
            .Add("$externalLabels", new(TemplateValue.Map.Of(data.ExternalLabels))).Add("$externalURL", new(new TemplateValue.Text(data.ExternalUrl)));
        Render(tree.Nodes, new(root, variables));
        return _output.ToString();
    }

    /// <summary>Ends the rendering where a text on the way is too long.</summary>
    public static void CheckLength(long length)
    {
        if (length > MaxLength)
        {
            throw new TemplateException($"a text grows beyond {MaxLength} characters");
        }
    }

    public TemplateValue Evaluate(TemplateOperand operand, Frame frame) => operand switch
    {
        TemplateOperand.Literal literal => literal.Value,
        TemplateOperand.Dot => frame.Dot,
        TemplateOperand.Variable variable => frame.Variables[variable.Name].Value,
        TemplateOperand.Field field => TemplateMember.Get(Evaluate(field.Of, frame), field.Name, []),
        TemplateOperand.Nested nested => Evaluate(nested.Pipeline, frame),
        _ => throw new UnreachableException(),
    };

    private void Step(int offset)
    {
        Offset = offset;
        if (++_steps > MaxSteps)
        {
            throw new TemplateException($"it takes more than {MaxSteps} steps");
        }
    }

    private Flow Render(ImmutableArray<TemplateNode> nodes, Frame frame)
    {
        var flow = Flow.Next;
        foreach (var node in nodes)
        {
            Step(node.Offset);
            (flow, frame) = Render(node, frame);
            if (flow != Flow.Next)
            {
                break;
            }
        }

        return flow;
    }

    private (Flow Flow, Frame Frame) Render(TemplateNode node, Frame frame)
    {
        switch (node)
        {
            case TemplateNode.Literal literal:
                Write(literal.Text);
                return (Flow.Next, frame);
            case TemplateNode.Action action:
                var value = Evaluate(action.Pipeline, frame);
                Write(action.Pipeline.Variables.IsEmpty ? GoFormat.Print(value) : "");
                return (Flow.Next, Set(action.Pipeline, [value], frame));
            case TemplateNode.If { Branch: var branch }:
                return (Branch(branch, frame, setsDot: false), frame);
            case TemplateNode.With { Branch: var branch }:
                return (Branch(branch, frame, setsDot: true), frame);
            case TemplateNode.Range { Branch: var branch }:
                return (Range(branch, frame), frame);
            case TemplateNode.Invoke invoke:
                Invoke(invoke, frame);
                return (Flow.Next, frame);
            case TemplateNode.Break or TemplateNode.Continue:
                return (node is TemplateNode.Break ? Flow.Break : Flow.Continue, frame);
            default:
                throw new UnreachableException();
        }
    }

    private void Write(string text)
    {
        if (_output.Length + text.Length > MaxLength)
        {
            throw new TemplateException($"it writes more than {MaxLength} characters");
        }

        _output.Append(text);
    }

    private Flow Branch(TemplateBranch branch, Frame frame, bool setsDot)
    {
        var value = Evaluate(branch.Pipeline, frame);
        var inner = Set(branch.Pipeline, [value], frame);
        return value.IsTrue ? Render(branch.Then, setsDot ? inner with { Dot = value } : inner) : Render(branch.Else, inner);
    }

    private Flow Range(TemplateBranch branch, Frame frame)
    {
        var value = Evaluate(branch.Pipeline, frame);
        var items = Items(value);
        if (items.Count == 0)
        {
            return Render(branch.Else, Set(branch.Pipeline, [value, value], frame));
        }

        foreach (var (key, item) in items)
        {
            Step(Offset);
            TemplateValue[] values = branch.Pipeline.Variables.Length == 2 ? [key, item] : [item];
            if (Render(branch.Then, Set(branch.Pipeline, values, frame) with { Dot = item }) == Flow.Break)
            {
                break;
            }
        }

        return Flow.Next;
    }

    private static List<(TemplateValue Key, TemplateValue Item)> Items(TemplateValue value) => value switch
    {
        TemplateValue.List list => [.. list.Items.Select((item, i) => ((TemplateValue)new TemplateValue.Whole(i), item))],
        TemplateValue.Map map => [.. map.Entries.Select(entry => ((TemplateValue)new TemplateValue.Text(entry.Key), entry.Value))],
        TemplateValue.Whole whole when whole.Value <= MaxSteps => [.. Enumerable.Range(0, (int)Math.Max(0, whole.Value)).Select(i => ((TemplateValue)new TemplateValue.Whole(i), (TemplateValue)new TemplateValue.Whole(i)))],
        TemplateValue.Absent => [],
        _ => throw new TemplateException($"range can't iterate over {GoFormat.Print(value)}"),
    };

    private void Invoke(TemplateNode.Invoke invoke, Frame frame)
    {
        if (++_depth > MaxDepth)
        {
            throw new TemplateException($"templates call each other more than {MaxDepth} levels deep");
        }

        var dot = invoke.Pipeline is null ? new TemplateValue.Absent() : Evaluate(invoke.Pipeline, frame);
        Render(tree.Defined[invoke.Name], new(dot, ImmutableDictionary<string, Variable>.Empty.Add("$", new(dot))));
        _depth--;
    }

    private static Frame Set(TemplatePipeline pipeline, TemplateValue[] values, Frame frame)
    {
        foreach (var (name, value) in pipeline.Variables.Zip(values))
        {
            if (pipeline.Declares)
            {
                frame = frame with { Variables = frame.Variables.SetItem(name, new(value)) };
            }
            else
            {
                frame.Variables[name].Value = value;
            }
        }

        return frame;
    }

    private TemplateValue Evaluate(TemplatePipeline pipeline, Frame frame)
    {
        TemplateValue? piped = null;
        foreach (var command in pipeline.Commands)
        {
            Step(command.Offset);
            piped = Evaluate(command, frame, piped);
            CheckLength((piped as TemplateValue.Text)?.Value.Length ?? 0);
        }

        return piped!;
    }

    private TemplateValue Evaluate(TemplateCommand command, Frame frame, TemplateValue? piped)
    {
        if (command.Function is { } function)
        {
            return function.Call(new(this, frame, command.Operands, piped));
        }

        ImmutableArray<TemplateValue> arguments = [.. command.Operands.Skip(1).Select(operand => Evaluate(operand, frame)), .. piped is null ? [] : new[] { piped }];
        return command.Operands[0] is TemplateOperand.Field field && !arguments.IsEmpty
            ? TemplateMember.Get(Evaluate(field.Of, frame), field.Name, arguments)
            : Evaluate(command.Operands[0], frame);
    }

    /// <summary>What a place of the template sees.</summary>
    internal sealed record Frame(TemplateValue Dot, ImmutableDictionary<string, Variable> Variables);

    /// <summary>A variable, which inner blocks may set.</summary>
    internal sealed class Variable(TemplateValue value)
    {
        public TemplateValue Value { get; internal set; } = value;
    }

    private enum Flow
    {
        Next,
        Break,
        Continue,
    }
}

/// <summary>The arguments of one call, each evaluated when it is asked for.</summary>
internal readonly record struct TemplateArguments(TemplateRun Run, TemplateRun.Frame Frame, ImmutableArray<TemplateOperand> Operands, TemplateValue? Piped)
{
    public int Count => Operands.Length + (Piped is null ? 0 : 1);

    public TemplateValue this[int i] => i < Operands.Length ? Run.Evaluate(Operands[i], Frame) : Piped!;

    public ImmutableArray<TemplateValue> From(int first)
    {
        var values = ImmutableArray.CreateBuilder<TemplateValue>();
        for (var i = first; i < Count; i++)
        {
            values.Add(this[i]);
        }

        return values.ToImmutable();
    }
}
