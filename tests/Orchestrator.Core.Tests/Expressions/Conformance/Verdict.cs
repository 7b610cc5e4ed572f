using System.Globalization;
using System.Text.RegularExpressions;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Expressions.Conformance;

/// <summary>Whether an evaluation gives what a script expects; none, or what is wrong.</summary>
internal static class Verdict
{
    private const double Tolerance = 1e-6;

    public static string? Of(Command.Eval eval, Evaluation evaluation)
    {
        var shouldFail = eval.Expectations.Any(expectation => expectation == "fail" || expectation.StartsWith("fail ", StringComparison.Ordinal));
        if (evaluation is Evaluation.Failed failed)
        {
            return shouldFail ? null : $"failed: {failed.Error}";
        }

        return shouldFail ? "did not fail" : Notes(eval, evaluation) ?? Result(eval, evaluation);
    }

    public static bool Close(double expected, double actual)
    {
        if (expected.Equals(actual) || expected == actual)
        {
            return true;
        }

        var sum = Math.Min(Math.Abs(expected) + Math.Abs(actual), double.MaxValue);
        return expected == 0 || actual == 0 ? Math.Abs(expected - actual) < 1e-300 : Math.Abs(expected - actual) / sum < Tolerance;
    }

    private static string? Notes(Command.Eval eval, Evaluation evaluation)
    {
        foreach (var expectation in eval.Expectations)
        {
            var word = expectation.Split(' ')[0];
            var isWarning = word is "warn" or "no_warn";
            string[] texts = [.. evaluation.Notes.Where(note => note.IsWarning == isWarning).Select(note => Shown(note, eval.Expression))];
            var wrong = word switch
            {
                "warn" or "info" => !texts.Any(text => Fits(expectation, text)),
                "no_warn" or "no_info" => texts.Length > 0,
                _ => false,
            };
            if (wrong)
            {
                return $"expected {expectation}, noted [{string.Join("; ", texts)}]";
            }
        }

        return null;
    }

    private static bool Fits(string expectation, string text)
    {
        var message = Regex.Match(expectation, @"^\w+ (msg|regex): ?(.*)$");
        return message.Groups[1].Value switch
        {
            "msg" => text == message.Groups[2].Value || WithoutPlace(text) == message.Groups[2].Value,
            "regex" => Regex.IsMatch(text, message.Groups[2].Value),
            _ => true,
        };
    }

    /// <summary>The text as versions before 3.10 compare it: without the place, and of monotonicity without what was corrected.</summary>
    private static string WithoutPlace(string text) => Regex.Replace(text, @"(, from buckets .*)? \(\d+:\d+\)$", "");

    private static string Shown(EvaluationNote note, string expression)
    {
        var before = expression[..note.Offset];
        var line = before.Count(c => c == '\n') + 1;
        var column = note.Offset - (before.LastIndexOf('\n') + 1) + 1;
        return $"PromQL {(note.IsWarning ? "warning" : "info")}: {note.Text} ({line}:{column})";
    }

    private static string? Result(Command.Eval eval, Evaluation evaluation)
    {
        if (eval.Expectations.FirstOrDefault(e => e.StartsWith("string ", StringComparison.Ordinal)) is { } text)
        {
            var expected = text[7..].Trim()[1..^1];
            return evaluation is Evaluation.Text(var value) && value == expected ? null : $"expected the string {expected}, got {evaluation}";
        }

        if (eval.Expectations.FirstOrDefault(e => e.StartsWith("range vector ", StringComparison.Ordinal)) is { } vector)
        {
            var words = vector.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return Matrix(eval, evaluation, new TimeRange(Script.Duration(words[3]), Script.Duration(words[5]), Script.Duration(words[7])));
        }

        return eval.IsRange ? Matrix(eval, evaluation, eval.Range) : Instant(eval, evaluation);
    }

    private static string? Instant(Command.Eval eval, Evaluation evaluation)
    {
        if (evaluation is Evaluation.Scalar scalar)
        {
            var expected = SeriesNotation.Number(Assert.Single(eval.Results));
            return Close(expected, scalar.Value) ? null : $"expected {expected}, got {scalar.Value.ToString("R", CultureInfo.InvariantCulture)}";
        }

        if (evaluation is not Evaluation.Vector(var samples))
        {
            return $"unexpected {evaluation}";
        }

        var lines = eval.Results.Select(SeriesNotation.Parse).ToList();
        if (samples.Length != lines.Count)
        {
            return $"expected {lines.Count} elements, got {samples.Length}: {string.Join(", ", samples)}";
        }

        var ordered = eval.Expectations.Contains("ordered");
        for (var i = 0; i < lines.Count; i++)
        {
            var at = ordered ? i : samples.ToList().FindIndex(sample => sample.Labels == lines[i].Labels);
            if (at < 0 || samples[at].Labels != lines[i].Labels || !Close(lines[i].Values[0]!.Value, samples[at].Value))
            {
                return $"expected {lines[i].Labels} {lines[i].Values[0]}, got {string.Join(", ", samples)}";
            }
        }

        return null;
    }

    private static string? Matrix(Command.Eval eval, Evaluation evaluation, TimeRange range)
    {
        var series = ((Evaluation.Matrix)evaluation).Series.ToDictionary(one => one.Labels);
        var lines = eval.Results.Select(SeriesNotation.Parse).Where(line => line.Values.Any(value => value is not null)).ToList();
        if (series.Count != lines.Count)
        {
            return $"expected {lines.Count} series, got {series.Count}: {string.Join(", ", series.Keys)}";
        }

        foreach (var line in lines)
        {
            if (!series.TryGetValue(line.Labels, out var found))
            {
                return $"expected {line.Labels}, got {string.Join(", ", series.Keys)}";
            }

            if (!Same(line, found, range))
            {
                return $"expected {line.Labels} {string.Join(' ', line.Values)}, got {string.Join(' ', found.Points)}";
            }
        }

        return null;
    }

    private static bool Same(SeriesNotation line, MatrixSeries found, TimeRange range)
    {
        var expected = line.Values
            .Select((value, i) => (Time: range.Start + (i * range.Step), Value: value))
            .Where(point => point.Value is not null).ToList();
        return expected.Count == found.Points.Length
            && expected.Zip(found.Points).All(pair => pair.First.Time == pair.Second.Time && Close(pair.First.Value!.Value, pair.Second.Value));
    }
}
