using System.Collections.Immutable;
using System.Diagnostics;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Evaluation;

/// <summary>Runs typed expressions on a snapshot, as Prometheus 3 does.</summary>
public static class Evaluator
{
    /// <summary>What an expression yields at an instant, in microseconds since the epoch.</summary>
    public static Evaluation Evaluate(Expr expr, SeriesSnapshot snapshot, long asOf, EvaluationOptions options)
    {
        var run = new Run(snapshot, options, asOf, asOf);
        var value = run.Finish(run.Evaluate(expr, asOf), expr);
        var evaluation = run.Failure is { } error ? new Evaluation.Failed(error) : Of(value);
        return evaluation with { Notes = run.Notes };
    }

    /// <summary>What an expression of type scalar or instant vector yields at every step from a start to an end.</summary>
    public static Evaluation EvaluateRange(Expr expr, SeriesSnapshot snapshot, TimeRange range, EvaluationOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(range.Step);
        var run = new Run(snapshot, options, range.Start, range.End);
        var series = new SortedDictionary<Labels, ImmutableArray<MatrixPoint>.Builder>();
        var points = 0L;
        for (var time = range.Start; time <= range.End && run.Failure is null; time += range.Step)
        {
            points += Collect(run.Finish(run.Evaluate(expr, time), expr), time, series);
            run.Hold(expr, points);
        }

        Evaluation evaluation = run.Failure is { } error
            ? new Evaluation.Failed(error)
            : new Evaluation.Matrix([.. series.Select(pair => new MatrixSeries(pair.Key, pair.Value.ToImmutable()))]);
        return evaluation with { Notes = run.Notes };
    }

    private static int Collect(Value value, long time, SortedDictionary<Labels, ImmutableArray<MatrixPoint>.Builder> series)
    {
        var elements = value switch
        {
            Value.Scalar scalar => [new Element(Labels.Empty, scalar.Number, 0)],
            Value.Vector vector => vector.Elements,
            _ => throw new ArgumentException("only scalars and instant vectors can be evaluated over a range"),
        };
        foreach (var element in elements)
        {
            if (!series.TryGetValue(element.Labels, out var points))
            {
                points = ImmutableArray.CreateBuilder<MatrixPoint>();
                series.Add(element.Labels, points);
            }

            points.Add(new MatrixPoint(time, element.Value));
        }

        return elements.Count;
    }

    private static Evaluation Of(Value value) => value switch
    {
        Value.Scalar scalar => new Evaluation.Scalar(scalar.Number, scalar.Rows),
        Value.Text text => new Evaluation.Text(text.Characters),
        Value.Vector vector => new Evaluation.Vector([.. vector.Elements.Select(e => new VectorSample(e.Labels, e.Value, e.Rows))]),
        Value.Matrix matrix => new Evaluation.Matrix([.. matrix.Windows.Series.Select(Series)]),
        _ => throw new UnreachableException(),
    };

    private static MatrixSeries Series(Window window) =>
        new(window.Labels, [.. window.Times.Zip(window.Values, (time, value) => new MatrixPoint(time, value))]);
}

/// <summary>The instants of a range evaluation, in microseconds: from <paramref name="Start"/> in steps up to <paramref name="End"/>.</summary>
public readonly record struct TimeRange(long Start, long End, long Step);
