using System.Collections.Immutable;
using System.Diagnostics;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Evaluation;

/// <summary>One evaluation: what it reads, and what it noticed on the way.</summary>
internal sealed class Run(SeriesSnapshot snapshot, EvaluationOptions options, long start, long end)
{
    private readonly List<EvaluationNote> _notes = [];
    private readonly Dictionary<Expr.Selector, IReadOnlyList<SeriesPoints>> _series = new(ReferenceEqualityComparer.Instance);
    private readonly List<CorrectionNote> _corrections = [];
    private readonly Dictionary<Expr.Call, Dictionary<Labels, Labels>> _claims = new(ReferenceEqualityComparer.Instance);

    public EvaluationOptions Options => options;

    /// <summary>What is known already of parts of the expression, at the one instant of the evaluation.</summary>
    public IReadOnlyDictionary<Expr, Value>? Known { get; init; }

    /// <summary>Whether the expression is evaluated at more than one instant.</summary>
    public bool IsRange => start != end;

    /// <summary>The first thing that stopped the evaluation; what is computed after it does not count.</summary>
    public ExpressionError? Failure { get; private set; }

    public ImmutableArray<EvaluationNote> Notes => [.. _notes, .. _corrections.Select(correction => correction.ToNote())];

    public void Fail(Expr at, string code, string text, string? allowed = null) =>
        Failure ??= new ExpressionError(at.Span.Offset, at.Span.Length, code, text, allowed);

    public void Warn(Expr at, string text) => Note(new EvaluationNote(at.Span.Offset, at.Span.Length, true, text));

    public void Inform(Expr at, string text) => Note(new EvaluationNote(at.Span.Offset, at.Span.Length, false, text));

    /// <summary>Informs that buckets were corrected, once for all series and instants.</summary>
    public void Corrected(Expr at, string text, Correction correction, long time)
    {
        var note = new CorrectionNote(at.Span, text, correction, time);
        var index = _corrections.FindIndex(note.IsSame);
        if (index < 0)
        {
            _corrections.Add(note);
        }
        else
        {
            _corrections[index] = _corrections[index].And(note);
        }
    }

    public Value Evaluate(Expr expr, long time)
    {
        if (options.IsOver?.Invoke() == true)
        {
            Fail(expr, ExpressionCodes.Timeout, "query timed out in expression evaluation");
        }

        return Known is not null && time == start && Known.TryGetValue(expr, out var known) ? known : Yield(expr, time);
    }

    public double Scalar(Expr expr, long time) => ((Value.Scalar)Evaluate(expr, time)).Number;

    public IReadOnlyList<Element> Vector(Expr expr, long time) => ((Value.Vector)Evaluate(expr, time)).Elements;

    public Windows Range(Expr expr, long time) => expr.Unwrapped is Expr.Subquery subquery
        ? Selection.Subquery(this, subquery, time)
        : Selection.Range(this, (Expr.RangeSelector)expr.Unwrapped, time);

    /// <summary>The series that a selector names; they are the same at every instant of the evaluation.</summary>
    public IReadOnlyList<SeriesPoints> Series(Expr.Selector selector)
    {
        if (!_series.TryGetValue(selector, out var series))
        {
            series = snapshot.Select(selector.Matchers.AsSpan());
            _series.Add(selector, series);
        }

        return series;
    }

    /// <summary>Fails where so many samples are more than may be held.</summary>
    public void Hold(Expr at, long count)
    {
        if (count > options.MostSamples)
        {
            Fail(at, ExpressionCodes.TooMany, "query processing would load too many samples into memory in query execution");
        }
    }

    /// <summary>The instant that a selector looks at.</summary>
    public long Shifted(TimeShift shift, long time) => shift.At switch
    {
        AtKind.Instant => shift.AtTime,
        AtKind.Start => start,
        AtKind.End => end,
        _ => time,
    } - shift.Offset;

    /// <summary>An element that lost its name, or will lose it at the end.</summary>
    public Element Nameless(in Element element) => options.DelayedNameRemoval
        ? element with { DropName = true }
        : element with { Labels = element.Labels.WithoutMetadata() };

