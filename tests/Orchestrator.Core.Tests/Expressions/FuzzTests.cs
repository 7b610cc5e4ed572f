using CsCheck;
using Orchestrator.Core.Expressions;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Expressions;

public sealed class FuzzTests
{
    private static readonly string[] Seeds =
        [.. new[] { "expression-syntax.txt", "expression-binding.txt", "expression-errors.txt" }.SelectMany(CaseFile.Inputs)];

    private static readonly string[] Pieces =
    [
        "(", ")", "{", "}", "[", "]", "[5m]", "[1h:5m]", " offset 5m", " @ 60", " @ end()", "sum(", "rate(", "topk(2, ", " by (job)", " on(job) ", " group_left ",
        " + ", " ^ ", "-", " == bool ", " and ", " or ", " unless ", "\"a\"", "'", "`", "\\", "1e400", "0x", "NaN", "Inf", "m", "n", "job=~\"a.*\"", ",", ":", "#", "\n", "é", "\ud800", "\0",
    ];

    private static readonly SeriesSnapshot Snapshot = SeriesSnapshot.Of(
        from name in new[] { "a", "b", "m", "x" }
        from job in new[] { "a", "b" }
        from minute in Enumerable.Range(0, 20)
        select new LabelledSample(
            Labels.Of(name, ("job", job), ("le", job == "a" ? "1" : "+Inf")),
            new Sample(minute * 60 * Timestamp.PerSecond, minute % 7 == 6 ? Sample.Stale : minute % 5 == 4 ? double.NaN : minute, 0, minute)));

    // Every text is an error with a place inside of it, or a tree whose canonical text reads back as itself and that can run.
    [Fact]
    public void Any_text_is_answered() =>
        Gen.Select(Gen.Int[0, Seeds.Length - 1].Select(i => Seeds[i]), Gen.Select(Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]), Gen.Double[0, 1], Gen.Int[0, 3]).Array[0, 6])
            .Select((seed, edits) => edits.Aggregate(seed, Edit))
            .Sample(Answered, iter: 20_000);

    private static string Edit(string text, (string Piece, double Place, int Cut) edit)
    {
        var at = (int)(edit.Place * text.Length);
        return text[..at] + edit.Piece + text[Math.Min(text.Length, at + edit.Cut)..];
    }

    private static bool Answered(string text)
    {
        var parsed = ExpressionText.Parse(text);
        if (parsed.Root is not { } root)
        {
            return parsed.Errors.Length > 0 && parsed.Errors.All(error => error.Offset >= 0 && error.Length >= 0 && error.Offset + error.Length <= text.Length);
        }

        _ = Evaluator.Evaluate(root, Snapshot, 19 * 60 * Timestamp.PerSecond, EvaluationOptions.Default);
        var printed = root.ToString();
        return ExpressionText.Parse(printed).Root?.ToString() == printed;
    }
}
