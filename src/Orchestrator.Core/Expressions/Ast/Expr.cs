using System.Collections.Immutable;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Ast;

/// <summary>An expression as a tree; its text is PromQL in canonical form, and two trees of one text mean the same.</summary>
public abstract record Expr
{
    private Expr()
    {
    }

    /// <summary>Its place in the text it was read from.</summary>
    public Span Span { get; init; }

    public sealed override string ToString() => Printer.Text(this);

    /// <summary>A number, or a duration in seconds.</summary>
    public sealed record Number(double Value, bool IsDuration = false) : Expr;

    /// <summary>A string literal.</summary>
    public sealed record Text(string Value) : Expr;

    /// <summary>The newest sample of each series that satisfies all matchers.</summary>
    public sealed record Selector(ImmutableArray<Matcher> Matchers, TimeShift Shift = default) : Expr
    {
        /// <summary>The metric's name, where a matcher demands one.</summary>
        public string? Metric => Matchers.FirstOrDefault(matcher => matcher is { Label: Labels.NameLabel, Op: MatchOp.Equal })?.Value;
    }

    /// <summary>The samples of the last <paramref name="Range"/> microseconds of each series.</summary>
    public sealed record RangeSelector(Selector Vector, long Range) : Expr;

    /// <summary>An expression evaluated at the steps of the last <paramref name="Range"/> microseconds; without a step at the default one.</summary>
    public sealed record Subquery(Expr Operand, long Range, long? Step, TimeShift Shift = default) : Expr;

    /// <summary>An expression in parentheses.</summary>
    public sealed record Paren(Expr Operand) : Expr;

    /// <summary>A sign before an expression.</summary>
    public sealed record Unary(bool Negative, Expr Operand) : Expr;

    /// <summary>Two expressions joined by an operator.</summary>
    public sealed record Binary(BinaryOp Op, Expr Left, Expr Right, bool ReturnsBool, VectorMatching Matching) : Expr
    {
        public Span OperatorSpan { get; init; }
    }

    /// <summary>Samples put together by group.</summary>
    public sealed record Aggregate(AggregateOp Op, Expr Operand, Expr? Parameter, Grouping? Grouping) : Expr;

    /// <summary>A function applied to arguments.</summary>
    public sealed record Call(string Function, ImmutableArray<Expr> Arguments) : Expr
    {
        public Span NameSpan { get; init; }
    }

    /// <summary>The expression without the parentheses around it.</summary>
    public Expr Unwrapped => this is Paren(var operand) ? operand.Unwrapped : this;

    /// <summary>The expressions directly below, in the order of the text.</summary>
    public IEnumerable<Expr> Children => this switch
    {
        RangeSelector range => [range.Vector],
        Subquery subquery => [subquery.Operand],
        Paren paren => [paren.Operand],
        Unary unary => [unary.Operand],
        Binary binary => [binary.Left, binary.Right],
        Aggregate { Parameter: { } parameter } aggregate => [parameter, aggregate.Operand],
        Aggregate aggregate => [aggregate.Operand],
        Call call => call.Arguments,
        _ => [],
    };
}
