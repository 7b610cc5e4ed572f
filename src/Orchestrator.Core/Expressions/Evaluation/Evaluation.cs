using System.Collections.Immutable;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Evaluation;

/// <summary>One element of an instant vector.</summary>
/// <param name="Rows">The smallest known row count among the samples that went into it; 0 where none is known.</param>
public readonly record struct VectorSample(Labels Labels, double Value, int Rows = 0);

/// <summary>One value at an instant.</summary>
/// <param name="Time">Microseconds since the epoch.</param>
public readonly record struct MatrixPoint(long Time, double Value);

/// <summary>One series of a range vector, its points in time order.</summary>
public sealed record MatrixSeries(Labels Labels, ImmutableArray<MatrixPoint> Points);

/// <summary>Something that does not stop an evaluation, but that its author should know.</summary>
/// <param name="IsWarning">A warning; otherwise an information.</param>
public sealed record EvaluationNote(int Offset, int Length, bool IsWarning, string Text);

/// <summary>What an expression yields at an instant.</summary>
public abstract record Evaluation
{
    private Evaluation()
    {
    }

    /// <summary>What was noticed on the way, each thing once.</summary>
    public ImmutableArray<EvaluationNote> Notes { get; init; } = [];

    public sealed record Vector(ImmutableArray<VectorSample> Samples) : Evaluation;

    public sealed record Scalar(double Value, int Rows = 0) : Evaluation;

    public sealed record Matrix(ImmutableArray<MatrixSeries> Series) : Evaluation;

    public sealed record Text(string Value) : Evaluation;

    /// <summary>The data does not fit the expression, such as two samples where only one may match.</summary>
    public sealed record Failed(ExpressionError Error) : Evaluation;
}
