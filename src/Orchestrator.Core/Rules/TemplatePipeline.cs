using System.Collections.Immutable;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Rules;

/// <summary>What stands between <c>{{</c> and <c>}}</c>: each command's result is the last argument of the next.</summary>
internal sealed record TemplatePipeline(ImmutableArray<TemplateCommand> Commands)
{
    public TemplateValue Evaluate(TemplateData data)
    {
        TemplateValue? piped = null;
        foreach (var command in Commands)
        {
            piped = command.Evaluate(data, piped);
        }

        return piped!;
    }
}

/// <summary>An operand, or a function with its arguments.</summary>
internal sealed record TemplateCommand(TemplateFunction? Function, ImmutableArray<TemplateOperand> Operands)
{
    public TemplateValue Evaluate(TemplateData data, TemplateValue? piped)
    {
        var arguments = Operands.Select(operand => operand.Evaluate(data)).ToList();
        if (piped is not null)
        {
            arguments.Add(piped);
        }

        return Function is null ? arguments[0] : Function.Call([.. arguments]);
    }
}

/// <summary>A value written or named in a template.</summary>
internal abstract record TemplateOperand
{
    private TemplateOperand()
    {
    }

    public sealed record Literal(TemplateValue Value) : TemplateOperand;

    public sealed record AlertValue : TemplateOperand;

    public sealed record AllLabels : TemplateOperand;

    public sealed record Label(string Name) : TemplateOperand;

    public sealed record Nested(TemplatePipeline Pipeline) : TemplateOperand;

    public TemplateValue Evaluate(TemplateData data) => this switch
    {
        Literal literal => literal.Value,
        AlertValue => new TemplateValue.Number(data.Value),
        AllLabels => new TemplateValue.Text(GoFormat.Map(data.Labels)),
        Label label => new TemplateValue.Text(data.Labels[label.Name]),
        Nested nested => nested.Pipeline.Evaluate(data),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>A value while a template is rendered.</summary>
internal abstract record TemplateValue
{
    private TemplateValue()
    {
    }

    public sealed record Number(double Value) : TemplateValue;

    /// <summary>A whole number written in the template, which <c>printf</c> takes for <c>%d</c>.</summary>
    public sealed record Whole(long Value) : TemplateValue;

    public sealed record Text(string Value) : TemplateValue;

    public sealed record Flag(bool Value) : TemplateValue;

    /// <summary>As Prometheus's functions take it: a number, or a text that is one.</summary>
    public double ToNumber() => this switch
    {
        Number number => number.Value,
        Whole whole => whole.Value,
        Text text when GoFormat.ParseFloat(text.Value) is { } parsed => parsed,
        Text text => throw new TemplateException($"strconv.ParseFloat: parsing \"{text.Value}\": invalid syntax"),
        _ => throw new TemplateException("a flag is no number"),
    };

    public string ToText() => this is Text text ? text.Value : throw new TemplateException($"{GoFormat.Print(this)} is no text");
}
