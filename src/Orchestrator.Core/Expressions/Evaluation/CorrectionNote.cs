using System.Globalization;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Evaluation;

/// <summary>The information that buckets of an expression were corrected, over all histograms and instants.</summary>
internal sealed record CorrectionNote(Span Span, string Text, Correction Correction, long First)
{
    private long Last { get; init; } = First;

    private int Histograms { get; init; } = 1;

    public bool IsSame(CorrectionNote other) => Span == other.Span && Text == other.Text;

    public CorrectionNote And(CorrectionNote other) => this with
    {
        Correction = Correction.And(other.Correction),
        First = Math.Min(First, other.First),
        Last = Math.Max(Last, other.Last),
        Histograms = Histograms + other.Histograms,
    };

    public EvaluationNote ToNote()
    {
        var (from, to, deepest) = Correction;
        var fall = deepest.ToString("G2", CultureInfo.InvariantCulture).Replace('E', 'e');
        var text = $"{Text}, from buckets {NumberText.General(from)} to {NumberText.General(to)}, with a max diff of {fall}, over {Histograms} samples from {Shown(First)} to {Shown(Last)}";
        return new EvaluationNote(Span.Offset, Span.Length, false, text);
    }

    private static string Shown(long micros)
    {
        var (earliest, latest) = (DateTimeOffset.MinValue.ToUnixTimeSeconds(), DateTimeOffset.MaxValue.ToUnixTimeSeconds());
        var instant = DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(micros / Timestamp.PerSecond, earliest, latest));
        return instant.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
    }
}
