using System.Collections.Immutable;

namespace Orchestrator.Core.Rules;

/// <summary>A part of a template, in the order of its text.</summary>
internal abstract record TemplateNode
{
    private TemplateNode(int offset) => Offset = offset;

    /// <summary>0-based place in the text, for errors.</summary>
    public int Offset { get; }

    public sealed record Literal(int Offset, string Text) : TemplateNode(Offset);

    /// <summary>A pipeline whose value is written; nothing is where it declares variables.</summary>
    public sealed record Action(int Offset, TemplatePipeline Pipeline) : TemplateNode(Offset);

    public sealed record If(int Offset, TemplateBranch Branch) : TemplateNode(Offset);

    /// <summary>As <see cref="If"/>, with the dot set to the value.</summary>
    public sealed record With(int Offset, TemplateBranch Branch) : TemplateNode(Offset);

    public sealed record Range(int Offset, TemplateBranch Branch) : TemplateNode(Offset);

    /// <summary>Another template of the same text, with the value as its dot.</summary>
    public sealed record Invoke(int Offset, string Name, TemplatePipeline? Pipeline) : TemplateNode(Offset);

    public sealed record Break(int Offset) : TemplateNode(Offset);

    public sealed record Continue(int Offset) : TemplateNode(Offset);
}

/// <summary>A pipeline, what is rendered where its value is true, and what where it is not.</summary>
internal sealed record TemplateBranch(TemplatePipeline Pipeline, ImmutableArray<TemplateNode> Then, ImmutableArray<TemplateNode> Else);

/// <summary>What stands between <c>{{</c> and <c>}}</c>: each command's result is the last argument of the next.</summary>
/// <param name="Variables">Those that take the value, with their <c>$</c>.</param>
/// <param name="Declares">They are new; otherwise they get another value.</param>
internal sealed record TemplatePipeline(ImmutableArray<TemplateCommand> Commands, ImmutableArray<string> Variables, bool Declares);

/// <summary>An operand, a method of it, or a function, with arguments.</summary>
internal sealed record TemplateCommand(int Offset, TemplateFunction? Function, ImmutableArray<TemplateOperand> Operands);

/// <summary>A value written or named in a template.</summary>
internal abstract record TemplateOperand
{
    private TemplateOperand()
    {
    }

    public sealed record Literal(TemplateValue Value) : TemplateOperand;

    public sealed record Dot : TemplateOperand;

    /// <summary>A variable with its <c>$</c>; <c>$</c> alone is what the template was called with.</summary>
    public sealed record Variable(string Name) : TemplateOperand;

    public sealed record Field(TemplateOperand Of, string Name) : TemplateOperand;

    public sealed record Nested(TemplatePipeline Pipeline) : TemplateOperand;
}