    /// <summary>Elements as they come out of a function: with delayed names they are compared at the end only.</summary>
    public IReadOnlyList<Element> Distinct(IReadOnlyList<Element> elements, Expr at) =>
        options.DelayedNameRemoval ? elements : AlwaysDistinct(elements, at);

    /// <summary>The elements, or a failure where two have the same labels.</summary>
    public IReadOnlyList<Element> AlwaysDistinct(IReadOnlyList<Element> elements, Expr at)
    {
        var seen = new HashSet<Labels>(elements.Count);
        foreach (var element in elements)
        {
            if (!seen.Add(element.Labels))
            {
                FailAsDuplicate(at, element.Labels);
                break;
            }
        }

        return elements;
    }

    /// <summary>Gives the labels of a result of a function of ranges to one series; at no instant may they be another's, as in Prometheus.</summary>
    public void Claim(Expr.Call call, Labels result, Labels series)
    {
        if (options.DelayedNameRemoval)
        {
            return;
        }

        if (!_claims.TryGetValue(call, out var claims))
        {
            _claims.Add(call, claims = []);
        }

        if (!claims.TryAdd(result, series) && claims[result] != series)
        {
            FailAsDuplicate(call, result);
        }
    }

    /// <summary>The value without the names that were to be dropped.</summary>
    public Value Finish(Value value, Expr root)
    {
        if (value is Value.Vector vector && vector.Elements.Any(element => element.DropName))
        {
            var named = vector.Elements.Select(e => e.DropName ? e with { Labels = e.Labels.WithoutMetadata(), DropName = false } : e);
            return new Value.Vector(AlwaysDistinct([.. named], root));
        }

        return value;
    }

    private void FailAsDuplicate(Expr at, Labels labels) =>
        Fail(at, ExpressionCodes.DuplicateLabels, $"two results have the same labels {labels}", "results must differ in a label other than the name");

    private Value Yield(Expr expr, long time) => expr switch
    {
        Expr.Number number => new Value.Scalar(number.Value),
        Expr.Text text => new Value.Text(text.Value),
        Expr.Selector selector => new Value.Vector(Selection.Instant(this, selector, time)),
        Expr.RangeSelector or Expr.Subquery => new Value.Matrix(Range(expr, time)),
        Expr.Paren paren => Evaluate(paren.Operand, time),
        Expr.Unary unary => Unary(unary, time),
        Expr.Binary binary => Binary(binary, time),
        Expr.Aggregate aggregate => new Value.Vector(Aggregation.Evaluate(this, aggregate, time)),
        Expr.Call call => FunctionTable.Evaluate(this, call, time),
        _ => throw new UnreachableException(),
    };

    private Value Unary(Expr.Unary unary, long time)
    {
        var operand = Evaluate(unary.Operand, time);
        if (!unary.Negative)
        {
            return operand;
        }

        if (operand is Value.Scalar scalar)
        {
            return scalar with { Number = -scalar.Number };
        }

        var elements = ((Value.Vector)operand).Elements;
        return new Value.Vector(Distinct([.. elements.Select(e => Nameless(e with { Value = -e.Value }))], unary));
    }

    private Value Binary(Expr.Binary binary, long time)
    {
        var left = Evaluate(binary.Left, time);
        var right = Evaluate(binary.Right, time);
        if (left is Value.Scalar number)
        {
            return right is Value.Scalar other
                ? BinaryOperation.Scalars(binary, number, other)
                : new Value.Vector(BinaryOperation.WithScalar(this, binary, ((Value.Vector)right).Elements, new ScalarSide(number, true)));
        }

        var elements = ((Value.Vector)left).Elements;
        return new Value.Vector(right is Value.Scalar scalar
            ? BinaryOperation.WithScalar(this, binary, elements, new ScalarSide(scalar, false))
            : Vectors(binary, elements, ((Value.Vector)right).Elements));
    }

    private IReadOnlyList<Element> Vectors(Expr.Binary binary, IReadOnlyList<Element> left, IReadOnlyList<Element> right) => binary.Op.IsSet()
        ? SetOperation.Evaluate(binary, left, right)
        : Matched.Evaluate(this, binary, left, right);

    private void Note(EvaluationNote note)
    {
        if (!_notes.Contains(note))
        {
            _notes.Add(note);
        }
    }
}
